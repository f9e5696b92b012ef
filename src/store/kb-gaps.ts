import type { KnowledgeGap } from '../core/knowledge.ts';
import { type Page, type PageRequest, toPage } from '../core/page.ts';
import {
  fromStorableOrNull,
  fromStorableText,
  storableOrNull,
  toStorableText,
} from '../core/storable-text.ts';
import type { Queryable } from './connect.ts';
import { Conditions } from './page-sql.ts';

interface GapRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly run_id: string;
  readonly agent_id: string;
  readonly query: string;
  readonly entity_id: string | null;
  readonly node_id: string | null;
  readonly created_at: Date;
  readonly answered_at: Date | null;
}

const columns =
  'id, workspace_id, run_id, agent_id, query, entity_id, node_id, created_at, answered_at';

/** Notes a question without an answer. A repeat of the call that asked it adds nothing. */
export async function insertGap(
  db: Queryable,
  gap: Pick<KnowledgeGap, 'id' | 'workspaceId' | 'runId' | 'agentId' | 'query' | 'entityId'> & {
    readonly callKey: string;
  },
): Promise<void> {
  await db.execute({
    name: 'insert_kb_gap',
    text: `INSERT INTO kb_gaps (id, workspace_id, run_id, agent_id, query, entity_id, call_key)
      VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (call_key) DO NOTHING`,
    values: [
      gap.id,
      gap.workspaceId,
      gap.runId,
      gap.agentId,
      toStorableText(gap.query),
      storableOrNull(gap.entityId),
      gap.callKey,
    ],
  });
}

/** A page of the workspace's unanswered questions, or of those that were answered since, newest first. */
export async function listGaps(
  db: Queryable,
  filter: {
    readonly workspaceId: string;
    readonly isAnswered: boolean;
    readonly runId?: string | undefined;
    readonly agentId?: string | undefined;
  },
  page: PageRequest,
): Promise<Page<KnowledgeGap>> {
  const conditions = new Conditions().inScope([filter.workspaceId], 'workspace_id');
  if (filter.runId !== undefined) conditions.add(filter.runId, (at) => `run_id = ${at}`);
  if (filter.agentId !== undefined) conditions.add(filter.agentId, (at) => `agent_id = ${at}`);
  const tail = conditions.pageOf(page, [
    filter.isAnswered ? 'answered_at IS NOT NULL' : 'answered_at IS NULL',
  ]);
  const rows = await db.query<GapRow>({
    text: `SELECT ${columns} FROM kb_gaps ${tail}`,
    values: conditions.values,
  });
  return toPage(rows.map(toGap), page.limit, (gap) => gap);
}

/** The run's questions that are open; the newest of them last. */
export async function openGapsOfRun(
  tx: Queryable,
  runId: string,
): Promise<readonly KnowledgeGap[]> {
  const rows = await tx.query<GapRow>({
    name: 'open_kb_gaps_of_run',
    text: `SELECT ${columns} FROM kb_gaps WHERE run_id = $1 AND answered_at IS NULL
      ORDER BY created_at, id`,
    values: [runId],
  });
  return rows.map(toGap);
}

/** What the runs asked in vain, oldest first, those that a node was made of since among them. */
export async function listGapsOfRuns(
  db: Queryable,
  runIds: readonly string[],
): Promise<readonly KnowledgeGap[]> {
  const rows = await db.query<GapRow>({
    name: 'list_kb_gaps_of_runs',
    text: `SELECT ${columns} FROM kb_gaps WHERE run_id = ANY ($1) ORDER BY created_at, id`,
    values: [runIds],
  });
  return rows.map(toGap);
}

/** The node answers what the run asked. */
export async function closeGapsOfRun(tx: Queryable, runId: string, nodeId: string): Promise<void> {
  await tx.execute({
    name: 'close_kb_gaps_of_run',
    text: `UPDATE kb_gaps SET node_id = $2, answered_at = clock_timestamp()
      WHERE run_id = $1 AND answered_at IS NULL`,
    values: [runId, nodeId],
  });
}

function toGap(row: GapRow): KnowledgeGap {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    runId: row.run_id,
    agentId: row.agent_id,
    query: fromStorableText(row.query),
    entityId: fromStorableOrNull(row.entity_id),
    nodeId: row.node_id,
    createdAt: row.created_at,
    answeredAt: row.answered_at,
  };
}
