import { type Page, type PageRequest, toPage } from '../core/page.ts';
import type { ScheduledRun, ScheduledStatus } from '../core/scheduled-run.ts';
import { toStorableText } from '../core/storable-text.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Queryable } from './connect.ts';
import { Conditions } from './page-sql.ts';
import { type ScheduledRow, selectScheduled, toScheduledRun } from './scheduled-runs.ts';

/** How far a scheduled run and what came of it have come. */
export const scheduledStages = [
  'pending',
  'processing',
  'completed',
  'failed',
  'cancelled',
] as const;
export type ScheduledStage = (typeof scheduledStages)[number];

export interface ScheduledFilter {
  readonly scope: WorkspaceScope;
  readonly status?: ScheduledStatus;
  readonly stage?: ScheduledStage;
  readonly agentId?: string;
  readonly entityId?: string;
  /** Part of the entity, the instructions or the agent's name; case does not matter. */
  readonly search?: string;
}

/** A page of scheduled runs, newest first. */
export async function listScheduledRuns(
  db: Queryable,
  filter: ScheduledFilter,
  page: PageRequest,
): Promise<Page<ScheduledRun>> {
  const { conditions, fixed } = conditionsOf(filter);
  const tail = conditions.pageOf(page, fixed, 's');
  const rows = await db.query<ScheduledRow>({
    text: `${selectScheduled} ${tail}`,
    values: conditions.values,
  });
  return toPage(rows.map(toScheduledRun), page.limit, (scheduled) => scheduled);
}

/** The same by the number of the page, from 1; whether there are more. */
export async function listScheduledPage(
  db: Queryable,
  filter: ScheduledFilter,
  page: { readonly number: number; readonly size: number },
): Promise<{ readonly items: readonly ScheduledRun[]; readonly hasMore: boolean }> {
  const { conditions, fixed } = conditionsOf(filter);
  const where = conditions.where(...fixed);
  const values = [...conditions.values, page.size + 1, (page.number - 1) * page.size];
  const rows = await db.query<ScheduledRow>({
    text: `${selectScheduled} ${where} ORDER BY s.created_at DESC, s.id DESC
      LIMIT $${values.length - 1} OFFSET $${values.length}`,
    values,
  });
  return { items: rows.slice(0, page.size).map(toScheduledRun), hasMore: rows.length > page.size };
}

const stageSql: Readonly<Record<ScheduledStage, string>> = {
  pending: "s.status = 'scheduled' AND NOT s.is_claimed",
  processing:
    "(s.status = 'scheduled' AND s.is_claimed OR s.status = 'fired' AND r.status NOT IN ('completed', 'failed', 'cancelled'))",
  completed: "s.status = 'fired' AND r.status = 'completed'",
  failed: "(s.status = 'failed' OR s.status = 'fired' AND r.status IN ('failed', 'cancelled'))",
  cancelled: "s.status = 'cancelled'",
};

function conditionsOf(filter: ScheduledFilter): {
  readonly conditions: Conditions;
  readonly fixed: string[];
} {
  const conditions = new Conditions().inScope(filter.scope, 's.workspace_id');
  const { status, stage, agentId, entityId, search } = filter;
  if (status !== undefined) conditions.add(status, (at) => `s.status = ${at}`);
  if (agentId !== undefined) conditions.add(agentId, (at) => `s.agent_id = ${at}`);
  if (entityId !== undefined) {
    conditions.add(toStorableText(entityId), (at) => `s.entity_id = ${at}`);
  }
  if (search !== undefined) {
    const pattern = `%${toStorableText(search).replace(/[\\%_]/g, '\\$&')}%`;
    conditions.add(
      pattern,
      (at) =>
        `(s.entity_id ILIKE ${at} OR s.additional_instructions ILIKE ${at} OR a.name ILIKE ${at})`,
    );
  }
  return { conditions, fixed: stage === undefined ? [] : [stageSql[stage]] };
}
