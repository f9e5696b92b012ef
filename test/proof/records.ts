import { ownSource } from '../../src/core/record.ts';
import { type ToldRecord, upsertRecords } from '../../src/records/upsert.ts';
import type { Database } from '../../src/store/connect.ts';
import { internalRelay } from '../../src/triggers/internal-relay.ts';
import { insertAgent, silent, startTestEngine } from '../support/engine.ts';
import { listenTo } from '../support/listen-to.ts';
import type { seededRandom } from '../support/seeded-random.ts';
import { finishTurn } from '../support/turns.ts';

// Records told by several integrations at once, each record in two versions, all shuffled, and then all of it once
// more; what the database holds in the end is compared with what a list in memory says.

export interface RecordsProof {
  readonly records: number;
  readonly batch: number;
  /** Integrations that tell at the same time. */
  readonly atOnce: number;
  readonly random: ReturnType<typeof seededRandom>;
  readonly report?: (line: string) => void;
}

const kind = 'reservations';
const statuses = ['booked', 'confirmed', 'cancelled', 'paid'] as const;

export async function proveRecords(
  db: Database,
  given: RecordsProof,
): Promise<Record<string, number>> {
  const { random, report = () => undefined } = given;
  await using engine = await startTestEngine({
    db,
    scripts: { test: { turns: [finishTurn()] } },
  });
  const { workspaceId } = await insertAgent(db);
  // One hears every change, another a part of them, which begins runs.
  await listenTo(db, workspaceId, 'record.*', [{ field: 'kind', op: 'eq', value: 'none' }]);
  const paid = await listenTo(db, workspaceId, 'record.updated', [
    { field: 'before.status', op: 'eq', value: 'booked' },
    { field: 'after.status', op: 'eq', value: 'paid' },
  ]);
  const told = Array.from({ length: given.records }, (_, n) => versionsOf(n)).flat();
  const counts = { created: 0, updated: 0, late: 0, repeated: 0, deleted: 0 };
  const startedAt = performance.now();
  const state = { isOver: false };
  const relays = Promise.all([1, 2].map(() => relayUntil(engine, db, state)));
  // When a telling fails, that is what is to be told, not that the relays lost their database.
  relays.catch(() => undefined);
  for (const pass of [1, 2]) {
    const batches = chunks(shuffled(told, random), given.batch);
    const tellers = Array.from({ length: given.atOnce }, async () => {
      for (let batch = batches.pop(); batch !== undefined; batch = batches.pop()) {
        const results = await upsertRecords({ db }, { workspaceId, kind }, batch);
        for (const { outcome } of results) counts[outcome]++;
      }
    });
    await Promise.all(tellers);
    report(`pass ${pass}: ${Math.round((performance.now() - startedAt) / 1_000)} s`);
  }
  const toldMs = performance.now() - startedAt;
  state.isOver = true;
  await relays;
  report(`all fired: ${Math.round((performance.now() - startedAt) / 1_000)} s`);
  const real = counts.created + counts.updated;
  const events = await eventCounts(db, workspaceId);
  const runs = await db.query<{ n: number }>({
    text: 'SELECT count(*)::int AS n FROM runs WHERE agent_id = $1',
    values: [paid.agentId],
  });
  const [wanted] = await db.query<{ n: number }>({
    text: `SELECT count(*)::int AS n FROM trigger_events WHERE workspace_id = $1 AND type = 'record.updated'
      AND payload::jsonb #>> '{before,status}' = 'booked' AND payload::jsonb #>> '{after,status}' = 'paid'`,
    values: [workspaceId],
  });
  return {
    records: given.records,
    told: told.length * 2,
    'real changes': real,
    late: counts.late,
    repeated: counts.repeated,
    'runs begun': runs[0]?.n ?? 0,
    'told a second': Math.round((told.length * 2) / (toldMs / 1_000)),
    wrongRecords: await wrongRecords(db, workspaceId, given.records),
    notFired: Math.max(0, real - events.distinct),
    firedTwice: events.all - events.distinct,
    firedForNothing: Math.max(0, events.distinct - real),
    wrongEvents: events.wrong,
    wrongRuns: Math.abs((runs[0]?.n ?? 0) - (wanted?.n ?? 0)),
  };
}

async function relayUntil(
  engine: Awaited<ReturnType<typeof startTestEngine>>,
  db: Database,
  state: { readonly isOver: boolean },
): Promise<void> {
  const relay = internalRelay({ ...engine.deps, logger: silent });
  for (;;) {
    const { isOver } = state;
    await relay.run();
    const [left] = await db.query('SELECT 1 FROM internal_events LIMIT 1');
    if (isOver && left === undefined) return;
  }
}

function versionsOf(n: number): readonly ToldRecord[] {
  return [1, 2].map((version) => ({
    ...{ source: n % 10 === 0 ? ownSource : 'pms', externalId: `r${n}`, version },
    data: { status: statusOf(n, version), listing_id: `l${n % 100}`, n, version },
  }));
}

function statusOf(n: number, version: number): string {
  return version === 1 ? 'booked' : (statuses[n % statuses.length] ?? 'booked');
}

async function wrongRecords(db: Database, workspaceId: string, count: number): Promise<number> {
  const rows = await db.query<{ external_id: string; version: number; data: string; f1: string }>({
    text: 'SELECT external_id, version, data, f1 FROM records WHERE workspace_id = $1 AND deleted_at IS NULL',
    values: [workspaceId],
  });
  const wrong = rows.filter((row) => {
    const n = Number(row.external_id.slice(1));
    const status = statusOf(n, 2);
    const data = JSON.parse(row.data) as { status: string; version: number };
    return row.version !== 2 || data.version !== 2 || data.status !== status || row.f1 !== status;
  });
  return wrong.length + Math.abs(rows.length - count);
}

/** Events by what they tell; `wrong`: an update whose before and after are not the two versions. */
async function eventCounts(db: Database, workspaceId: string) {
  const [row] = await db.query<{ all: number; distinct: number; wrong: number }>({
    text: `SELECT count(*)::int AS all,
        count(DISTINCT (payload::jsonb ->> 'external_id', payload::jsonb ->> 'version'))::int AS distinct,
        count(*) FILTER (WHERE
          (type = 'record.created') <> (payload::jsonb -> 'before' = 'null')
          OR payload::jsonb #>> '{after,version}' <> payload::jsonb ->> 'version'
          OR (type = 'record.updated' AND payload::jsonb #>> '{before,version}' <> '1'))::int AS wrong
      FROM trigger_events WHERE workspace_id = $1 AND type LIKE 'record.%'`,
    values: [workspaceId],
  });
  return row ?? { all: 0, distinct: 0, wrong: 0 };
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const all = [...items];
  for (let n = all.length - 1; n > 0; n--) {
    const other = Math.floor(random() * (n + 1));
    [all[n], all[other]] = [all[other] as T, all[n] as T];
  }
  return all;
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) =>
    items.slice(n * size, (n + 1) * size),
  );
}
