import type { AgentDefinition } from '../core/agent.ts';
import { type JournalEntry, stepId } from '../core/journal.ts';
import type { Run } from '../core/run.ts';
import { spanIdOf, traceParts } from '../core/trace-context.ts';

// Spans of runs, made of committed journal entries: one tree a run, `invoke_agent` with a `chat` for every call of a
// model and an `execute_tool` for every call of a tool, named by OpenTelemetry's conventions for generative AI:
// https://github.com/open-telemetry/semantic-conventions-genai. A resumed run goes on in its trace, whoever drives it.

type AttributeValue = string | number | boolean | string[];

export interface RunSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly kind: 'internal' | 'client';
  readonly startMs: number;
  readonly endMs: number;
  /** What has no value is not said; each kind of span has one shape, which is quick to go through. */
  readonly attributes: Readonly<Record<string, AttributeValue | undefined>>;
  /** What went wrong; null for what went well. */
  readonly error: string | null;
}

export interface SpanOptions {
  /** What was written and answered; by default only numbers and names. */
  readonly withContent: boolean;
}

/** Calls of models: the agent's own, and those that judge its replies by its guardrails. */
export type ModelCallEntry =
  | Extract<JournalEntry, { type: 'model' }>
  | Extract<JournalEntry, { type: 'guardrail'; state: 'done' | 'lost' | 'failed' }>;
type ToolEnd = Extract<JournalEntry, { type: 'tool'; data: { durationMs: number } }>;

/** The spans that these entries end, `from` to before `until`; none for what only begins. */
export function spansOf(
  run: Run,
  definition: AgentDefinition,
  entries: readonly JournalEntry[],
  given: SpanOptions & { readonly from: number; readonly until: number },
): RunSpan[] {
  const ids = idsOf(run);
  return entries.slice(given.from, given.until).flatMap((entry) => {
    if ('copied' in entry.data && entry.data.copied === true) return [];
    if (isModelCall(entry)) return chatSpan(ids, entry, given);
    if (entry.type === 'tool') return isToolEnd(entry) ? toolSpan(ids, entry, given) : [];
    if (entry.type !== 'end') return [];
    const end = { ...entry.data, endMs: entry.createdAt.getTime() };
    return agentSpan(ids, definition, end, given);
  });
}

/** The span of a run that was ended from outside. */
export function cancelledSpan(run: Run, options: SpanOptions): RunSpan {
  const endMs = (run.completedAt ?? new Date()).getTime();
  const ended = { stopReason: 'cancelled', disposition: null, response: null, error: run.error };
  return agentSpan(idsOf(run), null, { ...ended, endMs }, options);
}

export function isModelCall(entry: JournalEntry): entry is ModelCallEntry {
  if (entry.type === 'model') return true;
  return entry.type === 'guardrail' && entry.state !== 'started' && entry.state !== 'cancelled';
}

export function isToolEnd(entry: JournalEntry): entry is ToolEnd {
  return entry.type === 'tool' && 'durationMs' in entry.data;
}

/** What is the same for all spans of a run. */
interface Ids {
  readonly run: Run;
  readonly traceId: string;
  readonly callerSpanId: string | null;
  readonly runSpanId: string;
}

function idsOf(run: Run): Ids {
  const { traceId, parentSpanId } = traceParts(run.traceId);
  return { run, traceId, callerSpanId: parentSpanId, runSpanId: spanIdOf(run.id) };
}

function agentSpan(
  { run, traceId, callerSpanId, runSpanId }: Ids,
  definition: AgentDefinition | null,
  end: {
    readonly stopReason: string;
    readonly disposition: string | null;
    readonly response: string | null;
    readonly error: string | null;
    readonly endMs: number;
  },
  { withContent }: SpanOptions,
): RunSpan {
  const name = definition?.name ?? null;
  return {
    traceId,
    spanId: runSpanId,
    parentSpanId: callerSpanId,
    name: name === null ? 'invoke_agent' : `invoke_agent ${name}`,
    kind: 'internal',
    startMs: run.createdAt.getTime(),
    endMs: end.endMs,
    error: end.error,
    attributes: {
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.provider.name': providerName(run.model),
      'gen_ai.agent.id': run.agentId,
      'gen_ai.agent.name': name ?? undefined,
      'gen_ai.agent.version': String(run.agentVersion),
      'gen_ai.request.model': modelName(run.model),
      'gen_ai.conversation.id': run.sessionId ?? undefined,
      'gen_ai.usage.input_tokens': run.inputTokens,
      'gen_ai.usage.output_tokens': run.outputTokens,
      'error.type': end.error === null ? undefined : end.stopReason,
      'gen_ai.input.messages': withContent ? messagesText('user', run.payloadJson) : undefined,
      'gen_ai.output.messages':
        withContent && end.response !== null ? messagesText('assistant', end.response) : undefined,
      'signalbox.workspace.id': run.workspaceId,
      'signalbox.run.id': run.runId,
      'signalbox.run.stop_reason': end.stopReason,
      'signalbox.run.disposition': end.disposition ?? undefined,
      'signalbox.cost.usd': run.costUsd ?? undefined,
    },
  };
}

function chatSpan(
  { run, traceId, runSpanId }: Ids,
  entry: ModelCallEntry,
  { withContent }: SpanOptions,
): RunSpan {
  const endMs = entry.createdAt.getTime();
  const { model } = entry.data;
  const asked = 'alias' in entry.data ? (entry.data.alias ?? model) : model;
  const step = stepId(run.id, entry.step);
  const answer = entry.state === 'done' ? entry.data : null;
  const turn = entry.type === 'model' && entry.state === 'done' ? entry.data : null;
  return {
    traceId,
    // Calls that a crash took belong to the step of the one that was made again.
    spanId: spanIdOf(entry.state === 'lost' ? `${stepId(run.id, entry.seq)} lost` : step),
    parentSpanId: runSpanId,
    name: `chat ${modelName(model)}`,
    kind: 'client',
    startMs: entry.state === 'lost' ? endMs : endMs - entry.data.durationMs,
    endMs,
    error:
      entry.state === 'lost'
        ? 'The process that made the call has died.'
        : entry.state === 'failed'
          ? entry.data.error
          : null,
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': providerName(model),
      'gen_ai.request.model': modelName(asked),
      'signalbox.run.id': run.runId,
      'signalbox.step.id': step,
      'signalbox.step.type': entry.type,
      'error.type':
        entry.state === 'lost' ? 'lost' : entry.state === 'failed' ? entry.data.kind : undefined,
      'gen_ai.response.model': answer === null ? undefined : modelName(model),
      'gen_ai.response.finish_reasons': turn === null ? undefined : [turn.finishReason],
      'gen_ai.usage.input_tokens': answer?.usage.inputTokens,
      'gen_ai.usage.output_tokens': answer?.usage.outputTokens,
      'gen_ai.usage.cache_read.input_tokens': answer?.usage.cachedInputTokens || undefined,
      'gen_ai.usage.cache_creation.input_tokens': answer?.usage.cacheWriteTokens || undefined,
      'gen_ai.usage.reasoning.output_tokens': answer?.usage.reasoningTokens || undefined,
      'gen_ai.response.time_to_first_chunk':
        turn?.firstChunkMs === undefined ? undefined : turn.firstChunkMs / 1_000,
      'signalbox.cost.usd': answer?.costUsd ?? undefined,
      'signalbox.model.failed_attempts': answer?.failedAttempts.length || undefined,
      'gen_ai.output.messages':
        withContent && turn !== null ? messagesText('assistant', turn.text) : undefined,
    },
  };
}

function toolSpan(
  { run, traceId, runSpanId }: Ids,
  { data, state, step, createdAt }: ToolEnd,
  { withContent }: SpanOptions,
): RunSpan {
  const endMs = createdAt.getTime();
  const isFailed = state !== 'done' && state !== 'planned';
  const id = stepId(run.id, step);
  return {
    traceId,
    spanId: spanIdOf(id),
    parentSpanId: runSpanId,
    name: `execute_tool ${data.name}`,
    kind: 'internal',
    startMs: endMs - data.durationMs,
    endMs,
    error: isFailed ? (data.error ?? state) : null,
    attributes: {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': data.name,
      'gen_ai.tool.call.id': data.callId,
      'gen_ai.tool.type': data.child === undefined ? 'function' : 'agent',
      'error.type': isFailed ? state : undefined,
      'signalbox.run.id': run.runId,
      'signalbox.step.id': id,
      'gen_ai.tool.call.arguments': withContent ? data.inputJson : undefined,
      'gen_ai.tool.call.result': withContent ? (data.outputJson ?? undefined) : undefined,
    },
  };
}

/** Content as the conventions have it: messages of parts, as JSON. */
function messagesText(role: string, content: string): string {
  return JSON.stringify([{ role, parts: [{ type: 'text', content }] }]);
}

const providerNames: Readonly<Record<string, string>> = {
  google: 'gcp.gemini',
  azure: 'azure.ai.openai',
  bedrock: 'aws.bedrock',
  mistral: 'mistral_ai',
};

/** As the conventions name providers. */
export function providerName(model: string): string {
  const provider = model.includes('/') ? model.slice(0, model.indexOf('/')) : 'workspace';
  return providerNames[provider] ?? provider;
}

export function modelName(model: string): string {
  return model.slice(model.indexOf('/') + 1);
}
