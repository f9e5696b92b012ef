import { isDeepStrictEqual } from 'node:util';
import { ApiError } from '../../src/core/errors.ts';
import type { Run } from '../../src/core/run.ts';
import type { CommitOutcome } from '../../src/store/journal-writer.ts';
import type { Outside } from './outside.ts';
import { numberIn } from './outside.ts';
import {
  isEnded,
  type SimEntry,
  type SimRun,
  spillKey,
  type Tables,
  type Writes,
} from './tables.ts';
import type { Host } from './virtual-time.ts';

// Holds what happened against the invariants. It sees every commit as it becomes visible, every call that
// leaves a process, and every answer that a submitter was given.

export class Judge {
  readonly faults: string[] = [];
  /** The database's clock, ms. */
  readonly nowMs: () => number;
  /** Entries that name an output which is kept apart. */
  spillsNamed = 0;
  /** Runs that others asked for, and forks: known at the end. */
  children = 0;
  forks = 0;
  readonly #tables: Tables;
  readonly #outside: Outside;
  readonly #before = new Map<string, SimRun>();
  /** A fork that makes a call of an agent again asks for a run of the same number. */
  readonly #runsOf = new Map<number, Set<string>>();
  readonly #answers: {
    readonly unitId: string;
    readonly runId: string;
    readonly answer: string;
  }[] = [];
  readonly #acknowledged = new Set<string>();
  readonly #cancelled = new Set<string>();
  readonly #owners = new Map<Host, Set<string>>();
  readonly #loaded = new Map<string, number>();

  constructor(tables: Tables, outside: Outside, nowMs: () => number) {
    this.nowMs = nowMs;
    this.#tables = tables;
    this.#outside = outside;
    outside.onModelCall = ({ n, turn, host }) => {
      const runIds = [...(this.#runsOf.get(n) ?? [])];
      const hasTurn = (runId: string) =>
        (tables.journal.get(runId) ?? []).filter(
          (entry) => entry.type === 'model' && entry.state === 'done',
        ).length > turn;
      if (runIds.length > 0 && runIds.every(hasTurn)) {
        this.#fault('I4', `run ${n}: ${host.name} asked for turn ${turn}, which is committed`);
      }
      const [runId, ...others] = runIds;
      if (runId !== undefined && others.length === 0) this.#began(runId, host, `turn ${turn}`);
    };
    outside.onToolStart = ({ key, host }) => this.#began(key.split(':')[0] ?? '', host, key);
  }

  /** Incarnations of the host that were seen so far. */
  ownersOf(host: Host): Set<string> {
    const owners = this.#owners.get(host) ?? new Set();
    this.#owners.set(host, owners);
    return owners;
  }

  /** A dispatch may be refused while the database is away, and for nothing else. */
  refused(error: unknown): void {
    if (!(error instanceof ApiError)) this.#fault('dispatch', String(error));
  }

  /** A process has taken the run into memory, as it was when the process got it. */
  loaded(run: Pick<Run, 'id' | 'epoch' | 'owner'>, host: Host): void {
    if (run.owner !== null) this.ownersOf(host).add(run.owner);
    this.#loaded.set(`${host.name} ${run.id}`, run.epoch);
  }

  /** Who starts something still has the run; only a cancel may not have come through yet (I7). */
  #began(runId: string, host: Host, what: string): void {
    const run = this.#tables.runs.get(runId);
    const epoch = this.#loaded.get(`${host.name} ${runId}`);
    if (run === undefined || run.status === 'cancelled' || run.epoch === epoch) return;
    this.#fault(
      'late',
      `${runId}: ${host.name} began ${what} in epoch ${epoch}, it is ${run.epoch}`,
    );
  }

  committed(writes: Writes): void {
    for (const run of writes.runs) {
      const n = numberIn(run.payload);
      this.#runsOf.set(n, (this.#runsOf.get(n) ?? new Set()).add(run.id));
      const before = this.#before.get(run.id);
      this.#before.set(run.id, run);
      if (before === undefined) {
        this.#isAskedFor(run);
        if (run.forked_from !== null) this.#order(run.id);
        continue;
      }
      this.#wasParked(before, run);
      if (isEnded(before) && !isOnlyTold(before, run))
        this.#fault('I6', `${run.id} changed after it was ${before.status}`);
      if (run.epoch < before.epoch) this.#fault('I3', `${run.id} went back to epoch ${run.epoch}`);
      if (run.owner !== before.owner && run.owner !== null && run.epoch === before.epoch) {
        this.#fault('I3', `${run.id} changed hands within epoch ${run.epoch}`);
      }
    }
    for (const entry of writes.entries) {
      const run = this.#tables.runs.get(entry.run_id);
      if (run !== undefined && entry.epoch < run.epoch && !isEnded(run)) {
        this.#fault('I3', `${run.id}: entry ${entry.seq} of epoch ${entry.epoch} in ${run.epoch}`);
      }
    }
    for (const entry of writes.entries) this.#spilled(entry);
    for (const runId of new Set(writes.entries.map((entry) => entry.run_id))) this.#order(runId);
  }

  /** A run that another one asked for is in that one's journal before it exists (I5). */
  #isAskedFor({ id, parent_run_id: parentId }: SimRun): void {
    if (parentId === null) return;
    const isNamed = (this.#tables.journal.get(parentId) ?? []).some(
      (entry) => childOf(entry) === id,
    );
    if (!isNamed) this.#fault('I5', `${id} was begun, and ${parentId} does not name it`);
  }

  /** What a pause has parked stays so, but for what was under way when it came. */
  #wasParked(before: SimRun, run: SimRun): void {
    const isParked = ({ status, owner, wake_at }: SimRun) =>
      status === 'accepted' && owner === null && wake_at === null;
    if (!isParked(before) || isParked(run) || isEnded(run)) return;
    const pausedAt = this.#tables.agents.get(run.agent_id)?.paused_at ?? null;
    if (pausedAt === null || this.nowMs() - pausedAt.getTime() < underWayMs) return;
    this.#fault('pause', `${run.id} was let go ${this.nowMs() - pausedAt.getTime()} ms after`);
  }

  /** An entry never names an output that is not kept. */
  #spilled({ run_id, seq, data }: SimEntry): void {
    if (!data.includes('"spilled"')) return;
    const { spilled } = JSON.parse(data) as { readonly spilled?: { readonly spillId: string } };
    if (spilled === undefined) return;
    this.spillsNamed += 1;
    if (this.#tables.spills.has(spillKey({ run_id, id: spilled.spillId }))) return;
    this.#fault('I8', `${run_id}: entry ${seq} names ${spilled.spillId}, which is not kept`);
  }

  #order(runId: string): void {
    const entries = this.#tables.journal.get(runId) ?? [];
    const run = this.#tables.runs.get(runId);
    entries.forEach((entry, index) => {
      if (entry.seq !== index + 1)
        this.#fault('I3', `${runId}: entry ${entry.seq} at ${index + 1}`);
      if (index > 0 && entry.epoch < (entries[index - 1]?.epoch ?? 0)) {
        this.#fault('I3', `${runId}: entry ${entry.seq} is of an older epoch than the one before`);
      }
      if (entry.type === 'end' && index !== entries.length - 1) {
        this.#fault('I6', `${runId}: an entry after the end`);
      }
    });
    if (run !== undefined && run.last_seq !== entries.length) {
      this.#fault('I3', `${runId}: last_seq ${run.last_seq}, ${entries.length} entries`);
    }
  }

  acknowledged(runId: string): void {
    this.#acknowledged.add(runId);
    if (!this.#tables.runs.has(runId)) this.#fault('I1', `${runId} was acknowledged, not stored`);
  }

  wasCancelled(runId: string): void {
    this.#cancelled.add(runId);
    const status = this.#tables.runs.get(runId)?.status;
    if (status !== 'cancelled') this.#fault('I7', `${runId} was said to be cancelled: ${status}`);
  }

  answered(runId: string, unitId: string, answer: CommitOutcome | 'unstorable'): void {
    this.#answers.push({ runId, unitId, answer });
    const isThere = this.#has(runId, unitId);
    if (isThere !== (answer === 'committed')) {
      this.#fault('answer', `${runId}: ${unitId} was answered ${answer}`);
    }
  }

  #has(runId: string, unitId: string): boolean {
    return (this.#tables.journal.get(runId) ?? []).some((entry) => entry.unit_id === unitId);
  }

  get unfinished(): SimRun[] {
    return [...this.#tables.runs.values()].filter((run) => !isEnded(run));
  }

  /** After the last fault has long been over. */
  atTheEnd(): void {
    for (const run of this.unfinished) {
      this.#fault('liveness', `${run.id} is ${run.status}, owner ${run.owner}, due ${run.wake_at}`);
    }
    for (const id of this.#acknowledged) {
      if (!this.#tables.runs.has(id)) this.#fault('I1', `${id} is gone`);
    }
    for (const id of this.#cancelled) {
      const status = this.#tables.runs.get(id)?.status;
      if (status !== 'cancelled') this.#fault('I6', `${id} was cancelled and is ${status}`);
    }
    for (const { runId, unitId, answer } of this.#answers) {
      if (this.#has(runId, unitId) !== (answer === 'committed')) {
        this.#fault(
          'answer',
          `${runId}: ${unitId} was answered ${answer}, at the end it is not so`,
        );
      }
    }
    for (const [key, { tool, count }] of this.#outside.toolStarts) {
      if (tool === 'pay' && count > 1) this.#fault('I5', `${key}: pay was started ${count} times`);
    }
    this.#toolEnds();
    this.#children();
  }

  /** What the journal says of a call is what happened outside, and of another run what that one says. */
  #toolEnds(): void {
    for (const [runId, entries] of this.#tables.journal) {
      for (const entry of entries) {
        if (entry.type !== 'tool' || entry.state === 'started') continue;
        const key = `${runId}:${entry.step}`;
        const starts = this.#outside.toolStarts.get(key)?.count ?? 0;
        const isCopied = entry.data.includes('"copied":true');
        if (isCopied && starts > 0) this.#fault('I5', `${key} was copied and called`);
        const childId = childOf(entry);
        if (childId !== null) this.#childEnd(key, entry, childId);
        else if (entry.state === 'done' && !isCopied && !this.#outside.effects.has(key)) {
          this.#fault('I5', `${key} is done, without effect`);
        }
      }
    }
  }

  #childEnd(key: string, { state }: SimEntry, childId: string): void {
    const status = this.#tables.runs.get(childId)?.status;
    if (state === 'done' && status !== 'completed') {
      this.#fault('I5', `${key} is done, and the run ${childId} is ${status}`);
    }
  }

  /** Every run knows what those below used. */
  #children(): void {
    const below = Map.groupBy(this.#tables.runs.values(), (run) => run.parent_run_id);
    for (const run of this.#tables.runs.values()) {
      const children = below.get(run.id) ?? [];
      const used = children.reduce(
        (sum, child) => sum + child.input_tokens + (child.child_input_tokens ?? 0),
        0,
      );
      if (used !== (run.child_input_tokens ?? 0)) {
        this.#fault('usage', `${run.id}: ${run.child_input_tokens} below it, they used ${used}`);
      }
      if (run.parent_run_id !== null) this.children += 1;
      if (run.forked_from !== null) this.forks += 1;
    }
  }

  #fault(invariant: string, what: string): void {
    this.faults.push(`${invariant}: ${what}`);
  }
}

/** How long a statement that saw the agent before its pause may be under way, ms. */
const underWayMs = 12_000;

/** The run that the entry's call is, or null. */
function childOf({ type, data }: SimEntry): string | null {
  if (type !== 'tool' || !data.includes('"child"')) return null;
  const { child } = JSON.parse(data) as { readonly child?: { readonly id: string } };
  return child?.id ?? null;
}

/** Nothing but what runs below it used has changed. */
function isOnlyTold(before: SimRun, run: SimRun): boolean {
  const { child_input_tokens, child_output_tokens, child_cost_usd } = run;
  const told = { ...before, child_input_tokens, child_output_tokens, child_cost_usd };
  return isDeepStrictEqual(told, run);
}
