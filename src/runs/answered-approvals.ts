import type { ApprovalAnswer } from '../core/approval.ts';
import { assertNever } from '../core/assert-never.ts';
import type { ApprovalAnswered, ToolEnded, ToolStarted } from '../core/journal.ts';
import type { RunOutcome } from '../core/run.ts';
import type { OpenApproval } from './approvals.ts';
import type { Addition, DrivenRun } from './driven-run.ts';
import { finishToolName } from './finish.ts';
import { holdOutcome } from './held-outcome.ts';
import { failedOutcome } from './outcome.ts';

// What a decision means for the run that waited: the call goes on, or the model is told why not in words that
// it can act on, or the run ends.

export interface Answered {
  readonly additions: readonly Addition[];
  /** How the run ends by it, if it does. */
  readonly outcome: RunOutcome | null;
}

/** What the answers to open approvals add, in their order; null when there is none yet. */
export function readDecisions(
  driven: DrivenRun,
  open: readonly OpenApproval[],
  answers: ReadonlyMap<string, ApprovalAnswer>,
): Answered | null {
  const additions: Addition[] = [];
  let outcome: RunOutcome | null = null;
  for (const entry of open) {
    const answer = answers.get(entry.data.approvalId);
    if (answer === undefined) continue;
    const read = readDecision(driven, entry, answer);
    additions.push(...read.additions);
    outcome ??= read.outcome;
  }
  if (additions.length === 0) return null;
  if (outcome === null) return { additions, outcome };
  const left = open.filter(({ data }) => !answers.has(data.approvalId));
  return { additions: [...additions, ...left.map(notAskedAnyMore)], outcome };
}

function readDecision(driven: DrivenRun, entry: OpenApproval, answer: ApprovalAnswer): Answered {
  const { data } = entry;
  if (answer.status === 'expired' && data.onExpiry !== 'reject') {
    return { additions: [done(entry, answer)], outcome: outcomeOfExpiry(entry) };
  }
  switch (data.kind) {
    case 'tool_call':
      return call(driven, entry, answer);
    case 'request':
      return request(entry, answer);
    case 'run_start':
      return start(entry, answer);
    case 'run_reply':
      return reply(driven, entry, answer);
    default:
      return assertNever(data.kind);
  }
}

function call(driven: DrivenRun, entry: OpenApproval, answer: ApprovalAnswer): Answered {
  const waiting = callOf(entry);
  const decided = done(entry, answer);
  if (answer.status !== 'approved') {
    return { additions: [decided, refused(waiting, whyNot(answer))], outcome: null };
  }
  const tool = driven.tools.get(waiting.name);
  if (tool !== undefined && tool.version !== waiting.toolVersion) {
    const changed = `"${waiting.name}" was changed after its approval was asked for, so the call was not made. Call it again if it is still needed.`;
    return { additions: [decided, refused(waiting, changed)], outcome: null };
  }
  return { additions: [decided, { type: 'tool', state: 'started', data: waiting }], outcome: null };
}

function request(entry: OpenApproval, answer: ApprovalAnswer): Answered {
  const { callId, name, inputJson, toolVersion } = callOf(entry);
  const outputJson = JSON.stringify({
    message: answerInWords(answer),
    rawData: { decision: answer.status, note: answer.note },
  });
  const data: ToolEnded = {
    callId,
    name,
    inputJson,
    toolVersion,
    outputJson,
    error: null,
    modelText: outputJson,
    logs: null,
    durationMs: 0,
    attempts: 1,
  };
  return { additions: [done(entry, answer), { type: 'tool', state: 'done', data }], outcome: null };
}

function start(entry: OpenApproval, answer: ApprovalAnswer): Answered {
  if (answer.status !== 'approved') {
    const outcome = endedBy(answer, { disposition: 'no_op', reflection: null });
    return { additions: [done(entry, answer)], outcome };
  }
  const modelText =
    answer.note === null ? null : `A person let this run start, and says: ${answer.note}`;
  return { additions: [done(entry, answer, modelText)], outcome: null };
}

function reply(driven: DrivenRun, entry: OpenApproval, answer: ApprovalAnswer): Answered {
  const { outcome: held = null } = entry.data;
  if (answer.status === 'approved' && held !== null) {
    const next = holdOutcome(driven, held, 'approval');
    const approved = done(entry, answer);
    return next === null
      ? { additions: [approved], outcome: held }
      : { additions: [approved, next], outcome: null };
  }
  if (answer.status !== 'changes_requested') {
    const reflection = held?.reflection ?? null;
    const outcome = endedBy(answer, { disposition: 'unresolved', reflection });
    return { additions: [done(entry, answer)], outcome };
  }
  const text = whyNot(answer);
  const finish = refusedFinish(driven, entry.step, text);
  if (finish === null) return { additions: [done(entry, answer, text)], outcome: null };
  return { additions: [done(entry, answer), finish], outcome: null };
}

/** Sends back the call of `finish` that led to the step; null when the model had answered in text. */
export function refusedFinish(driven: DrivenRun, step: number, problem: string): Addition | null {
  const answer = driven.entries.findLast(
    (one) => one.type === 'model' && one.state === 'done' && one.seq < step,
  );
  if (answer?.type !== 'model' || answer.state !== 'done') return null;
  const finish = answer.data.toolCalls.find((one) => one.name === finishToolName);
  if (finish === undefined) return null;
  const { callId, argumentsText } = finish;
  const inputJson = JSON.stringify(argumentsText);
  return refused({ callId, name: finishToolName, inputJson, toolVersion: null }, problem);
}

function callOf({ data }: OpenApproval): ToolStarted {
  if (data.call === undefined) throw new Error(`Approval ${data.approvalId} names no call.`);
  return data.call;
}

function whyNot({ status, note }: ApprovalAnswer): string {
  const words = note === null ? '' : ` They say: ${note}`;
  if (status === 'changes_requested') {
    return `A person did not approve this as it is, and asks for changes.${words} Do it again with these changes.`;
  }
  if (status === 'expired') {
    return 'Nobody approved this in time, so it was not done. Do not try it again in another form: choose another way, or escalate.';
  }
  return `A person rejected this.${words} It was not done. Do not try it again in another form: choose another way, or escalate.`;
}

function answerInWords({ status, note }: ApprovalAnswer): string {
  const words = note === null ? '' : ` They say: ${note}`;
  return status === 'approved'
    ? `A person approved this.${words}`
    : whyNot({ status, note, decidedBy: null });
}

function done(
  entry: OpenApproval,
  answer: ApprovalAnswer,
  modelText: string | null = null,
): Addition {
  const { approvalId, kind } = entry.data;
  const data: ApprovalAnswered = { approvalId, kind, ...answer, modelText };
  return { type: 'approval', state: 'done', step: entry.step, data };
}

function notAskedAnyMore(entry: OpenApproval): Addition {
  const error = 'The run ended before anybody decided.';
  return { type: 'approval', state: 'cancelled', step: entry.step, data: { error } };
}

/** Refused before it began: the call's only entry. */
function refused(
  call: Pick<ToolStarted, 'callId' | 'name' | 'inputJson' | 'toolVersion'>,
  problem: string,
): Addition {
  const { callId, name, inputJson, toolVersion } = call;
  return {
    type: 'tool',
    state: 'failed',
    data: {
      callId,
      name,
      inputJson,
      toolVersion,
      outputJson: null,
      error: problem,
      modelText: problem,
      logs: null,
      durationMs: 0,
      attempts: 0,
    },
  };
}

function endedBy(
  answer: ApprovalAnswer,
  more: Pick<RunOutcome, 'disposition' | 'reflection'>,
): RunOutcome {
  return {
    status: 'completed',
    stopReason: 'completed',
    dispositionReason: answer.status === 'expired' ? 'approval_expired' : 'approval_rejected',
    response: null,
    outputJson: null,
    error: null,
    ...more,
  };
}

/** A reply that was held is what the person who takes over may send. */
function outcomeOfExpiry({ data }: OpenApproval): RunOutcome {
  if (data.onExpiry === 'fail') {
    const error = `Nobody decided on the approval ${data.approvalId} in time.`;
    return failedOutcome('failed', error);
  }
  const expired = { status: 'expired', note: null, decidedBy: null } as const;
  return {
    ...endedBy(expired, { disposition: 'escalated', reflection: data.outcome?.reflection ?? null }),
    response: data.outcome?.response ?? null,
  };
}
