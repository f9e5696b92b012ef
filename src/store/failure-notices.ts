import { type Page, type PageRequest, toPage } from '../core/page.ts';
import type { StopReason } from '../core/run.ts';
import { fromStorableOrNull, fromStorableText } from '../core/storable-text.ts';
import type { Queryable } from './connect.ts';
import { Conditions } from './page-sql.ts';

/** Failed runs of one agent that ended for one reason, told as one. */
export interface FailureNotice {
  /** Agent and reason: the same as long as they are. */
  readonly id: string;
  readonly agent: { readonly id: string; readonly number: number; readonly name: string };
  readonly reason: StopReason;
  /** Of the latest. */
  readonly error: string | null;
  readonly runs: number;
  /** All of them were retried. */
  readonly isDone: boolean;
  /** What the runs were about, at most a hundred, each once. */
  readonly entityIds: readonly string[];
  readonly firstAt: Date;
  readonly lastAt: Date;
}

interface Row {
  readonly id: string;
  readonly agent_id: string;
  readonly agent_number: number;
  readonly agent_name: string;
  readonly stop_reason: StopReason;
  readonly error: string | null;
  readonly runs: number;
  readonly is_done: boolean;
  readonly entity_ids: (string | null)[];
  readonly first_at: Date;
  readonly created_at: Date;
}

/** A page of what failed among the runs created since `from`, what failed last first. */
export async function listFailureNotices(
  db: Queryable,
  filter: { readonly workspaceId: string; readonly from: Date },
  page: PageRequest,
): Promise<Page<FailureNotice>> {
  const conditions = new Conditions();
  const workspace = conditions.place(filter.workspaceId);
  const from = conditions.place(filter.from);
  const tail = conditions.pageOf(page, [], 'n');
  const rows = await db.query<Row>({
    text: `SELECT n.*, a.number AS agent_number, a.name AS agent_name FROM (
        SELECT r.agent_id || ':' || r.stop_reason AS id, r.agent_id, r.stop_reason, count(*)::int AS runs,
          min(r.created_at) AS first_at, max(r.created_at) AS created_at,
          (array_agg(r.error ORDER BY r.created_at DESC))[1] AS error,
          (array_agg(DISTINCT r.entity_id) FILTER (WHERE r.entity_id IS NOT NULL))[1:100] AS entity_ids,
          bool_and(EXISTS (SELECT FROM runs t WHERE t.retry_of = r.id)) AS is_done
        FROM runs r
        WHERE r.workspace_id = ${workspace} AND r.status = 'failed' AND r.created_at >= ${from}
          AND r.test_run_id IS NULL AND NOT r.dry_run
        GROUP BY r.agent_id, r.stop_reason
      ) n JOIN agents a ON a.id = n.agent_id ${tail}`,
    values: conditions.values,
  });
  const notices = rows.map(toNotice);
  return toPage(notices, page.limit, ({ id, lastAt }) => ({ id, createdAt: lastAt }));
}

function toNotice(row: Row): FailureNotice {
  return {
    id: row.id,
    agent: {
      id: row.agent_id,
      number: row.agent_number,
      name: fromStorableText(row.agent_name),
    },
    reason: row.stop_reason,
    error: fromStorableOrNull(row.error),
    runs: row.runs,
    isDone: row.is_done,
    entityIds: (row.entity_ids ?? []).flatMap((id) => (id === null ? [] : [fromStorableText(id)])),
    firstAt: row.first_at,
    lastAt: row.created_at,
  };
}
