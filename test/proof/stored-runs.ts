import type { Database } from '../../src/store/connect.ts';

/** Ended runs a minute apart, each with its event and four steps. */
export async function storeRuns(
  db: Database,
  given: { readonly workspaceId: string; readonly agentId: string; readonly count: number },
): Promise<void> {
  const { count, workspaceId, agentId } = given;
  const indexes = await withoutIndexes(db);
  const part = 100_000;
  for (let from = 0; from < count; from += part) {
    const values = [from, Math.min(count, from + part) - 1, count, workspaceId, agentId];
    await db.transaction(async (tx) => {
      // Neither waits for the disk nor fires triggers and checks, row by row, of what is right by construction.
      await tx.execute('SET LOCAL synchronous_commit = off');
      await tx.execute('SET LOCAL session_replication_role = replica');
      for (const text of seedSql) {
        await tx.execute({ text, values: values.slice(0, text.includes('$3') ? 5 : 2) });
      }
    });
  }
  for (const index of indexes) await db.execute(index);
  await db.execute('VACUUM ANALYZE');
  await db.execute('CHECKPOINT');
}

/** Takes away the indexes that keep nothing unique, and returns how they are made again: at once is far quicker. */
async function withoutIndexes(db: Database): Promise<readonly string[]> {
  const found = await db.query<{ name: string; made: string }>(
    `SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS made FROM pg_index i
      WHERE NOT i.indisunique AND i.indrelid IN ('runs'::regclass, 'trigger_events'::regclass, 'journal'::regclass)`,
  );
  for (const { name } of found) await db.execute(`DROP INDEX ${name}`);
  return found.map(({ made }) => made);
}

const seededAt = `clock_timestamp() - interval '2 hours' - make_interval(mins => ($3 - n)::int)`;

const seedSql = [
  `INSERT INTO runs (id, run_id, workspace_id, agent_id, lane, agent_version, payload, model, trace_id,
      trigger_event_id, status, last_seq, input_tokens, output_tokens, cost_usd, disposition, response, stop_reason,
      usage_counted, created_at, started_at, completed_at)
    SELECT 'ar' || lpad(n::text, 30, '0'), 'run_' || lpad(n::text, 32, '0'), $4, $5, $5, 1, '{"order":"A-' || n || '"}',
      'scripted/instant', md5(n::text), 'te' || lpad(n::text, 30, '0'), 'completed', 5, 824, 74, 0.002, 'resolved',
      'Your order A-' || n || ' is confirmed.', 'completed', true, at, at, at + interval '2 seconds'
    FROM (SELECT n, ${seededAt} AS at FROM generate_series($1::bigint, $2) AS n) made`,
  `INSERT INTO trigger_events (id, workspace_id, source, payload, run_id, created_at)
    SELECT 'te' || lpad(n::text, 30, '0'), $4, 'manual', '{"order":"A-' || n || '"}', 'ar' || lpad(n::text, 30, '0'), ${seededAt}
    FROM generate_series($1::bigint, $2) AS n WHERE $5::text IS NOT NULL`,
  `INSERT INTO journal (run_id, seq, unit_id, step, type, state, data)
    SELECT 'ar' || lpad(n::text, 30, '0'), s, 'un', s, CASE WHEN s = 4 THEN 'end' ELSE 'model' END, 'done',
      '{"text":"Your order is looked up in the system, and then it is confirmed."}'
    FROM generate_series($1::bigint, $2) AS n, generate_series(1, 4) AS s`,
];
