import { parseExactJson } from '../core/exact-json.ts';
import type { ToolStarted } from '../core/journal.ts';
import type { ModelAnswer, ModelToolCall } from '../core/model.ts';
import type { RunOutcome } from '../core/run.ts';
import { repairArguments } from '../models/repair-arguments.ts';
import type { AgentTool } from '../tools/tool.ts';
import { askByAgent, askForCall, needsApproval } from './approvals.ts';
import { replyWithSources } from './citations.ts';
import type { Addition, DrivenRun } from './driven-run.ts';
import { type Finish, finishToolName, readFinish, requiresOutput } from './finish.ts';
import { newChild } from './new-child.ts';
import { completedOutcome, failedOutcome, finishFromText } from './outcome.ts';

// What an answer of the model means: which calls start, which are refused in words the model can act on,
// and whether the run ends with it. The same answer always means the same; only runs it asks for get new ids.

export interface ReadAnswer {
  /** Calls with the ids the journal knows them by. */
  readonly toolCalls: readonly ModelToolCall[];
  /** Intents (I5) and refusals, in the order of the calls. */
  readonly additions: readonly Addition[];
  readonly outcome: RunOutcome | null;
  readonly nudge: string | null;
}

const finishFirstReadResults =
  'finish was not taken, because other tools were called beside it. Read their results, then call finish alone.';
const askForFinish =
  'This agent must fill a structured output. Call the tool `finish` with your decision and `output`.';

/** `modelSeq`: the `seq` that the answer's own entry will have; the calls are named by it. */
export function readAnswer(
  driven: DrivenRun,
  answer: ModelAnswer,
  given: { readonly now: Date; readonly modelSeq: number },
): ReadAnswer {
  const { now } = given;
  const toolCalls = answer.toolCalls.map((call, index) => ({
    ...call,
    callId: `call_${given.modelSeq}_${index}`,
  }));
  if (answer.finishReason === 'length' || answer.finishReason === 'content_filter') {
    return ended(toolCalls, stoppedEarly(answer));
  }
  if (toolCalls.length === 0) return readText(driven, answer, now);

  const others = toolCalls.filter((call) => call.name !== finishToolName);
  const additions: Addition[] = [];
  let finish: Finish | null = null;
  for (const call of toolCalls) {
    if (call.name !== finishToolName) {
      additions.push(readCall(driven, call));
      continue;
    }
    if (others.length > 0 || finish !== null) {
      additions.push(refusal(call, null, finishFirstReadResults));
      continue;
    }
    const read = readFinishCall(driven, call);
    if (read.ok) finish = read.finish;
    else additions.push(refusal(call, null, read.problem));
  }
  const outcome = finish === null ? null : completed(driven, finish, now);
  return { toolCalls, additions, outcome, nudge: null };
}

function readText(driven: DrivenRun, answer: ModelAnswer, now: Date): ReadAnswer {
  if (!requiresOutput(driven.definition)) {
    return ended([], completed(driven, finishFromText(answer.text), now));
  }
  const asked = driven.entries.some(
    (entry) => entry.type === 'model' && entry.state === 'done' && entry.data.nudge !== null,
  );
  if (!asked) return { toolCalls: [], additions: [], outcome: null, nudge: askForFinish };
  return ended(
    [],
    failedOutcome(
      'failed',
      'The model answered in text twice, but the output schema of this agent has required fields: it must call `finish`.',
    ),
  );
}

/** The reply with its sources, where the agent wants them. */
function completed(driven: DrivenRun, finish: Finish, now: Date): RunOutcome {
  const outcome = completedOutcome(driven.definition, finish, now);
  if (outcome.response === null) return outcome;
  const response = replyWithSources(driven.definition, driven.entries, outcome.response);
  return { ...outcome, response };
}

function readFinishCall(driven: DrivenRun, call: ModelToolCall): ReturnType<typeof readFinish> {
  const parsed = repairArguments(call.argumentsText);
  if (!parsed.ok) {
    return { ok: false, problem: `finish was refused: ${parsed.problem} Call finish again.` };
  }
  return readFinish(driven.definition, parsed.value);
}

/** The call's intent (I5), the question whether it may start, or why it is refused. */
export function readCall(driven: DrivenRun, call: ModelToolCall): Addition {
  const tool = driven.tools.get(call.name);
  if (tool === undefined) {
    const names = driven.toolSpecs.map(({ name }) => name).join(', ');
    return refusal(call, null, `There is no tool "${call.name}". The tools are: ${names}.`);
  }
  const notAllowed = driven.whyNotAllowed(tool.name);
  if (notAllowed !== null) return refusal(call, tool, notAllowed);
  if (tool.refusal !== undefined) return refusal(call, tool, tool.refusal);
  const schema = JSON.stringify(tool.inputSchema);
  const parsed = repairArguments(call.argumentsText, tool.inputSchema);
  if (!parsed.ok) {
    return refusal(
      call,
      tool,
      `The arguments are not valid JSON: ${parsed.problem} They must match ${schema}`,
    );
  }
  const checked = tool.check(
    parsed.repaired ? parsed.value : parseExactJson(call.argumentsText.trim()),
  );
  if (!checked.ok) {
    return refusal(
      call,
      tool,
      `The arguments were refused: ${checked.problem} They must match ${schema}`,
      parsed.value,
    );
  }
  const inputJson = JSON.stringify(checked.value);
  const { idempotent, hasEffects } = tool.judge?.(checked.value) ?? tool;
  const { definition } = driven;
  const question = tool.questionOf?.(checked.value);
  const isTest = driven.run.testRunId !== null;
  const waits = question !== undefined || (!isTest && needsApproval(definition, tool));
  // A dry run asks nobody: what would wait for a person is not done either.
  if (driven.run.dryRun && (hasEffects || waits)) return planned(call, tool, inputJson);
  const data: ToolStarted = {
    callId: call.callId,
    name: call.name,
    inputJson,
    toolId: tool.toolId,
    toolVersion: tool.version,
    idempotent,
    ...(tool.agent === undefined ? {} : { child: newChild(tool.agent.model) }),
  };
  if (question !== undefined) return askByAgent(definition, data, question);
  return waits ? askForCall(definition, data) : { type: 'tool', state: 'started', data };
}

/** A dry run's call of a tool with outside effects: written down, not made. */
function planned(call: ModelToolCall, tool: AgentTool, inputJson: string): Addition {
  return {
    type: 'tool',
    state: 'planned',
    data: {
      callId: call.callId,
      name: call.name,
      inputJson,
      toolVersion: tool.version,
      outputJson: null,
      error: null,
      modelText:
        'This is a dry run: the call was written down and not made. Go on as if it had succeeded, without inventing what it would have returned.',
      logs: null,
      durationMs: 0,
      attempts: 0,
    },
  };
}

/** A call that was refused before it began. */
export function refusal(
  call: ModelToolCall,
  tool: AgentTool | null,
  problem: string,
  value?: unknown,
): Addition {
  return {
    type: 'tool',
    state: 'failed',
    data: {
      callId: call.callId,
      name: call.name,
      inputJson: JSON.stringify(value ?? call.argumentsText),
      toolVersion: tool?.version ?? null,
      outputJson: null,
      error: problem,
      modelText: problem,
      logs: null,
      durationMs: 0,
      attempts: 0,
    },
  };
}

function stoppedEarly(answer: ModelAnswer): RunOutcome {
  return failedOutcome(
    'failed',
    answer.finishReason === 'length'
      ? 'The model stopped at its output limit before it had answered.'
      : "The model's provider stopped the answer by its content filter.",
  );
}

function ended(toolCalls: readonly ModelToolCall[], outcome: RunOutcome): ReadAnswer {
  return { toolCalls, additions: [], outcome, nudge: null };
}
