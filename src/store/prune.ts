import { removedPayload } from '../core/retention.ts';
import type { Queryable } from './connect.ts';
import { holdCopies } from './copies-lock.ts';
import type { Mark } from './retention.ts';

// What a batch of retention looks at and removes. Each looks at the oldest so many rows after a place, whatever
// becomes of them, so that its work has a bound; every statement finds its rows by an index.

/** What is ordered by age and pruned on its own. */
export type Aged = 'runs' | 'trigger_events' | 'tool_runs' | 'webhook_messages';

export interface Look {
  readonly workspaceId: string;
  /** Only rows after it; null: from the oldest on. */
  readonly after: Mark | null;
  /** Rows up to it are too old, or too many. */
  readonly upTo: Mark;
  readonly limit: number;
}

export interface Looked {
  readonly ids: readonly string[];
  /** The last row; null: there is none left. */
  readonly last: Mark | null;
}

/** A row's workspace: runs of tools by hand are their tool's. */
const ofWorkspace: Readonly<Record<Aged, string>> = {
  runs: 't.workspace_id = $1',
  trigger_events: 't.workspace_id = $1',
  webhook_messages: 't.workspace_id = $1',
  tool_runs: 't.tool_id IN (SELECT id FROM custom_tools WHERE workspace_id = $1)',
};

/** The newest row that is one too many; null when there are no more than that. */
export async function newestBeyond(
  db: Queryable,
  of: { readonly table: Aged; readonly workspaceId: string; readonly count: number },
): Promise<Mark | null> {
  const [row] = await db.query<Mark>({
    text: `SELECT t.created_at::text AS at, t.id FROM ${of.table} t WHERE ${ofWorkspace[of.table]}
      ORDER BY t.created_at DESC, t.id DESC OFFSET $2 LIMIT 1`,
    values: [of.workspaceId, of.count],
  });
  return row ?? null;
}

/** The next rows, the oldest first. */
export async function lookAt(tx: Queryable, table: Aged, look: Look): Promise<Looked> {
  const rows = await tx.query<Mark>({
    text: `SELECT t.created_at::text AS at, t.id FROM ${table} t
      WHERE ${ofWorkspace[table]} AND (t.created_at, t.id) <= ($2::timestamptz, $3)
        ${look.after === null ? '' : 'AND (t.created_at, t.id) > ($5::timestamptz, $6)'}
      ORDER BY t.created_at, t.id LIMIT $4`,
    values: [
      look.workspaceId,
      look.upTo.at,
      look.upTo.id,
      look.limit,
      ...(look.after === null ? [] : [look.after.at, look.after.id]),
    ],
  });
  return { ids: rows.map(({ id }) => id), last: rows.at(-1) ?? null };
}

/** How long what has ended is left alone, however little is to be kept: somebody may wait for its answer. */
const atLeast = "interval '1 hour'";

/** Whether a run must stay as it is: it goes on, is not counted yet, or somebody still needs it. */
const isNeeded = `(
  r.status NOT IN ('completed', 'failed', 'cancelled') OR r.usage_counted IS NULL
  OR r.completed_at > clock_timestamp() - ${atLeast}
  OR EXISTS (SELECT 1 FROM escalations e WHERE e.run_id = r.id AND e.status = 'pending')
  OR EXISTS (SELECT 1 FROM internal_events i WHERE i.run_id = r.id)
  OR EXISTS (SELECT 1 FROM messages m WHERE m.run_id = r.id AND m.status IN ('queued', 'sending'))
  OR EXISTS (SELECT 1 FROM test_cases c WHERE c.workspace_id = r.workspace_id AND c.deleted_at IS NULL
    AND c.from_run_id IN (r.id, r.run_id))
  OR r.test_run_id IS NOT NULL AND EXISTS (SELECT 1 FROM test_runs u WHERE u.id = r.test_run_id
    AND (u.completed_at IS NULL OR u.id = (SELECT v.id FROM test_runs v
      WHERE v.agent_id = u.agent_id AND v.status = 'completed' ORDER BY v.created_at DESC, v.id DESC LIMIT 1))))`;

/**
 * Of these runs those that can go, with all that they asked other agents for; a run goes with the one that asked for
 * it, and stays while any below it is needed. They are locked for the rest of the transaction.
 */
export async function lockPrunableRuns(
  tx: Queryable,
  ids: readonly string[],
): Promise<readonly string[]> {
  const rows = await tx.query<{ id: string }>({
    text: `WITH RECURSIVE tree (root, id) AS (
        SELECT r.id, r.id FROM runs r WHERE r.id = ANY ($1)
          AND (r.parent_run_id IS NULL OR NOT EXISTS (SELECT 1 FROM runs p WHERE p.id = r.parent_run_id))
        UNION
        SELECT t.root, c.id FROM tree t JOIN runs c ON c.parent_run_id = t.id
      ), needed AS (
        SELECT DISTINCT t.root FROM tree t JOIN runs r ON r.id = t.id WHERE ${isNeeded}
      )
      SELECT r.id FROM runs r
      WHERE r.id IN (SELECT t.id FROM tree t WHERE t.root NOT IN (SELECT root FROM needed))
      ORDER BY r.id FOR UPDATE SKIP LOCKED`,
    values: [ids],
  });
  return rows.map(({ id }) => id);
}

/** Removes locked runs with their steps, outputs kept apart, approvals and hand-overs. */
export async function deleteRuns(tx: Queryable, ids: readonly string[]): Promise<number> {
  await holdCopies(tx);
  for (const table of ['journal', 'run_chunks', 'run_search', 'run_figures', 'spills']) {
    await tx.execute({ text: `DELETE FROM ${table} WHERE run_id = ANY ($1)`, values: [ids] });
  }
  return await tx.execute({ text: 'DELETE FROM runs WHERE id = ANY ($1)', values: [ids] });
}

/** Of these runs those that nobody needs as they are, locked. */
export async function lockUnneededRuns(
  tx: Queryable,
  ids: readonly string[],
): Promise<readonly string[]> {
  const rows = await tx.query<{ id: string }>({
    text: `SELECT r.id FROM runs r WHERE r.id = ANY ($1) AND NOT ${isNeeded}
      ORDER BY r.id FOR NO KEY UPDATE SKIP LOCKED`,
    values: [ids],
  });
  return rows.map(({ id }) => id);
}

/** Removes what locked runs were given, and their outputs that are kept apart; how many runs had any. */
export async function removeRunPayloads(tx: Queryable, ids: readonly string[]): Promise<number> {
  await tx.execute({ text: 'DELETE FROM spills WHERE run_id = ANY ($1)', values: [ids] });
  return await tx.execute({
    text: 'UPDATE runs SET payload = $2 WHERE id = ANY ($1) AND payload <> $2',
    values: [ids, removedPayload],
  });
}

/** Removes what these events carried; how many had any. Those whose runs go on keep it. */
export async function removeEventPayloads(tx: Queryable, ids: readonly string[]): Promise<number> {
  return await tx.execute({
    text: `UPDATE trigger_events e SET payload = $2
      WHERE e.id = ANY ($1) AND e.payload <> $2 AND NOT ${hasOpenRun}`,
    values: [ids, removedPayload],
  });
}

const hasOpenRun = `EXISTS (
  SELECT 1 FROM runs r WHERE r.status IN ('accepted', 'running', 'waiting') AND (r.id = e.run_id
    OR r.id IN (SELECT v.run_id FROM trigger_verdicts v WHERE v.event_id = e.id AND v.run_id IS NOT NULL)))`;

/** Removes events with their verdicts, but for those whose runs go on. */
export async function deleteTriggerEvents(tx: Queryable, ids: readonly string[]): Promise<number> {
  return await tx.execute({
    text: `DELETE FROM trigger_events e WHERE e.id = ANY ($1) AND NOT ${hasOpenRun}
      AND e.created_at < clock_timestamp() - ${atLeast}`,
    values: [ids],
  });
}

/** Removes runs of tools by hand that have ended, or must have. */
export async function deleteToolRuns(tx: Queryable, ids: readonly string[]): Promise<number> {
  return await tx.execute({
    text: `DELETE FROM tool_runs WHERE id = ANY ($1)
      AND coalesce(completed_at, created_at) < clock_timestamp() - ${atLeast}`,
    values: [ids],
  });
}

/** Removes what was told to webhooks, or given up. */
export async function deleteWebhookMessages(
  tx: Queryable,
  ids: readonly string[],
): Promise<number> {
  return await tx.execute({
    text: `DELETE FROM webhook_messages m WHERE m.id = ANY ($1)
      AND m.created_at < clock_timestamp() - ${atLeast} AND NOT EXISTS (
        SELECT 1 FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id
        WHERE d.message_id = m.id AND d.state = 'pending' AND w.deleted_at IS NULL AND w.enabled)`,
    values: [ids],
  });
}

interface StepRow {
  readonly run_id: string;
  readonly seq: number;
  readonly data: string;
}

/** Removes what tools printed during locked runs; in how many steps it was. */
export async function removeStepLogs(tx: Queryable, ids: readonly string[]): Promise<number> {
  const found = await tx.query<StepRow>({
    text: `SELECT run_id, seq, data FROM journal
      WHERE run_id = ANY ($1) AND type = 'tool' AND strpos(data, '"logs":"') > 0`,
    values: [ids],
  });
  // The same words may stand in what a tool was given or gave.
  const changed = found.flatMap((row): StepRow[] => {
    const data = JSON.parse(row.data) as { readonly logs?: string | null };
    return typeof data.logs === 'string'
      ? [{ ...row, data: JSON.stringify({ ...data, logs: null }) }]
      : [];
  });
  if (changed.length === 0) return 0;
  return await tx.execute({
    text: `UPDATE journal j SET data = n.data
      FROM unnest($1::text[], $2::int[], $3::text[]) AS n (run_id, seq, data)
      WHERE j.run_id = n.run_id AND j.seq = n.seq`,
    values: [
      changed.map(({ run_id }) => run_id),
      changed.map(({ seq }) => seq),
      changed.map(({ data }) => data),
    ],
  });
}

/** Removes what tools that people ran by themselves printed; how many had printed something. */
export async function removeToolRunLogs(tx: Queryable, ids: readonly string[]): Promise<number> {
  return await tx.execute({
    text: 'UPDATE tool_runs SET logs = NULL WHERE id = ANY ($1) AND logs IS NOT NULL',
    values: [ids],
  });
}
