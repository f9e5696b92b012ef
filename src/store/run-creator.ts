import type { TriggerType } from '../core/agent.ts';
import { toStorableText } from '../core/storable-text.ts';
import { type Database, databaseFault } from './connect.ts';
import { GroupCommit } from './group-commit.ts';
import type { IdempotencyKey, IdempotentAnswer } from './idempotency.ts';

// Dispatch: trigger event, run and idempotency key in one commit (I1), many dispatches in one statement.

export interface NewRun {
  readonly id: string;
  readonly runId: string;
  readonly workspaceId: string;
  readonly agentId: string;
  readonly agentVersion: number;
  readonly triggerId: string | null;
  readonly triggerType: TriggerType | null;
  readonly sessionId: string | null;
  readonly entityId: string | null;
  readonly additionalInstructions: string | null;
  readonly retryOf: string | null;
  readonly payloadJson: string;
  readonly model: string;
  readonly traceId: string;
  /** The incarnation that drives the run from its creation on; null leaves it to whoever has room. */
  readonly owner: string | null;
  /** Seconds that it goes ahead of others of its workspace in the queue; default 0, at most 3,600. */
  readonly priority?: number;
  /** Runs of the agent with the same key go one at a time. */
  readonly concurrencyKey?: string | null;
  /** Its agent is paused: nobody claims it before it is resumed. Needs `owner: null`. */
  readonly parked?: boolean;
  readonly dryRun?: boolean;
  readonly event: { readonly id: string; readonly source: string };
  readonly idempotency: NewIdempotencyKey | null;
}

export type NewIdempotencyKey = Omit<IdempotencyKey, 'workspaceId'> & IdempotentAnswer;

/** `repeated`: the key was used before; the caller looks up by what. `created` otherwise. */
export type CreateOutcome =
  | { readonly kind: 'created'; readonly createdAt: Date }
  | { readonly kind: 'repeated' };

export type RunCreator = GroupCommit<NewRun, CreateOutcome>;

/** The dispatch queue of a process. Refuses with `NotCommitted` when the database stays away too long. */
export function createRunCreator(
  db: Database,
  options: { readonly giveUpAfterMs?: number } = {},
): RunCreator {
  return new GroupCommit<NewRun, CreateOutcome>({
    execute: (runs) => insertRuns(db, runs),
    faultOf: databaseFault,
    sizeOf: (run) => 1_024 + run.payloadJson.length,
    giveUpAfterMs: options.giveUpAfterMs ?? 3_000,
  });
}

/** Creates the runs in one statement. In a transaction of the caller's, with what else belongs to them. */
export async function insertRuns(
  db: Pick<Database, 'query'>,
  runs: readonly NewRun[],
): Promise<CreateOutcome[]> {
  // The same key twice in one statement would conflict with itself unseen: the later ones wait a turn.
  const later = new Set(repeatedKeys(runs));
  const now = runs.filter((run) => !later.has(run));
  const rows = await db.query<{ id: string; created_at: Date }>({
    name: 'runs-create',
    text: createSql,
    values: createValues(now),
  });
  const created = new Map(rows.map((row) => [row.id, row.created_at]));
  const missing = now.filter((run) => !created.has(run.id));
  if (missing.length > 0) {
    // An earlier try of the same unit may have been committed by a backend that outlived its connection.
    for (const row of await existingRuns(db, missing)) created.set(row.id, row.created_at);
  }
  return runs.map((run) => {
    const createdAt = created.get(run.id);
    return createdAt === undefined ? { kind: 'repeated' } : { kind: 'created', createdAt };
  });
}

function repeatedKeys(runs: readonly NewRun[]): NewRun[] {
  const seen = new Set<string>();
  return runs.filter((run) => {
    if (run.idempotency === null) return false;
    const key = JSON.stringify([run.workspaceId, run.idempotency.route, run.idempotency.key]);
    if (seen.has(key)) return true;
    seen.add(key);
    return false;
  });
}

async function existingRuns(
  db: Pick<Database, 'query'>,
  runs: readonly NewRun[],
): Promise<{ id: string; created_at: Date }[]> {
  return await db.query<{ id: string; created_at: Date }>({
    name: 'runs-existing',
    text: 'SELECT id, created_at FROM runs WHERE id = ANY ($1)',
    values: [runs.map((run) => run.id)],
  });
}

const createSql = `
WITH given AS MATERIALIZED (
  SELECT * FROM unnest(
    $1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::text[], $7::text[],
    $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[],
    $15::text[], $16::text[], $17::text[], $18::text[], $19::text[], $20::bytea[], $21::int[], $22::text[],
    $23::int[], $24::text[], $25::bool[], $26::bool[]
  ) AS g (
    id, run_id, workspace_id, agent_id, agent_version, trigger_id, trigger_type,
    session_id, entity_id, additional_instructions, retry_of, payload, model, trace_id,
    owner, event_id, source, route, key, body_hash, status, response, priority, concurrency_key,
    parked, dry_run
  )
), keyed AS (
  INSERT INTO idempotency_keys (workspace_id, route, key, body_hash, status, response)
  SELECT workspace_id, route, key, body_hash, status, response FROM given WHERE key IS NOT NULL
  ON CONFLICT (workspace_id, route, key) DO UPDATE
    SET body_hash = excluded.body_hash, status = excluded.status, response = excluded.response,
      created_at = clock_timestamp()
    WHERE idempotency_keys.created_at <= clock_timestamp() - interval '24 hours'
  RETURNING workspace_id, route, key
), fresh AS MATERIALIZED (
  SELECT g.* FROM given g
  WHERE g.key IS NULL OR EXISTS (
    SELECT 1 FROM keyed k WHERE k.workspace_id = g.workspace_id AND k.route = g.route AND k.key = g.key
  )
), evented AS (
  INSERT INTO trigger_events (id, workspace_id, trigger_id, source, payload)
  SELECT event_id, workspace_id, trigger_id, source, payload FROM fresh
  ON CONFLICT DO NOTHING
)
INSERT INTO runs (
  id, run_id, workspace_id, agent_id, agent_version, trigger_id, trigger_type, trigger_event_id,
  session_id, entity_id, additional_instructions, retry_of, payload, model, trace_id,
  status, owner, wake_at, started_at, priority, concurrency_key, dry_run
)
SELECT
  id, run_id, workspace_id, agent_id, agent_version, trigger_id, trigger_type, event_id,
  session_id, entity_id, additional_instructions, retry_of, payload, model, trace_id,
  CASE WHEN owner IS NULL THEN 'accepted' ELSE 'running' END, owner,
  CASE WHEN owner IS NULL AND NOT parked THEN clock_timestamp() - make_interval(secs => priority) END,
  CASE WHEN owner IS NULL THEN NULL ELSE clock_timestamp() END,
  priority, concurrency_key, dry_run
FROM fresh
ON CONFLICT DO NOTHING
RETURNING id, created_at`;

function createValues(runs: readonly NewRun[]): unknown[] {
  const storable = (text: string | null) => (text === null ? null : toStorableText(text));
  return [
    runs.map((run) => run.id),
    runs.map((run) => run.runId),
    runs.map((run) => run.workspaceId),
    runs.map((run) => run.agentId),
    runs.map((run) => run.agentVersion),
    runs.map((run) => run.triggerId),
    runs.map((run) => run.triggerType),
    runs.map((run) => storable(run.sessionId)),
    runs.map((run) => storable(run.entityId)),
    runs.map((run) => storable(run.additionalInstructions)),
    runs.map((run) => run.retryOf),
    runs.map((run) => run.payloadJson),
    runs.map((run) => run.model),
    runs.map((run) => run.traceId),
    runs.map((run) => run.owner),
    runs.map((run) => run.event.id),
    runs.map((run) => run.event.source),
    runs.map((run) => run.idempotency?.route ?? null),
    runs.map((run) => storable(run.idempotency?.key ?? null)),
    runs.map((run) => run.idempotency?.bodyHash ?? null),
    runs.map((run) => run.idempotency?.status ?? null),
    runs.map((run) =>
      run.idempotency === null ? null : toStorableText(run.idempotency.responseJson),
    ),
    runs.map((run) => run.priority ?? 0),
    runs.map((run) => storable(run.concurrencyKey ?? null)),
    runs.map((run) => run.parked ?? false),
    runs.map((run) => run.dryRun ?? false),
  ];
}
