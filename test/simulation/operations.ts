import { newId } from '../../src/core/ids.ts';
import type { Run } from '../../src/core/run.ts';
import { cancelRunRow } from '../../src/store/cancel.ts';
import type { Queryable } from '../../src/store/connect.ts';
import { failOwnedRun } from '../../src/store/fail-run.ts';
import type { JournalUnit } from '../../src/store/journal-unit.ts';
import { commitUnits } from '../../src/store/journal-writer.ts';
import {
  adoptRuns,
  getOwnedRuns,
  handBackRuns,
  listDeadOwners,
  releaseDeadRuns,
  takeFromCrashed,
  takeOverRun,
} from '../../src/store/ownership.ts';
import { beatProcess, declareDead, listBeats } from '../../src/store/processes.ts';
import { modelEntry } from '../support/runs.ts';
import type { SimRun, Tables } from './tables.ts';

// Operations of the store, drawn at random, to be done to the real database and to the simulated one.

/** The same thing to do, and what it says afterwards, without times. */
export interface Operation {
  readonly name: string;
  readonly writesProcesses?: boolean;
  readonly on: (db: Queryable) => Promise<unknown>;
}

export interface Cast {
  readonly runIds: readonly string[];
  readonly owners: readonly string[];
}

/** A run without what clocks decide. */
export function plainRun(run: Run | null): unknown {
  if (run === null) return null;
  const { id, owner, epoch, status, crashes, lostAttempts, strikes, lastSeq, error } = run;
  const { stopReason, inputTokens } = run;
  return {
    id,
    owner,
    epoch,
    status,
    crashes,
    lostAttempts,
    strikes,
    lastSeq,
    error,
    stopReason,
    inputTokens,
  };
}

const plainRuns = (runs: readonly Run[]) =>
  runs.map(plainRun).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

/** Draws an operation that often, but not always, fits what the tables hold. */
export function drawOperation(random: () => number, cast: Cast, tables: Tables): Operation {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const run = tables.runs.get(pick(cast.runIds)) as SimRun;
  const owner = random() < 0.7 && run.owner !== null ? run.owner : pick(cast.owners);
  const epoch = random() < 0.8 ? run.epoch : run.epoch + (random() < 0.5 ? -1 : 1);
  const other = pick(cast.owners);
  const unitId = newId('unit');
  const delayMs = random() < 0.5 ? 0 : 60_000;
  const held = cast.runIds.map((id, n) => ({ id, owner, epoch, inFlight: n % 2 === 0 }));
  const kinds: readonly (() => Operation)[] = [
    ...[1, 2, 3].map(
      () => () => commitOperation({ random, run, owner, epoch, unitId, tables, cast }),
    ),
    () => ({
      name: `cancel ${run.id}`,
      on: async (db) =>
        plainRun(await cancelRunRow(db, { scope: 'all', id: run.id, error: 'stop', unitId })),
    }),
    () => ({
      name: `adopt from ${owner} for ${other}`,
      on: async (db) => plainRuns(await adoptRuns(db, { owner: other, from: [owner], limit: 2 })),
    }),
    () => ({
      name: `release of ${owner}`,
      on: (db) => releaseDeadRuns(db, { from: [owner, other], limit: 10 }),
    }),
    () => ({
      name: `hand back ${owner} ${epoch}`,
      on: (db) => handBackRuns(db, held, delayMs),
    }),
    () => ({
      name: `take over ${run.id} from ${owner}`,
      on: async (db) =>
        plainRun(await takeOverRun(db, { id: run.id, from: owner, epoch, owner: other })),
    }),
    () => ({
      name: `take ${run.id} from crashed ${owner}`,
      on: async (db) =>
        plainRun(await takeFromCrashed(db, { id: run.id, from: owner, owner: other })),
    }),
    () => ({
      name: `fail ${run.id} of ${owner} ${epoch}`,
      on: (db) =>
        failOwnedRun(db, { id: run.id, owner, epoch, stopReason: 'poison', error: 'bad', unitId }),
    }),
    () => ({
      name: `owned by ${owner}`,
      on: async (db) => plainRuns(await getOwnedRuns(db, owner, cast.runIds)),
    }),
    () => ({ name: `beat ${other}`, writesProcesses: true, on: (db) => beatProcess(db, other) }),
    () => ({
      name: `declare ${other} dead`,
      writesProcesses: true,
      on: async (db) => {
        const seen = (await listBeats(db)).find((one) => one.id === other);
        return seen === undefined ? null : await declareDead(db, seen);
      },
    }),
    () => ({
      name: 'dead owners',
      on: async (db) => (await listDeadOwners(db)).filter((id) => cast.owners.includes(id)).sort(),
    }),
  ];
  return pick(kinds)();
}

function commitOperation(given: {
  readonly random: () => number;
  readonly run: SimRun;
  readonly owner: string;
  readonly epoch: number;
  readonly unitId: string;
  readonly tables: Tables;
  readonly cast: Cast;
}): Operation {
  const { random, run, owner, epoch, tables } = given;
  const seq = random() < 0.85 ? run.last_seq + 1 : run.last_seq + (random() < 0.5 ? 0 : 2);
  const earlier = tables.journal.get(run.id)?.at(-1)?.unit_id;
  // At times the repeat of a unit that has landed, as after a lost connection.
  const isRepeat = earlier !== undefined && random() < 0.2;
  const unit: JournalUnit = {
    runId: run.id,
    owner,
    epoch,
    unitId: isRepeat ? earlier : given.unitId,
    entries: entriesFrom(random, isRepeat ? run.last_seq : Math.max(1, seq)),
    totals: { inputTokens: Math.floor(random() * 100), outputTokens: 1, costUsd: null },
    next: nextOf(random()),
  };
  const second = tables.runs.get(given.cast.runIds.find((id) => id !== run.id) ?? '') as SimRun;
  const beside: JournalUnit = {
    ...unit,
    runId: second.id,
    owner: second.owner ?? owner,
    epoch: second.epoch,
    unitId: `${given.unitId}b`,
    entries: entriesFrom(random, second.last_seq + 1),
    next: { kind: 'continue' },
  };
  const units = random() < 0.3 ? [unit, beside] : [unit];
  return {
    name: `commit ${units.map((one) => `${one.runId}@${one.epoch} of ${one.owner} from ${one.entries[0]?.seq}`).join(' and ')}, ${unit.next.kind}`,
    on: (db) => commitUnits(db, units),
  };
}

function entriesFrom(random: () => number, seq: number): JournalUnit['entries'] {
  const data = {
    ...{ callId: 'c', name: 'pay', inputJson: '{"a":1}', toolId: null },
    ...{ toolVersion: 1, idempotent: false },
  };
  const first = modelEntry(seq, 'text');
  if (random() < 0.5) return [first];
  return [first, { type: 'tool', state: 'started', data, seq: seq + 1, step: seq + 1 }];
}

function nextOf(chance: number): JournalUnit['next'] {
  if (chance < 0.7) return { kind: 'continue' };
  if (chance < 0.8) return { kind: 'wait', until: new Date(Date.UTC(2100, 0, 1)) };
  if (chance < 0.85) return { kind: 'wait', until: null };
  return {
    kind: 'end',
    outcome: {
      ...{ status: 'completed', stopReason: 'completed', disposition: 'resolved' },
      ...{ dispositionReason: 'd', response: 'r', reflection: null, outputJson: null, error: null },
    },
  };
}
