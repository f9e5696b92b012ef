import { type JournalEntry, type SpilledOutput, stepId, type ToolEnded } from '../core/journal.ts';
import { newStep, type Step } from './step.ts';

// What each entry of the journal makes of its step.

type StepEntry = Exclude<JournalEntry, { type: 'end' }>;

/** The step as it stands after one more of its entries. */
export function stepAfter(runId: string, before: Step | undefined, entry: StepEntry): Step {
  const base = { stepId: stepId(runId, entry.step), seq: entry.seq };
  const copied = 'copied' in entry.data && entry.data.copied === true;
  return { ...stateAfter(base, before, entry), copied };
}

function stateAfter(
  base: Pick<Step, 'stepId' | 'seq'>,
  before: Step | undefined,
  entry: StepEntry,
): Step {
  if (entry.type === 'model') return modelStep(base, entry);
  if (entry.type === 'delay') return delayStep(base, before, entry);
  if (entry.type === 'approval') return approvalStep(base, before, entry);
  if (entry.type === 'guardrail') return guardrailStep(base, before, entry);
  if (entry.type === 'delivery') return deliveryStep(base, before, entry);
  if (entry.state === 'started') {
    const { data } = entry;
    return {
      ...newStep(base, 'tool', entry.createdAt),
      status: 'running',
      name: data.name,
      input: JSON.parse(data.inputJson),
      inputJson: data.inputJson,
      callId: data.callId,
      toolId: data.toolId,
      toolVersion: data.toolVersion,
      childRunId: data.child?.id ?? null,
    };
  }
  const { data } = entry;
  return {
    ...newStep(base, 'tool', before?.startedAt ?? entry.createdAt),
    status: entry.state,
    name: data.name,
    input: JSON.parse(data.inputJson),
    output: toolOutput(data),
    inputJson: data.inputJson,
    outputJson: data.outputJson,
    error: data.error,
    logs: data.logs,
    connections: data.connections ?? null,
    artifacts: data.artifacts ?? [],
    completedAt: entry.createdAt,
    durationMs: data.durationMs,
    attempts: data.attempts,
    callId: data.callId,
    toolId: before?.toolId ?? data.toolId ?? null,
    toolVersion: data.toolVersion,
    // Closed by a cancel, the ending knows nothing of the run; its intent does.
    childRunId: data.child?.id ?? before?.childRunId ?? null,
    usage: data.child ?? null,
    costUsd: data.child?.costUsd ?? null,
    edited: data.edited === true,
  };
}

function delayStep(
  base: Pick<Step, 'stepId' | 'seq'>,
  before: Step | undefined,
  entry: Extract<JournalEntry, { type: 'delay' }>,
): Step {
  const { createdAt } = entry;
  if (entry.state === 'started') {
    const { until, reason } = entry.data;
    return { ...newStep(base, 'delay', createdAt), name: 'delay', input: { until, reason } };
  }
  const startedAt = before?.startedAt ?? createdAt;
  return {
    ...newStep(base, 'delay', startedAt),
    name: 'delay',
    status: entry.state,
    input: before?.input ?? null,
    error: entry.state === 'cancelled' ? entry.data.error : null,
    completedAt: createdAt,
    durationMs: createdAt.getTime() - startedAt.getTime(),
  };
}

function deliveryStep(
  base: Pick<Step, 'stepId' | 'seq'>,
  before: Step | undefined,
  entry: Extract<JournalEntry, { type: 'delivery' }>,
): Step {
  const { createdAt } = entry;
  if (entry.state === 'started' || entry.state === 'planned') {
    const { conversationId, outcome } = entry.data;
    return {
      ...newStep(base, 'delivery', createdAt),
      name: 'reply',
      status: entry.state === 'started' ? 'running' : 'planned',
      input: { conversation_id: conversationId, text: outcome.response },
      completedAt: entry.state === 'started' ? null : createdAt,
    };
  }
  const startedAt = before?.startedAt ?? createdAt;
  return {
    ...(before ?? newStep(base, 'delivery', startedAt)),
    ...base,
    status: entry.state,
    output: entry.state === 'done' ? { message_id: entry.data.messageId } : null,
    error: entry.state === 'cancelled' ? entry.data.error : null,
    completedAt: createdAt,
    durationMs: createdAt.getTime() - startedAt.getTime(),
  };
}

function approvalStep(
  base: Pick<Step, 'stepId' | 'seq'>,
  before: Step | undefined,
  entry: Extract<JournalEntry, { type: 'approval' }>,
): Step {
  const { createdAt } = entry;
  if (entry.state === 'started') {
    const { data } = entry;
    const { approvalId, kind, question, call } = data;
    const proposalJson = data.proposalJson ?? call?.inputJson ?? 'null';
    return {
      ...newStep(base, 'approval', createdAt),
      name: call?.name ?? kind,
      input: { approval_id: approvalId, kind, question, proposal: JSON.parse(proposalJson) },
      callId: call?.callId ?? null,
      toolId: call?.toolId ?? null,
      toolVersion: call?.toolVersion ?? null,
    };
  }
  const startedAt = before?.startedAt ?? createdAt;
  const common = {
    ...(before ?? newStep(base, 'approval', startedAt)),
    ...base,
    completedAt: createdAt,
    durationMs: createdAt.getTime() - startedAt.getTime(),
  };
  if (entry.state === 'cancelled') {
    return { ...common, status: 'cancelled', error: entry.data.error };
  }
  const { status: decision, note, decidedBy } = entry.data;
  return { ...common, status: 'done', output: { decision, note, decided_by: decidedBy } };
}

function guardrailStep(
  base: Pick<Step, 'stepId' | 'seq'>,
  before: Step | undefined,
  entry: Extract<JournalEntry, { type: 'guardrail' }>,
): Step {
  const { createdAt } = entry;
  const name = 'guardrails';
  if (entry.state === 'started') {
    const { response } = entry.data.outcome;
    return { ...newStep(base, 'guardrail', createdAt), name, input: { reply: response } };
  }
  if (entry.state === 'lost' || entry.state === 'failed') {
    const call = { ...entry, type: 'model' } as Extract<JournalEntry, { type: 'model' }>;
    return { ...modelStep(base, call), type: 'guardrail', name };
  }
  const startedAt = before?.startedAt ?? createdAt;
  const common = { ...(before ?? { ...newStep(base, 'guardrail', startedAt), name }), ...base };
  if (entry.state === 'cancelled') {
    return { ...common, status: 'cancelled', error: entry.data.error, completedAt: createdAt };
  }
  const { model, violations, usage, costUsd, durationMs, failedAttempts } = entry.data;
  const verdict =
    violations === null ? 'unreadable' : violations.length === 0 ? 'passed' : 'violated';
  return {
    ...common,
    status: 'done',
    output: { verdict, violations, model },
    completedAt: createdAt,
    durationMs,
    usage: { inputTokens: usage.inputTokens, outputTokens: usage.outputTokens },
    costUsd,
    attempts: failedAttempts.length + 1,
  };
}

/** An output that was spilled is shown by its ends; `output_id` reads the rest. */
function truncatedOutput(spilled: SpilledOutput) {
  return {
    truncated: true,
    output_id: spilled.spillId,
    size_bytes: spilled.sizeBytes,
    head: spilled.head,
    tail: spilled.tail,
  };
}

function toolOutput({ outputJson, spilled }: ToolEnded): unknown {
  if (spilled !== undefined) return truncatedOutput(spilled);
  return outputJson === null ? null : JSON.parse(outputJson);
}

function modelStep(
  base: Pick<Step, 'stepId' | 'seq'>,
  entry: Extract<JournalEntry, { type: 'model' }>,
): Step {
  if (entry.state === 'lost') {
    return {
      ...newStep(base, 'model', entry.createdAt),
      status: 'lost',
      name: entry.data.model,
      error: 'The server ended while this call was in flight. It was made again.',
      completedAt: entry.createdAt,
      usage: { inputTokens: entry.data.estimatedInputTokens, outputTokens: 0 },
      costUsd: entry.data.estimatedCostUsd,
    };
  }
  const { data } = entry;
  const startedAt = new Date(entry.createdAt.getTime() - data.durationMs);
  const common = {
    ...newStep(base, 'model', startedAt),
    name: data.model,
    completedAt: entry.createdAt,
    durationMs: data.durationMs,
    attempts: data.failedAttempts.length + (entry.state === 'done' ? 1 : 0),
  };
  // Attempts that broke off are paid for as well: the run's sums count them.
  const broken = data.failedAttempts.filter((attempt) => attempt.usage !== undefined);
  const inputOf = sum(broken.map((attempt) => attempt.usage?.inputTokens ?? 0));
  const outputOf = sum(broken.map((attempt) => attempt.usage?.outputTokens ?? 0));
  const costOf = broken.reduce<number | null>(
    (total, { costUsd = null }) => (total === null || costUsd === null ? null : total + costUsd),
    0,
  );
  if (entry.state === 'failed') {
    const failed = { ...common, status: 'failed' as const, error: entry.data.error };
    if (broken.length === 0) return failed;
    return { ...failed, usage: { inputTokens: inputOf, outputTokens: outputOf }, costUsd: costOf };
  }
  const { text, reasoning, toolCalls, finishReason, usage, costUsd, nudge, spilled } = entry.data;
  return {
    ...common,
    status: 'done',
    output: {
      text,
      reasoning,
      tool_calls: toolCalls.map((call) => ({
        call_id: call.callId,
        name: call.name,
        arguments: call.argumentsText,
      })),
      finish_reason: finishReason,
      nudge,
      ...(entry.data.alias === undefined ? {} : { asked_as: entry.data.alias }),
      ...(spilled === undefined
        ? {}
        : { truncated: true, output_id: spilled.spillId, size_bytes: spilled.sizeBytes }),
    },
    usage: {
      inputTokens: usage.inputTokens + inputOf,
      outputTokens: usage.outputTokens + outputOf,
    },
    costUsd: costUsd === null || costOf === null ? null : costUsd + costOf,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, value) => total + value, 0);
}
