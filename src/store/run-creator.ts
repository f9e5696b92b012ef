import { toStorableText } from '../core/storable-text.ts';
import type { Database } from './connect.ts';
import { createFirings } from './create-firings-sql.ts';
import { databaseFault } from './database-fault.ts';
import { GroupCommit } from './group-commit.ts';
import type { FiringOutcome, NewFiring } from './new-firing.ts';

// Dispatch: trigger event, verdicts, runs and idempotency key in one commit (I1), many firings in one
// statement. A dispatch by hand is a firing of one run that nothing judged.

export type RunCreator = GroupCommit<NewFiring, FiringOutcome>;

type Query = Pick<Database, 'query'>;

/** The dispatch queue of a process. Refuses with `NotCommitted` when the database stays away too long. */
export function createRunCreator(
  db: Database,
  options: { readonly giveUpAfterMs?: number } = {},
): RunCreator {
  return new GroupCommit<NewFiring, FiringOutcome>({
    execute: (firings) => insertFirings(db, firings),
    faultOf: databaseFault,
    sizeOf: ({ event, runs, verdicts }) =>
      512 * (1 + runs.length) +
      event.payloadJson.length +
      verdicts.reduce((size, verdict) => size + 256 + verdict.comparisonsJson.length, 0),
    giveUpAfterMs: options.giveUpAfterMs ?? 3_000,
    // Dispatches come over many sockets.
    turns: 2,
  });
}

const noneSkipped: ReadonlySet<string> = new Set();

/** Creates the firings in one statement. In a transaction of the caller's, with what else belongs to them. */
export async function insertFirings(
  db: Query,
  firings: readonly NewFiring[],
): Promise<FiringOutcome[]> {
  // The same key twice in one statement would conflict with itself unseen: the later ones wait a turn.
  const later = new Set(repeatedKeys(firings));
  const now = inLockOrder(firings.filter((firing) => !later.has(firing)));
  const rows = await db.query<{ id: string; created_at: Date | null; skipped: string | null }>(
    createFirings(now),
  );
  const created = new Map<string, Date>();
  const skipped = new Map<string, Set<string>>();
  for (const row of rows) {
    if (row.created_at !== null) created.set(row.id, row.created_at);
    if (row.skipped === null) continue;
    const ids = skipped.get(row.id) ?? new Set();
    skipped.set(row.id, ids.add(row.skipped));
  }
  const missing = now.filter(({ event }) => !created.has(event.id));
  if (missing.length > 0) {
    // An earlier try of the same unit may have been committed by a backend that outlived its connection.
    for (const row of await committedEarlier(db, missing)) {
      created.set(row.id, row.created_at);
      skipped.set(row.id, new Set(row.skipped));
    }
  }
  return firings.map(({ event }) => {
    const createdAt = created.get(event.id);
    if (createdAt === undefined) return { kind: 'repeated' };
    return { kind: 'created', createdAt, skippedRuns: skipped.get(event.id) ?? noneSkipped };
  });
}

/** Once keys are taken in one order everywhere, so that two processes' batches do not wait for each other. */
function inLockOrder(firings: readonly NewFiring[]): readonly NewFiring[] {
  const keyOf = ({ event }: NewFiring) => event.onceKey ?? '';
  if (firings.every((firing) => keyOf(firing) === '')) return firings;
  return firings.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
}

function repeatedKeys(firings: readonly NewFiring[]): NewFiring[] {
  const seen = new Set<string>();
  return firings.filter(({ event, idempotency }) => {
    if (idempotency === null) return false;
    const key = JSON.stringify([event.workspaceId, idempotency.route, idempotency.key]);
    if (seen.has(key)) return true;
    seen.add(key);
    return false;
  });
}

async function committedEarlier(
  db: Query,
  firings: readonly NewFiring[],
): Promise<{ id: string; created_at: Date; skipped: string[] }[]> {
  const runs = firings.flatMap(({ event, runs }) =>
    runs.map((run) => ({ eventId: event.id, id: run.id })),
  );
  return await db.query<{ id: string; created_at: Date; skipped: string[] }>({
    name: 'firings-existing',
    text: `SELECT e.id, e.created_at, ARRAY(
             SELECT g.id FROM unnest($2::text[], $3::text[]) AS g (event_id, id)
             WHERE g.event_id = e.id AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.id = g.id)
           ) AS skipped
           FROM trigger_events e WHERE e.id = ANY ($1)`,
    values: [
      firings.map(({ event }) => event.id),
      runs.map((run) => run.eventId),
      runs.map((run) => run.id),
    ],
  });
}

/** The event that used a once key first, and its runs. */
export async function getFiringByKey(
  db: Query,
  key: { readonly workspaceId: string; readonly onceKey: string },
): Promise<{ readonly eventId: string; readonly runs: readonly FiredRun[] } | null> {
  const rows = await db.query<{
    event_id: string;
    id: string | null;
    run_id: string;
    agent_id: string;
    trigger_id: string;
  }>({
    name: 'firing-by-key',
    text: `SELECT e.id AS event_id, r.id, r.run_id, r.agent_id, r.trigger_id
           FROM trigger_events e
           LEFT JOIN trigger_verdicts v ON v.event_id = e.id AND v.verdict = 'ran'
           LEFT JOIN runs r ON r.id = v.run_id
           WHERE e.workspace_id = $1 AND e.once_key = $2
           ORDER BY v.n`,
    values: [key.workspaceId, toStorableText(key.onceKey)],
  });
  const first = rows[0];
  if (first === undefined) return null;
  const runs = rows.flatMap(({ id, run_id: runId, agent_id: agentId, trigger_id: triggerId }) =>
    id === null ? [] : [{ id, runId, agentId, triggerId }],
  );
  return { eventId: first.event_id, runs };
}

export interface FiredRun {
  readonly id: string;
  readonly runId: string;
  readonly agentId: string;
  readonly triggerId: string;
}
