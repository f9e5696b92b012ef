import type { JournalContent, JournalEntry, ToolEnded, ToolStarted } from '../core/journal.ts';
import { isChainCall } from './chain-call.ts';

// What a fork takes over: a pure function of the journal it comes from. Everything before the step is
// copied as it is. Where the step is a tool call, the answer of the model that asked for it is copied, the
// calls before it too, and this one and those beside it are open: they are made again, unless a result is given.

export interface ForkPlan {
  /** In order; to be numbered from 1. */
  readonly entries: readonly PlannedEntry[];
  readonly fromStep: number;
}

export type PlannedEntry = JournalContent & {
  /** As in the run it comes from. */
  readonly seq: number;
  readonly step: number;
  readonly createdAt: Date;
};

type ToolEntry = Extract<JournalEntry, { type: 'tool' }>;

/** Field → what is wrong with it. */
export type ForkProblem = readonly [field: string, problem: string];

/**
 * `fromStep`: `seq` of a step's first entry, or of the end of the run, which copies all of it. `results`: by
 * step, JSON text of what its tool is to have returned.
 */
export function planFork(
  entries: readonly JournalEntry[],
  request: { readonly fromStep: number; readonly results: ReadonlyMap<number, string> },
): ForkPlan | ForkProblem {
  const { fromStep, results } = request;
  const first = entries.find((entry) => entry.step === fromStep);
  if (first === undefined) {
    const steps = [...new Set(entries.map((entry) => entry.step))].join(', ');
    const known = steps === '' ? 'it has none yet' : `they are ${steps}`;
    return ['from_step', `is not a step of this run; ${known}`];
  }
  const isCall = first.type === 'tool' || isApprovalOfCall(first);
  // A chain makes its call again from what came before it; a model's is made again from the model's answer.
  const isOfRound = isCall && !isChainCall(first);
  if (!isCall && first.type !== 'model' && first.type !== 'end') {
    return ['from_step', `is ${articled(first.type)}; name a step of a model or a tool`];
  }
  if (!isOfRound && hasOpenCalls(entries, first.seq)) {
    return ['from_step', 'follows calls that have not ended'];
  }
  const kept = isOfRound ? keptOfRound(entries, fromStep) : before(entries, first.seq);
  const copied = kept.map((entry) => ({ ...entry, data: { ...entry.data, copied: true } }));
  return withResults(copied as PlannedEntry[], { fromStep, results });
}

function before(entries: readonly JournalEntry[], seq: number): readonly JournalEntry[] {
  return entries.filter((entry) => entry.seq < seq);
}

function hasOpenCalls(entries: readonly JournalEntry[], seq: number): boolean {
  const copied = before(entries, seq);
  return copied.some(
    (entry) =>
      entry.state === 'started' && !copied.some((e) => e.step === entry.step && e.seq > entry.seq),
  );
}

/** All up to the model's answer; of its calls, those before the step whole, of the others their intents. */
function keptOfRound(entries: readonly JournalEntry[], fromStep: number): readonly JournalEntry[] {
  const answer = entries.findLast(
    (entry) => entry.type === 'model' && entry.state === 'done' && entry.seq < fromStep,
  );
  const answerSeq = answer?.seq ?? 0;
  const nextRound = entries.find(
    (entry) => entry.seq > fromStep && (entry.type === 'model' || entry.type === 'end'),
  );
  const round = entries.filter(
    ({ seq }) => seq > answerSeq && (nextRound === undefined || seq < nextRound.seq),
  );
  const kept = new Set(round.filter(isKept({ round, fromStep })));
  return entries.filter((entry) => entry.seq <= answerSeq || kept.has(entry));
}

function isKept({
  round,
  fromStep,
}: {
  readonly round: readonly JournalEntry[];
  readonly fromStep: number;
}): (entry: JournalEntry) => boolean {
  const asked = round.filter(isApprovalOfCall);
  const endedBefore = new Set(
    round.flatMap((entry) =>
      entry.type === 'tool' && entry.state !== 'started' && entry.step < fromStep
        ? [entry.data.callId]
        : [],
    ),
  );
  return (entry) => {
    // What was approved in a run was approved for that run only: a call that is made again asks again.
    const approval = asked.find((one) =>
      entry.type === 'tool'
        ? one.data.call.callId === entry.data.callId
        : entry.type === 'approval' && one.step === entry.step,
    );
    if (approval !== undefined) {
      return entry === approval || endedBefore.has(approval.data.call.callId);
    }
    if (entry.type !== 'tool') return false;
    // A call that was refused before it began, or planned, follows from the answer alone.
    return entry.step < fromStep || entry.state === 'started' || entry.seq === entry.step;
  };
}

type ApprovalOfCall = Extract<JournalEntry, { type: 'approval'; state: 'started' }> & {
  readonly data: { readonly call: ToolStarted };
};

function isApprovalOfCall(entry: JournalEntry): entry is ApprovalOfCall {
  return entry.type === 'approval' && entry.state === 'started' && entry.data.call !== undefined;
}

function articled(type: JournalEntry['type']): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function withResults(
  copied: readonly PlannedEntry[],
  request: { readonly fromStep: number; readonly results: ReadonlyMap<number, string> },
): ForkPlan | ForkProblem {
  const { fromStep, results } = request;
  const edited: PlannedEntry[] = [];
  for (const [step, outputJson] of results) {
    const call = copied.find((entry) => entry.step === step);
    if (call?.type !== 'tool') {
      return [`tool_results.${step}`, 'is not the step of a tool call that the fork copies'];
    }
    const skill = skillLoadedBy(copied, step);
    edited.push(editedResult(call, outputJson, skill === undefined ? {} : { skill }));
  }
  const entries = copied.filter(
    (entry) => !results.has(entry.step) || (entry.type === 'tool' && entry.state === 'started'),
  );
  return { fromStep, entries: [...entries, ...edited].toSorted(byPlace(copied)) };
}

/** An edited result stands where the round of its call ends. */
function byPlace(copied: readonly PlannedEntry[]) {
  const placeOf = (entry: PlannedEntry) =>
    isEdited(entry)
      ? (copied.find((e) => e.type === 'model' && e.seq > entry.step)?.seq ??
          Number.MAX_SAFE_INTEGER) - 0.5
      : entry.seq;
  return (a: PlannedEntry, b: PlannedEntry) => placeOf(a) - placeOf(b);
}

function isEdited(entry: PlannedEntry): boolean {
  return entry.type === 'tool' && 'edited' in entry.data;
}

/** Another result does not take a skill's force away. */
function skillLoadedBy(entries: readonly PlannedEntry[], step: number): ToolEnded['skill'] {
  for (const entry of entries) {
    if (entry.step === step && entry.type === 'tool' && entry.state === 'done') {
      return entry.data.skill;
    }
  }
  return undefined;
}

function editedResult(
  call: ToolEntry & PlannedEntry,
  outputJson: string,
  kept: Pick<ToolEnded, 'skill'>,
): PlannedEntry {
  const { callId, name, inputJson, toolVersion }: ToolStarted | ToolEnded = call.data;
  return {
    type: 'tool',
    state: 'done',
    seq: call.seq,
    step: call.step,
    createdAt: call.createdAt,
    data: {
      callId,
      name,
      inputJson,
      toolVersion,
      outputJson,
      error: null,
      modelText: outputJson,
      logs: null,
      durationMs: 0,
      attempts: 0,
      ...kept,
      copied: true,
      edited: true,
    },
  };
}
