import type { Run } from '../core/run.ts';
import type { Queryable } from './connect.ts';

/** The run that took over from one that was superseded: the first that has read more; null: none yet. */
export async function findSupersedingRun(
  db: Queryable,
  run: Pick<Run, 'agentId' | 'conversationId' | 'readRev' | 'dispositionReason'>,
): Promise<string | null> {
  if (run.dispositionReason !== 'superseded' || run.readRev === null) return null;
  const rows = await db.query<{ id: string }>({
    name: 'run-superseding',
    text: `SELECT id FROM runs WHERE conversation_id = $1 AND read_rev > $2
      ORDER BY read_rev, agent_id <> $3, id LIMIT 1`,
    values: [run.conversationId, run.readRev, run.agentId],
  });
  return rows[0]?.id ?? null;
}
