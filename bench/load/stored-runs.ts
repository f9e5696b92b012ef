import { newId } from '../../src/core/ids.ts';
import type { Database } from '../../src/store/connect.ts';
import { copyAllSearched } from '../../src/store/run-search.ts';
import { countUsage } from '../../src/store/usage.ts';

interface StoredRuns {
  readonly agentId: string;
  readonly workspaceId: string;
  readonly count: number;
  /** That the runs are spread over, the given one among them; default 5. */
  readonly workspaces?: number;
}

/** One in so many has what few have; of few runs more do, so that a page of answers is full there as well. */
export const strideOf = (count: number): number =>
  Math.max(1, Math.min(1_000, Math.floor(count / 25)));

/** Ended runs as rows, one a second up to the present, most of them of others than the given agent. */
export async function storeRuns(
  db: Database,
  given: StoredRuns,
): Promise<{ readonly ids: readonly string[]; readonly runIds: readonly string[] }> {
  const others = await storeOthers(db, given);
  const stride = strideOf(given.count);
  await db.execute({
    text: `
      INSERT INTO runs (id, run_id, workspace_id, agent_id, lane, agent_version, conversation_id, entity_id,
        payload, model, trace_id, status, last_seq, input_tokens, output_tokens, cost_usd, disposition,
        disposition_reason, response, stop_reason, error, created_at, started_at, completed_at)
      SELECT 'ar' || substr(md5(n::text), 1, 30), 'run_' || md5('r' || n),
        ($2::text[])[1 + n % 50], ($3::text[])[1 + n % 50], ($3::text[])[1 + n % 50], 1, 'cv-' || (n / 5), 'en-' || (n / 5),
        '{"order":"A-' || n || '"}', 'bench/instant', md5('t' || n),
        CASE WHEN n % $5::int = $5::int / 2 THEN 'failed' ELSE 'completed' END, 5, 824, 74,
        CASE WHEN n % $4::int = 10 THEN 0.95 ELSE 0.002 END,
        CASE WHEN n % $4::int = 0 THEN 'escalated' WHEN n % $5::int <> $5::int / 2 THEN 'resolved' END,
        'answered_in_text',
        'Your order A-' || n || ' is confirmed. ' || CASE WHEN n % $4::int = 15 THEN 'needle' ELSE 'Welcome!' END,
        'completed', CASE WHEN n % $5::int = $5::int / 2 THEN 'The model did not answer.' END,
        at, at, at + interval '2 seconds'
      FROM (SELECT n, clock_timestamp() - make_interval(secs => $1 - n) AS at FROM generate_series(0, $1 - 1) AS n) AS made`,
    values: [given.count, others.workspaceIds, others.agentIds, stride, Math.min(100, stride)],
  });
  await db.execute(`
    INSERT INTO journal (run_id, seq, unit_id, step, type, state, data)
    SELECT id, 1, 'un', 1, 'model', 'done',
      '{"model":"bench/instant","text":"","reasoning":null,"toolCalls":[],"finishReason":"stop","usage":{"inputTokens":824,"outputTokens":74,"cachedInputTokens":0,"cacheWriteTokens":0,"reasoningTokens":0},"costUsd":0.002,"failedAttempts":[],"durationMs":800,"nudge":null}'
    FROM runs`);
  await db.execute(`
    INSERT INTO journal (run_id, seq, unit_id, step, type, state, data)
    SELECT id, 5, 'un', 5, 'end', 'done',
      '{"stopReason":"completed","disposition":"resolved","response":"Your order is confirmed.","error":null}'
    FROM runs`);
  await copyAllSearched(db);
  await countUsage(db, given.count);
  await db.execute('VACUUM ANALYZE run_search');
  await db.execute('VACUUM ANALYZE run_figures');
  await db.execute('VACUUM ANALYZE runs');
  await db.execute('VACUUM ANALYZE journal');
  await db.execute('CHECKPOINT');
  const rows = await db.query<{ id: string; run_id: string }>({
    text: 'SELECT id, run_id FROM runs WHERE agent_id = $1 ORDER BY md5(id) LIMIT 200',
    values: [given.agentId],
  });
  return { ids: rows.map((row) => row.id), runIds: rows.map((row) => row.run_id) };
}

/** Fifty agents in these workspaces, in turns; the given one among them. */
async function storeOthers(
  db: Database,
  given: StoredRuns,
): Promise<{ readonly workspaceIds: readonly string[]; readonly agentIds: readonly string[] }> {
  const { workspaces: count = 5 } = given;
  const others = Array.from({ length: count - 1 }, () => newId('workspace'));
  const workspaces = [given.workspaceId, ...others];
  await db.execute({
    text: `INSERT INTO workspaces (id, name) SELECT unnest($1::text[]), 'Bench' ON CONFLICT DO NOTHING`,
    values: [workspaces],
  });
  const agentIds = [given.agentId, ...Array.from({ length: 49 }, () => newId('agent'))];
  const workspaceIds = agentIds.map((_, index) => workspaces[index % count] ?? '');
  await db.execute({
    text: `INSERT INTO agents (id, workspace_id, name, version, definition)
      SELECT id, workspace_id, 'Bench', 1, '{}' FROM unnest($1::text[], $2::text[]) AS a (id, workspace_id)
      ON CONFLICT DO NOTHING`,
    values: [agentIds, workspaceIds],
  });
  return { workspaceIds, agentIds };
}
