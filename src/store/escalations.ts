import type { Disposition } from '../core/disposition.ts';
import type { ClosingStatus, Escalation, EscalationStatus } from '../core/escalation.ts';
import { type Page, type PageRequest, toPage } from '../core/page.ts';
import { fromStorableOrNull, fromStorableText, toStorableText } from '../core/storable-text.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Queryable } from './connect.ts';
import { Conditions, inScopeSql, scopeValue } from './page-sql.ts';

// What runs handed over. The row is made by the end of its run (migration 0111). Changes that also touch the
// conversation take its lock first, as everything in it does.

interface EscalationRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly run_id: string;
  readonly execution_id: string;
  readonly agent_id: string;
  readonly conversation_id: string | null;
  readonly contact_id: string | null;
  readonly read_rev: number | null;
  readonly disposition: Disposition;
  readonly disposition_reason: string | null;
  readonly guest_message: string | null;
  readonly proposed_response: string | null;
  readonly is_superseded: boolean;
  readonly is_taken_over: boolean;
  readonly status: EscalationStatus;
  readonly assignee_id: string | null;
  readonly sent_message_id: string | null;
  readonly sent_response: string | null;
  readonly reviewed_by: string | null;
  readonly reviewed_at: Date | null;
  readonly created_at: Date;
}

const selected = `SELECT e.id, e.workspace_id, e.run_id, r.run_id AS execution_id, e.agent_id, e.conversation_id,
    e.contact_id, e.read_rev, e.disposition, e.disposition_reason, e.guest_message, e.proposed_response,
    coalesce(e.status = 'pending' AND v.inbound_rev > e.read_rev, false) AS is_superseded,
    coalesce(v.ai_paused, false) AS is_taken_over,
    e.status, e.assignee_id, e.sent_message_id, e.sent_response, e.reviewed_by, e.reviewed_at, e.created_at
  FROM escalations e JOIN runs r ON r.id = e.run_id LEFT JOIN conversations v ON v.id = e.conversation_id`;

export interface EscalationFilter {
  readonly scope: WorkspaceScope;
  readonly status?: EscalationStatus | undefined;
  readonly agentId?: string | undefined;
  readonly conversationId?: string | undefined;
  readonly assigneeId?: string | undefined;
}

/** A page of escalations, newest first. */
export async function listEscalations(
  db: Queryable,
  filter: EscalationFilter,
  page: PageRequest,
): Promise<Page<Escalation>> {
  const conditions = new Conditions().inScope(filter.scope, 'e.workspace_id');
  const equals = (value: string | undefined, column: string) => {
    if (value !== undefined) conditions.add(toStorableText(value), (at) => `e.${column} = ${at}`);
  };
  equals(filter.status, 'status');
  equals(filter.agentId, 'agent_id');
  equals(filter.conversationId, 'conversation_id');
  equals(filter.assigneeId, 'assignee_id');
  const rows = await db.query<EscalationRow>({
    text: `${selected} ${conditions.pageOf(page, [], 'e')}`,
    values: conditions.values,
  });
  return toPage(rows.map(toEscalation), page.limit, (escalation) => escalation);
}

/** Null when there is none in scope. */
export async function getEscalation(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<Escalation | null> {
  const [row] = await db.query<EscalationRow>({
    name: 'escalation-by-id',
    text: `${selected} WHERE e.id = $1 AND ${inScopeSql('e.workspace_id', '$2')}`,
    values: [toStorableText(id), scopeValue(scope)],
  });
  return row === undefined ? null : toEscalation(row);
}

/** That of the run; null when it handed nothing over. */
export async function findEscalationOfRun(
  db: Queryable,
  runId: string,
): Promise<Escalation | null> {
  const [row] = await db.query<EscalationRow>({
    name: 'escalation-by-run',
    text: `${selected} WHERE e.run_id = $1`,
    values: [runId],
  });
  return row === undefined ? null : toEscalation(row);
}

/** Ends it if it is pending; whether it was. */
export async function closeEscalation(
  db: Queryable,
  given: {
    readonly id: string;
    readonly status: ClosingStatus;
    readonly reviewedBy: string;
    readonly sent: Escalation['sent'];
  },
): Promise<boolean> {
  const closed = await db.execute({
    name: 'escalation-close',
    text: `UPDATE escalations SET status = $2, reviewed_by = $3, reviewed_at = clock_timestamp(),
        sent_message_id = $4, sent_response = $5
      WHERE id = $1 AND status = 'pending'`,
    values: [
      given.id,
      given.status,
      given.reviewedBy,
      given.sent?.messageId ?? null,
      given.sent === null ? null : toStorableText(given.sent.response),
    ],
  });
  return closed > 0;
}

/** Gives it to somebody while it is pending; whether it was. */
export async function assignEscalation(
  db: Queryable,
  id: string,
  assigneeId: string | null,
): Promise<boolean> {
  const assigned = await db.execute({
    name: 'escalation-assign',
    text: "UPDATE escalations SET assignee_id = $2 WHERE id = $1 AND status = 'pending'",
    values: [id, assigneeId],
  });
  return assigned > 0;
}

/** The last of what each run's model answered and its guardrails said, as the journal's JSON text. */
export async function readLastWords(
  db: Queryable,
  runIds: readonly string[],
): Promise<readonly { readonly runId: string; readonly type: string; readonly data: string }[]> {
  const rows = await db.query<{ run_id: string; type: string; data: string }>({
    name: 'escalations-last-words',
    text: `SELECT DISTINCT ON (run_id, type) run_id, type, data FROM journal
      WHERE run_id = ANY ($1) AND type IN ('model', 'guardrail') AND state = 'done'
      ORDER BY run_id, type, seq DESC`,
    values: [runIds],
  });
  return rows.map(({ run_id: runId, type, data }) => ({ runId, type, data }));
}

function toEscalation(row: EscalationRow): Escalation {
  const { sent_message_id: messageId, sent_response: response } = row;
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    run: { id: row.run_id, runId: row.execution_id },
    agentId: row.agent_id,
    conversationId: row.conversation_id,
    contactId: row.contact_id,
    readRev: row.read_rev,
    disposition: row.disposition,
    dispositionReason: fromStorableOrNull(row.disposition_reason),
    guestMessage: fromStorableOrNull(row.guest_message),
    proposedResponse: fromStorableOrNull(row.proposed_response),
    isSuperseded: row.is_superseded,
    isTakenOver: row.is_taken_over,
    status: row.status,
    assigneeId: row.assignee_id,
    sent:
      messageId === null || response === null
        ? null
        : { messageId, response: fromStorableText(response) },
    reviewedBy: row.reviewed_by,
    reviewedAt: row.reviewed_at,
    createdAt: row.created_at,
  };
}
