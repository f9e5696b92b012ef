import { comparison } from '../agents/trigger-config.ts';
import type {
  ChainAction,
  ConditionAction,
  ExtractAction,
  FindAction,
  RespondAction,
  ToolAction,
} from '../core/chain.ts';
import { fillFind, fillTemplate } from '../core/chain.ts';
import { compareAll, type FilterComparison } from '../core/filter.ts';
import { isObject } from '../core/is-object.ts';
import type { JournalEntry } from '../core/journal.ts';
import type { ModelMessage } from '../core/model.ts';
import type { RunOutcome } from '../core/run.ts';
import { findRecordsToolName } from '../tools/find-records.ts';
import { requestApprovalToolName } from '../tools/request-approval.ts';
import { chainCallId } from './chain-call.ts';
import type { Addition, DrivenRun } from './driven-run.ts';
import { extractionOf } from './extraction.ts';
import { type Finish, outputProblems } from './finish.ts';
import { withheldOutcome } from './guardrails.ts';
import { completedOutcome, failedOutcome } from './outcome.ts';
import { readCall, refusal } from './read-answer.ts';

// A chain's next action: a function of the chain and the journal, so that a run goes on after a crash where it was, and
// a fork goes on from whatever it copied. What an action does is an ordinary step: calls of tools are committed before
// they start (I5), a condition's verdict is committed with what it compared.

/** What is to be done now. */
export type Due =
  | {
      readonly kind: 'extract';
      readonly action: ExtractAction;
      readonly messages: readonly ModelMessage[];
    }
  | { readonly kind: 'commit'; readonly additions: readonly Addition[] }
  /** `isDecision`: guardrails and people may still hold it. */
  | {
      readonly kind: 'end';
      readonly additions: readonly Addition[];
      readonly outcome: RunOutcome;
      readonly isDecision: boolean;
    };

export async function dueInChain(
  driven: DrivenRun,
  actions: readonly ChainAction[],
  now: Date,
): Promise<Due> {
  const outputs: Record<string, unknown> = {};
  const values = { ...valuesOf(driven), actions: outputs };
  const history: ModelMessage[] = [];
  let index = 0;
  for (;;) {
    const action = actions[index];
    if (action === undefined) return respond(driven, { action: plainEnd, values, now });
    if (action.type === 'respond') return respond(driven, { action, values, now });
    if (action.type === 'extract') {
      const extraction = await extractionOf(driven, action, values);
      if ('problem' in extraction) return failed(action, extraction.problem);
      history.push(...extraction.messages);
      if (extraction.answer === null) {
        return { kind: 'extract', action, messages: [...driven.opening, ...history] };
      }
      outputs[action.id] = extraction.answer.fields;
      index += 1;
      continue;
    }
    const ended = endOf(driven.entries, action.id);
    if (ended === null) {
      return action.type === 'condition'
        ? judged(action, { values, now, driven })
        : { kind: 'commit', additions: [callOf(driven, action, values)] };
    }
    if (action.type !== 'condition') {
      const outcome = outcomeOfCall(driven, action, ended);
      if (outcome !== null) return { kind: 'end', additions: [], outcome, isDecision: false };
    }
    const output = await outputOf(driven, ended);
    outputs[action.id] = output;
    index = action.type === 'condition' ? nextOf(actions, { action, index, output }) : index + 1;
  }
}

const plainEnd: RespondAction = {
  type: 'respond',
  id: 'end',
  response: null,
  disposition: 'resolved',
  output: null,
};

function valuesOf({ run }: DrivenRun) {
  const payload: unknown = JSON.parse(run.payloadJson);
  const given = isObject(payload) ? payload : {};
  // Of a record's event the run's entity is the record; its system knows it by another id.
  const entityId = given.external_id ?? given.entity_id ?? run.entityId;
  return {
    payload,
    run: { id: run.id, execution_id: run.runId },
    ...(entityId === undefined || entityId === null ? {} : { entity_id: entityId }),
  };
}

type Ending = Extract<JournalEntry, { type: 'tool'; data: { modelText: string } }>;

/** Of the call that an action made; null: it has made none. */
function endOf(entries: readonly JournalEntry[], actionId: string): Ending | null {
  const callId = chainCallId(actionId);
  for (const entry of entries) {
    if (entry.type !== 'tool' || entry.state === 'started') continue;
    if (entry.data.callId === callId) return entry;
  }
  return null;
}

type CallAction = ToolAction | FindAction;

function callOf(driven: DrivenRun, action: CallAction, values: unknown): Addition {
  const isFind = action.type === 'find';
  const filled = isFind ? fillFind(action, values) : fillTemplate(action.input, values);
  const callId = chainCallId(action.id);
  const name = isFind ? findRecordsToolName : nameOf(driven, action.tool);
  if (filled.ok) {
    return readCall(driven, { callId, name, argumentsText: JSON.stringify(filled.value) });
  }
  const { id: _, type: __, on_error: ___, ...asked } = action;
  const argumentsText = JSON.stringify(isFind ? asked : action.input);
  return refusal({ callId, name, argumentsText }, null, `The input ${filled.problem}.`);
}

/** Another agent is called by a name of its own. */
function nameOf({ tools }: DrivenRun, tool: string): string {
  if (tools.has(tool)) return tool;
  const agent = [...tools.values()].find(
    (one) => one.agent !== undefined && `agent:${one.toolId}` === tool,
  );
  return agent?.name ?? tool;
}

/** How the run ends by a call that did not do what it should; null: it goes on. */
function outcomeOfCall(driven: DrivenRun, action: CallAction, ended: Ending): RunOutcome | null {
  if (action.on_error === 'continue') return null;
  const decision = decisionOn(driven, ended);
  if (decision !== null && decision !== 'approved') {
    const reason = decision === 'expired' ? 'approval_expired' : 'approval_rejected';
    return quiet(reason, `The action "${action.id}" was not approved.`);
  }
  if (ended.state === 'done' || ended.state === 'planned') return null;
  const { error } = ended.data;
  return failedOutcome('failed', `The action "${action.id}" failed: ${error ?? ended.state}`);
}

/** What a person said to the call, if one was asked. */
function decisionOn({ entries }: DrivenRun, ended: Ending): string | null {
  const { callId, name, outputJson } = ended.data;
  // The last: a fork's copy of the question was decided for the run that it comes from.
  const asked = entries.findLast(
    (entry) =>
      entry.type === 'approval' && entry.state === 'started' && entry.data.call?.callId === callId,
  );
  if (asked === undefined) return null;
  if (name === requestApprovalToolName && outputJson !== null) {
    const output: unknown = JSON.parse(outputJson);
    const raw = isObject(output) ? output.rawData : null;
    return isObject(raw) ? String(raw.decision) : null;
  }
  const answer = entries.findLast(
    (entry) => entry.type === 'approval' && entry.step === asked.step,
  );
  return answer?.type === 'approval' && answer.state === 'done' ? answer.data.status : null;
}

function judged(
  action: ConditionAction,
  at: { readonly values: unknown; readonly now: Date; readonly driven: DrivenRun },
): Due {
  const filter: FilterComparison[] = [];
  for (const one of action.all) {
    const filled = fillTemplate(one, at.values);
    if (!filled.ok) return failed(action, `a value ${filled.problem}`);
    const read = comparison.safeParse(filled.value);
    // Nothing is converted: without a value, or with one that the operator does not take, there is no verdict.
    if (!read.success) {
      return failed(
        action,
        `what it compares ${one.field} with is not there, or does not go with "${one.op}"`,
      );
    }
    filter.push(read.data);
  }
  const comparisons = compareAll(filter, at.values);
  const matched = comparisons.every((one) => one.matched);
  const { all, otherwise } = action;
  const outputJson = JSON.stringify({ matched, comparisons });
  const entry: Addition = {
    type: 'tool',
    state: 'done',
    data: {
      callId: chainCallId(action.id),
      name: 'condition',
      inputJson: JSON.stringify({ all, otherwise }),
      toolVersion: null,
      outputJson,
      error: null,
      modelText: outputJson,
      logs: null,
      durationMs: 0,
      attempts: 1,
    },
  };
  if (matched || otherwise !== null) return { kind: 'commit', additions: [entry] };
  const outcome = quiet('condition_not_met', `The condition "${action.id}" did not hold.`);
  return { kind: 'end', additions: [entry], outcome, isDecision: false };
}

/** Where the chain goes on after a condition: behind its end, if it says so. */
function nextOf(
  actions: readonly ChainAction[],
  at: {
    readonly action: ConditionAction;
    readonly index: number;
    readonly output: unknown;
  },
): number {
  const { action, index, output } = at;
  if (isObject(output) && output.matched === true) return index + 1;
  const target = actions.findIndex(({ id }) => id === action.otherwise);
  return target > index ? target : actions.length;
}

function respond(
  driven: DrivenRun,
  at: { readonly action: RespondAction; readonly values: unknown; readonly now: Date },
): Due {
  const { action, values, now } = at;
  const refused = refusedReply(driven.entries);
  if (refused !== null) {
    return { kind: 'end', additions: [], outcome: refused, isDecision: false };
  }
  const response = fillTemplate(action.response, values);
  if (!response.ok) return failed(action, `its response ${response.problem}`);
  const output = fillTemplate(action.output, values);
  if (!output.ok) return failed(action, `its output ${output.problem}`);
  const filled = isObject(output.value) ? output.value : null;
  const problems = outputProblems(driven.definition.output_schema, filled);
  if (problems.length > 0) return failed(action, problems.join('; '));
  const finish: Finish = {
    disposition: action.disposition,
    dispositionReason: 'chain_completed',
    response: asText(response.value),
    reflection: null,
    output: filled,
  };
  const outcome = completedOutcome(driven.definition, finish, now);
  return { kind: 'end', additions: [], outcome, isDecision: true };
}

/** Nobody could write a refused reply anew: the run ends without it. */
function refusedReply(entries: readonly JournalEntry[]): RunOutcome | null {
  for (const entry of entries.toReversed()) {
    if (entry.type === 'guardrail' && entry.state === 'done') {
      const { violations } = entry.data;
      if (violations === null || violations.length > 0) return withheldOutcome(violations);
    }
    if (entry.type !== 'approval' || entry.state !== 'done') continue;
    if (entry.data.kind !== 'run_reply' || entry.data.status === 'approved') continue;
    const quietly = quiet('changes_requested', 'A person asked for changes of the reply.');
    return { ...quietly, disposition: 'unresolved' };
  }
  return null;
}

function asText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function failed(action: ChainAction, problem: string): Due {
  const outcome = failedOutcome('failed', `The action "${action.id}" failed: ${problem}`);
  return { kind: 'end', additions: [], outcome, isDecision: false };
}

/** Ended well, with nothing done or said. */
function quiet(dispositionReason: string, reflection: string): RunOutcome {
  return {
    status: 'completed',
    stopReason: 'completed',
    disposition: 'no_op',
    dispositionReason,
    response: null,
    reflection,
    outputJson: null,
    error: null,
  };
}

async function outputOf(driven: DrivenRun, { data }: Ending): Promise<unknown> {
  const { outputJson, spilled, error } = data;
  if (spilled !== undefined) return JSON.parse((await driven.spills.read(spilled)) ?? 'null');
  if (outputJson !== null) return JSON.parse(outputJson);
  return error === null ? {} : { error };
}
