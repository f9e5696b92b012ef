import type { Approval, ApprovalStatus } from '../core/approval.ts';
import { type Page, type PageRequest, toPage } from '../core/page.ts';
import { toStorableText } from '../core/storable-text.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import { type ApprovalRow, selectApprovals, toApproval } from './approvals.ts';
import type { Queryable } from './connect.ts';
import { Conditions } from './page-sql.ts';

export interface ApprovalFilter {
  readonly scope: WorkspaceScope;
  readonly statuses?: readonly ApprovalStatus[];
  readonly agentId?: string;
  /** Id of the run. */
  readonly runId?: string;
  /** Of those that name them as approver. */
  readonly approver?: string;
  /** Of those that they may decide: that name them as approver, or nobody. */
  readonly decidableBy?: string;
  /** Part of the entity or the question; case does not matter. */
  readonly search?: string;
  /** Created at or after. */
  readonly from?: Date;
  /** Created before. */
  readonly to?: Date;
}

/** A page of approvals, newest first. */
export async function listApprovals(
  db: Queryable,
  filter: ApprovalFilter,
  page: PageRequest,
): Promise<Page<Approval>> {
  const conditions = new Conditions().inScope(filter.scope, 'p.workspace_id');
  const { statuses, agentId, runId, approver, decidableBy, search, from, to } = filter;
  const [only] = statuses ?? [];
  if (statuses?.length === 1) conditions.add(only, (at) => `p.status = ${at}`);
  else if (statuses !== undefined) conditions.add(statuses, (at) => `p.status = ANY (${at})`);
  if (agentId !== undefined) conditions.add(agentId, (at) => `p.agent_id = ${at}`);
  if (runId !== undefined) conditions.add(runId, (at) => `p.run_id = ${at}`);
  if (approver !== undefined) {
    conditions.add(toStorableText(approver), (at) => `${at} = ANY (p.approvers)`);
  }
  if (decidableBy !== undefined) {
    conditions.add(decidableBy, (at) => `(p.approvers = '{}' OR ${at} = ANY (p.approvers))`);
  }
  if (from !== undefined) conditions.add(from, (at) => `p.created_at >= ${at}`);
  if (to !== undefined) conditions.add(to, (at) => `p.created_at < ${at}`);
  if (search !== undefined) {
    const pattern = `%${toStorableText(search).replace(/[\\%_]/g, '\\$&')}%`;
    conditions.add(pattern, (at) => `(r.entity_id ILIKE ${at} OR p.question ILIKE ${at})`);
  }
  const tail = conditions.pageOf(page, [], 'p');
  const rows = await db.query<ApprovalRow>({
    text: `${selectApprovals} ${tail}`,
    values: conditions.values,
  });
  return toPage(rows.map(toApproval), page.limit, (approval) => approval);
}
