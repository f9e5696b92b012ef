import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../../src/store/connect.ts';
import type { FakeRequest } from '../support/fake-provider.ts';
import type { LedgerCall } from './ledger.ts';

// Asks the database after the chaos, and holds it against what the outside world and the writers noted.

export interface ModelCall {
  readonly n: number;
  readonly turn: number;
  readonly at: number;
}

/** Of these each must be 0. */
export const mustBeZero = [
  'lostRuns',
  'stuckRuns',
  'failedRuns',
  'calledAgainAfterCommit',
  'unexplainedModelCalls',
  'repeatedNonIdempotent',
  'doneWithoutEffect',
  'staleWrites',
  'wrongAnswers',
  'changesAfterTheEnd',
  'brokenJournals',
  'childrenNotOnce',
  'tokensMiscounted',
  'missingSpills',
] as const;

export type Verdict = Readonly<Record<(typeof mustBeZero)[number], number>> & {
  readonly details: readonly string[];
  readonly completed: number;
  readonly cancelled: number;
  readonly lostModelCalls: number;
  readonly interruptedTools: number;
  readonly repeatedIdempotent: number;
  readonly takeovers: number;
  readonly children: number;
  readonly spills: number;
  /** Processes that drove runs under suspicion. */
  readonly alone: number;
};

/** Made before the chaos: what happens to a run that has ended is written down by the database itself. */
export async function createWitness(db: Database): Promise<void> {
  await db.execute('CREATE TABLE chaos_witness (run_id text, what text)');
  await db.execute(`
    CREATE FUNCTION chaos_watch() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      used text[] := '{child_input_tokens, child_output_tokens, child_cost_usd}';
    BEGIN
      -- What runs that it asked for have used is counted whenever they end.
      IF OLD.status IN ('completed', 'failed', 'cancelled') AND to_jsonb(OLD) - used <> to_jsonb(NEW) - used THEN
        INSERT INTO chaos_witness VALUES (OLD.id, OLD.status || ' to ' || NEW.status);
      END IF;
      IF NEW.epoch < OLD.epoch OR (NEW.owner <> OLD.owner AND NEW.epoch = OLD.epoch) THEN
        INSERT INTO chaos_witness VALUES (OLD.id, 'epoch ' || OLD.epoch || ' to ' || NEW.epoch);
      END IF;
      RETURN NULL;
    END $$`);
  await db.execute(
    'CREATE TRIGGER chaos_watch AFTER UPDATE ON runs FOR EACH ROW EXECUTE FUNCTION chaos_watch()',
  );
}

interface RunRow {
  readonly id: string;
  readonly n: number;
  readonly status: string;
  readonly epoch: number;
  readonly last_seq: number;
  readonly error: string | null;
  readonly parent: string | null;
}

interface EntryRow {
  readonly run_id: string;
  readonly seq: number;
  readonly step: number;
  readonly unit_id: string;
  readonly type: string;
  readonly state: string;
  readonly at: number;
  readonly attempts: number;
  readonly copied: boolean;
  readonly child: string | null;
  readonly spill: string | null;
}

export async function judge(given: {
  readonly db: Database;
  readonly acknowledged: ReadonlyMap<number, string>;
  readonly modelCalls: readonly ModelCall[];
  readonly ledger: readonly LedgerCall[];
  readonly notesDir: string;
}): Promise<Verdict> {
  const { db } = given;
  const runs = await db.query<RunRow>(
    `SELECT id, coalesce(payload::json ->> 'n', payload::json -> 'payload' ->> 'n')::int AS n, status, epoch, last_seq, error, parent_run_id AS parent FROM runs`,
  );
  const entries = await db.query<EntryRow>(
    `SELECT run_id, seq, step, unit_id, type, state, data LIKE '%"copied":true%' AS copied,
       data::json -> 'child' ->> 'id' AS child, data::json -> 'spilled' ->> 'spillId' AS spill,
       (extract(epoch FROM created_at) * 1000)::bigint AS at,
       coalesce(json_array_length(CASE WHEN type = 'model' AND state <> 'lost'
         THEN data::json -> 'failedAttempts' END), 0) AS attempts
     FROM journal ORDER BY run_id, seq`,
  );
  const details: string[] = [];
  const found = Object.fromEntries(mustBeZero.map((name) => [name, 0])) as Record<
    (typeof mustBeZero)[number],
    number
  >;
  const fault = (name: (typeof mustBeZero)[number], what: string) => {
    found[name] += 1;
    if (details.length < 50) details.push(`${name}: ${what}`);
  };
  const byId = new Map(runs.map((run) => [run.id, run]));
  const journals = Map.groupBy(entries, (entry) => entry.run_id);

  for (const [n, id] of given.acknowledged) {
    if (!byId.has(id)) fault('lostRuns', `run ${n} (${id})`);
  }
  for (const run of runs) {
    const isOpen = !['completed', 'failed', 'cancelled'].includes(run.status);
    if (isOpen) fault('stuckRuns', `run ${run.n} (${run.id}) is ${run.status}`);
    if (run.status === 'failed') fault('failedRuns', `run ${run.n} (${run.id}): ${run.error}`);
    const journal = journals.get(run.id) ?? [];
    const ends = journal.filter((entry) => entry.type === 'end');
    const isWhole =
      journal.length === run.last_seq && journal.every((entry, index) => entry.seq === index + 1);
    if (!isWhole || (!isOpen && (ends.length !== 1 || journal.at(-1)?.type !== 'end'))) {
      fault('brokenJournals', `run ${run.n} (${run.id})`);
    }
  }
  judgeModelCalls({ runs, journals, calls: given.modelCalls, fault });
  judgeTools({ entries, ledger: given.ledger, fault });
  judgeChildren({ runs, entries, fault });
  await judgeRows({ db, fault });
  judgeWrites({ journals, notesDir: given.notesDir, fault });
  const witness = await db.query<{ run_id: string; what: string }>('SELECT * FROM chaos_witness');
  for (const { run_id, what } of witness) fault('changesAfterTheEnd', `${run_id}: ${what}`);
  const idempotentCalls = given.ledger.filter((call) => call.tool === 'count');
  return {
    ...found,
    details,
    completed: runs.filter((run) => run.status === 'completed').length,
    cancelled: runs.filter((run) => run.status === 'cancelled').length,
    lostModelCalls: entries.filter((entry) => entry.state === 'lost').length,
    interruptedTools: entries.filter((entry) => entry.state === 'interrupted').length,
    repeatedIdempotent:
      idempotentCalls.length - new Set(idempotentCalls.map((call) => call.key)).size,
    children: runs.filter((run) => run.parent !== null).length,
    spills: new Set(entries.flatMap((entry) => entry.spill ?? [])).size,
    alone: countAlone(given.notesDir),
    takeovers: runs.reduce((sum, run) => sum + run.epoch - 1, 0),
  };
}

type Fault = (name: (typeof mustBeZero)[number], what: string) => void;

function judgeModelCalls(given: {
  readonly runs: readonly RunRow[];
  readonly journals: ReadonlyMap<string, readonly EntryRow[]>;
  readonly calls: readonly ModelCall[];
  readonly fault: Fault;
}): void {
  const byRun = Map.groupBy(given.calls, (call) => call.n);
  const runsOf = Map.groupBy(given.runs, (run) => run.n);
  for (const run of given.runs) {
    // A fork that asks again asks for the same: the model cannot tell the two runs apart.
    if ((runsOf.get(run.n)?.length ?? 0) > 1) continue;
    const models = (given.journals.get(run.id) ?? []).filter((entry) => entry.type === 'model');
    const done = models.filter((entry) => entry.state === 'done');
    const calls = byRun.get(run.n) ?? [];
    for (const call of calls) {
      const committed = done[call.turn];
      // The two clocks are one; a few ms are the rounding of both.
      if (committed !== undefined && call.at > committed.at + 5) {
        const late = call.at - committed.at;
        given.fault('calledAgainAfterCommit', `run ${run.n}, turn ${call.turn}, ${late} ms later`);
      }
    }
    if (run.status === 'cancelled') continue;
    const explained = models.reduce((sum, entry) => sum + 1 + entry.attempts, 0);
    if (calls.length > explained) {
      given.fault(
        'unexplainedModelCalls',
        `run ${run.n}: ${calls.length} calls, ${explained} shown`,
      );
    }
  }
}

function judgeTools(given: {
  readonly entries: readonly EntryRow[];
  readonly ledger: readonly LedgerCall[];
  readonly fault: Fault;
}): void {
  const byKey = Map.groupBy(given.ledger, (call) => call.key);
  for (const [key, calls] of byKey) {
    if (calls[0]?.tool === 'pay' && calls.length > 1) {
      given.fault('repeatedNonIdempotent', `${key} by ${calls.map((call) => call.pid).join(', ')}`);
    }
  }
  for (const entry of given.entries) {
    if (entry.type !== 'tool' || entry.state !== 'done' || entry.copied || entry.child) continue;
    const key = `${entry.run_id}:${entry.step}`;
    if (!byKey.has(key)) given.fault('doneWithoutEffect', key);
  }
}

/** Every run that was asked for is named by one intent of its parent, and every answer by a run. */
function judgeChildren(given: {
  readonly runs: readonly RunRow[];
  readonly entries: readonly EntryRow[];
  readonly fault: Fault;
}): void {
  const asked = given.entries.filter((entry) => entry.child !== null && !entry.copied);
  const intents = Map.groupBy(
    asked.filter((entry) => entry.state === 'started'),
    (entry) => entry.child ?? '',
  );
  const byId = new Map(given.runs.map((run) => [run.id, run]));
  for (const run of given.runs) {
    if (run.parent === null) continue;
    const by = (intents.get(run.id) ?? []).map((entry) => entry.run_id);
    if (by.length !== 1 || by[0] !== run.parent) given.fault('childrenNotOnce', run.id);
  }
  for (const entry of asked) {
    if (entry.state !== 'done' || byId.get(entry.child ?? '')?.status === 'completed') continue;
    given.fault('childrenNotOnce', `${entry.run_id}, entry ${entry.seq}`);
  }
}

async function judgeRows({ db, fault }: { readonly db: Database; readonly fault: Fault }) {
  const miscounted = await db.query<{ id: string }>(`
    SELECT p.id FROM runs p LEFT JOIN runs c ON c.parent_run_id = p.id
      AND c.status IN ('completed', 'failed', 'cancelled')
    GROUP BY p.id
    HAVING coalesce(p.child_input_tokens, 0)
      <> coalesce(sum(c.input_tokens + coalesce(c.child_input_tokens, 0)), 0)`);
  for (const { id } of miscounted) fault('tokensMiscounted', id);
  const missing = await db.query<{ run_id: string; seq: number }>(`
    SELECT j.run_id, j.seq FROM journal j WHERE j.data::json -> 'spilled' ->> 'spillId' IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM spills s
      WHERE s.run_id = j.run_id AND s.id = j.data::json -> 'spilled' ->> 'spillId')`);
  for (const { run_id, seq } of missing) fault('missingSpills', `${run_id}, entry ${seq}`);
}

function countAlone(notesDir: string): number {
  return readdirSync(notesDir).filter((file) =>
    readFileSync(join(notesDir, file), 'utf8').startsWith('{"alone":true}'),
  ).length;
}

interface Note {
  readonly unitId?: string;
  readonly epoch?: number;
  readonly said?: string;
}

/** Epochs never go back within a journal, and what the writers were told is so. */
function judgeWrites(given: {
  readonly journals: ReadonlyMap<string, readonly EntryRow[]>;
  readonly notesDir: string;
  readonly fault: Fault;
}): void {
  const epochs = new Map<string, number>();
  const said = new Map<string, string>();
  for (const file of readdirSync(given.notesDir)) {
    for (const line of readFileSync(join(given.notesDir, file), 'utf8').split('\n')) {
      const note = parsed(line);
      if (note?.unitId === undefined) continue;
      if (note.epoch !== undefined) epochs.set(note.unitId, note.epoch);
      if (note.said !== undefined) said.set(note.unitId, note.said);
    }
  }
  const written = new Set<string>();
  for (const [runId, journal] of given.journals) {
    let highest = 0;
    for (const entry of journal) {
      written.add(entry.unit_id);
      const epoch = epochs.get(entry.unit_id);
      if (epoch === undefined) continue;
      if (epoch < highest) given.fault('staleWrites', `${runId}, entry ${entry.seq}`);
      highest = Math.max(highest, epoch);
    }
  }
  for (const [unitId, answer] of said) {
    if (written.has(unitId) !== (answer === 'committed')) {
      given.fault('wrongAnswers', `${unitId} was answered ${answer}`);
    }
  }
}

/** The last line of a killed process may be cut. */
function parsed(line: string): Note | null {
  try {
    return JSON.parse(line) as Note;
  } catch {
    return null;
  }
}

/** Which run and which of its turns a request to the model is for. */
export function modelCallOf(request: FakeRequest): ModelCall {
  const text = JSON.stringify(request.body);
  const n = Number(/\\"n\\":\s*(\d+)/.exec(text)?.[1] ?? Number.NaN);
  return { n, turn: request.turn, at: Date.now() };
}
