import type {
  Approval,
  ApprovalAnswer,
  ApprovalKind,
  ExpiryPolicy,
  Person,
} from '../core/approval.ts';
import type { InternalEventType } from '../core/event-name.ts';
import {
  fromStorableOrNull,
  fromStorableText,
  storableOrNull,
  toStorableText,
} from '../core/storable-text.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { HeldRun } from './child-runs.ts';
import type { Database, Queryable } from './connect.ts';
import { announceSql, listenersOf } from './internal-events.ts';
import { inScopeSql, scopeValue } from './page-sql.ts';
import { wakeSql } from './wake.ts';

// Decisions that runs wait for. Each change is one statement: the run's row is locked first, as by whoever
// ends the run, so that a decision and an end never hold each other up; it wakes the run and tells of itself.

type Query = Pick<Database, 'query'>;

export interface ApprovalRow {
  readonly id: string;
  readonly number: number;
  readonly workspace_id: string;
  readonly agent_id: string;
  readonly agent_number: number;
  readonly agent_name: string;
  readonly run_id: string;
  readonly execution_id: string;
  readonly entity_id: string | null;
  readonly session_id: string | null;
  readonly conversation_id: string | null;
  readonly step: number;
  readonly kind: ApprovalKind;
  readonly tool_name: string | null;
  readonly question: string;
  readonly proposal: string;
  readonly approvers: string[];
  readonly approver_names: (string | null)[];
  readonly on_expiry: ExpiryPolicy;
  readonly expires_at: Date;
  readonly status: Approval['status'];
  readonly note: string | null;
  readonly decided_by: string | null;
  readonly decided_by_name: string | null;
  readonly decided_at: Date | null;
  readonly created_at: Date;
}

/** `SELECT … FROM …` of rows that `toApproval` reads; `p` is the approval. */
export const selectApprovals = `SELECT p.id, p.number, p.workspace_id, p.agent_id, a.number AS agent_number,
  a.name AS agent_name, p.run_id, r.run_id AS execution_id, r.entity_id, r.session_id, r.conversation_id, p.step,
  p.kind, p.tool_name, p.question, p.proposal, p.approvers, ARRAY(
    SELECT coalesce(k.name, u.email) FROM unnest(p.approvers) WITH ORDINALITY AS o (id, place)
    LEFT JOIN tokens k ON k.id = o.id LEFT JOIN users u ON u.id = o.id ORDER BY o.place) AS approver_names,
  p.on_expiry, p.expires_at, p.status, p.note, p.decided_by, p.decided_by_name, p.decided_at, p.created_at
  FROM approvals p JOIN runs r ON r.id = p.run_id JOIN agents a ON a.id = p.agent_id`;

export interface NewApproval {
  readonly id: string;
  readonly step: number;
  readonly kind: ApprovalKind;
  readonly toolName: string | null;
  readonly question: string;
  readonly proposalJson: string;
  readonly approvers: readonly string[];
  readonly onExpiry: ExpiryPolicy;
  readonly expiresAfterMs: number;
}

/**
 * Asks for what is not asked for yet, and tells of it. False: the run is not this owner's any more, and nothing
 * was written.
 */
export async function insertApprovals(
  db: Query,
  run: HeldRun,
  asked: readonly (NewApproval & { readonly eventJson: string })[],
): Promise<boolean> {
  const listeners = listenersOf('approval.requested');
  const rows = await db.query<{ id: string }>({
    name: 'approvals-insert',
    text: `
      WITH held AS MATERIALIZED (
        SELECT id, workspace_id, agent_id, entity_id FROM runs
        WHERE id = $1 AND owner = $2 AND epoch = $3 FOR NO KEY UPDATE
      ), asked AS MATERIALIZED (
        SELECT * FROM unnest($4::text[], $5::int[], $6::text[], $7::text[], $8::text[], $9::text[],
            $10::text[], $11::text[], $12::float8[], $13::text[])
          AS q (id, step, kind, tool_name, question, proposal, approvers, on_expiry, expires_after_ms, event)
      ), made AS (
        INSERT INTO approvals (id, workspace_id, run_id, agent_id, step, kind, tool_name, question, proposal,
          approvers, on_expiry, expires_at)
        SELECT q.id, h.workspace_id, h.id, h.agent_id, q.step, q.kind, q.tool_name, q.question, q.proposal,
          q.approvers::text[], q.on_expiry,
          clock_timestamp() + make_interval(secs => q.expires_after_ms / 1000)
        FROM held h CROSS JOIN asked q
        ON CONFLICT (id) DO NOTHING
        RETURNING id, run_id
      ), marked AS (
        UPDATE runs SET has_asked = true
        WHERE id IN (SELECT run_id FROM made) AND has_asked IS NULL
      ), told AS (
        SELECT q.id || '.requested' AS id, h.workspace_id, q.event AS payload, h.entity_id, h.id AS caused_by_run
        FROM made m JOIN asked q ON q.id = m.id CROSS JOIN held h
      ), announced AS (
        ${announceSql('told', 14)}
      )
      SELECT id FROM held`,
    values: [
      run.id,
      run.owner,
      run.epoch,
      asked.map(({ id }) => id),
      asked.map(({ step }) => step),
      asked.map(({ kind }) => kind),
      asked.map(({ toolName }) => storableOrNull(toolName)),
      asked.map(({ question }) => toStorableText(question)),
      asked.map(({ proposalJson }) => toStorableText(proposalJson)),
      asked.map(({ approvers }) => arrayLiteral(approvers)),
      asked.map(({ onExpiry }) => onExpiry),
      asked.map(({ expiresAfterMs }) => expiresAfterMs),
      asked.map(({ eventJson }) => toStorableText(eventJson)),
      ...listeners,
    ],
  });
  return rows.length > 0;
}

/** What became of the run's approvals, as far as they are decided, from one moment. By id. */
export async function readAnswers(
  db: Query,
  runId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ApprovalAnswer>> {
  const rows = await db.query<
    Pick<ApprovalRow, 'id' | 'note' | 'decided_by' | 'decided_by_name'> & {
      status: ApprovalAnswer['status'];
    }
  >({
    name: 'approvals-answers',
    text: `SELECT id, status, note, decided_by, decided_by_name FROM approvals
           WHERE run_id = $1 AND id = ANY ($2) AND status NOT IN ('pending', 'cancelled')`,
    values: [runId, ids],
  });
  return new Map(
    rows.map((row) => [
      row.id,
      { status: row.status, note: fromStorableOrNull(row.note), decidedBy: decider(row) },
    ]),
  );
}

/** By id or number; null when there is none in scope. */
export async function getApproval(
  db: Queryable,
  scope: WorkspaceScope,
  idOrNumber: string,
): Promise<Approval | null> {
  const isNumber = /^[1-9][0-9]{0,14}$/.test(idOrNumber);
  const [row] = await db.query<ApprovalRow>({
    name: isNumber ? 'approval-by-number' : 'approval-by-id',
    text: `${selectApprovals} WHERE p.${isNumber ? 'number' : 'id'} = $1
      AND ${inScopeSql('p.workspace_id', '$2')}`,
    values: [isNumber ? Number(idOrNumber) : toStorableText(idOrNumber), scopeValue(scope)],
  });
  return row === undefined ? null : toApproval(row);
}

/** Approvals whose time is over and that nobody decided, the oldest first; and when the next one's is. */
export async function listExpired(db: Queryable, limit: number): Promise<readonly Approval[]> {
  const rows = await db.query<ApprovalRow>({
    name: 'approvals-expired',
    text: `${selectApprovals} WHERE p.status = 'pending' AND p.expires_at <= clock_timestamp()
      ORDER BY p.expires_at, p.id LIMIT $1`,
    values: [limit],
  });
  return rows.map(toApproval);
}

export interface Settlement {
  readonly id: string;
  readonly status: ApprovalAnswer['status'];
  readonly note: string | null;
  /** A token or a member; null for an expiry. */
  readonly decidedBy: Person | null;
  /** Payload of the event that tells of it. */
  readonly eventJson: string;
}

/**
 * Settles approvals that are pending: by a decision before their time is over, by an expiry from then on. The
 * ids of those that it settled; others were settled by somebody else, or their runs have ended.
 */
export async function settleApprovals(
  db: Query,
  settlements: readonly Settlement[],
  by: 'decision' | 'expiry',
): Promise<ReadonlySet<string>> {
  const type: InternalEventType = by === 'expiry' ? 'approval.expired' : 'approval.decided';
  const rows = await db.query<{ id: string }>({
    name: `approvals-settle-${by}`,
    text: `
      WITH wanted AS MATERIALIZED (
        SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[],
          $6::text[]) AS w (id, status, note, decided_by, decided_by_name, event)
      ), held AS MATERIALIZED (
        SELECT r.id, r.workspace_id, r.entity_id FROM runs r
        WHERE r.id IN (SELECT p.run_id FROM approvals p JOIN wanted w ON w.id = p.id)
          AND r.status IN ('running', 'waiting')
        ORDER BY r.id FOR NO KEY UPDATE
      ), settled AS (
        UPDATE approvals p SET status = w.status, note = w.note, decided_by = w.decided_by,
          decided_by_name = w.decided_by_name,
          decided_at = clock_timestamp()
        FROM wanted w, held h
        WHERE p.id = w.id AND h.id = p.run_id AND p.status = 'pending'
          AND p.expires_at ${by === 'expiry' ? '<=' : '>'} clock_timestamp()
        RETURNING p.id, p.run_id, w.event
      ), woken AS (
        ${wakeSql('IN (SELECT run_id FROM settled)')}
      ), told AS (
        SELECT s.id || '${type.slice('approval'.length)}' AS id, h.workspace_id, s.event AS payload, h.entity_id,
          h.id AS caused_by_run
        FROM settled s JOIN held h ON h.id = s.run_id
      ), announced AS (
        ${announceSql('told', 7)}
      )
      SELECT id FROM settled`,
    values: [
      settlements.map(({ id }) => id),
      settlements.map(({ status }) => status),
      settlements.map(({ note }) => storableOrNull(note)),
      settlements.map(({ decidedBy }) => decidedBy?.id ?? null),
      settlements.map(({ decidedBy }) => storableOrNull(decidedBy?.name ?? null)),
      settlements.map(({ eventJson }) => toStorableText(eventJson)),
      ...listenersOf(type),
    ],
  });
  return new Set(rows.map(({ id }) => id));
}

/**
 * Gives a run up that has nothing to do before somebody decides. One that is decided in between is due at once.
 * False: it is not this owner's any more.
 */
export async function parkUntilWoken(db: Query, run: HeldRun): Promise<boolean> {
  const rows = await db.query<{ id: string }>({
    name: 'run-park-until-woken',
    text: `UPDATE runs SET owner = NULL, status = 'waiting'
           WHERE id = $1 AND owner = $2 AND epoch = $3 RETURNING id`,
    values: [run.id, run.owner, run.epoch],
  });
  return rows.length > 0;
}

export function toApproval(row: ApprovalRow): Approval {
  return {
    id: row.id,
    number: row.number,
    workspaceId: row.workspace_id,
    agent: {
      id: row.agent_id,
      number: row.agent_number,
      name: fromStorableText(row.agent_name),
    },
    run: {
      id: row.run_id,
      runId: row.execution_id,
      entityId: fromStorableOrNull(row.entity_id),
      sessionId: fromStorableOrNull(row.session_id),
      conversationId: row.conversation_id,
    },
    step: row.step,
    kind: row.kind,
    toolName: fromStorableOrNull(row.tool_name),
    question: fromStorableText(row.question),
    proposalJson: fromStorableText(row.proposal),
    approvers: row.approvers.map((id, index) => ({
      id,
      name: fromStorableOrNull(row.approver_names[index] ?? null),
    })),
    onExpiry: row.on_expiry,
    expiresAt: row.expires_at,
    status: row.status,
    note: fromStorableOrNull(row.note),
    decidedBy: decider(row),
    decidedAt: row.decided_at,
    createdAt: row.created_at,
  };
}

function decider({
  decided_by: id,
  decided_by_name: name,
}: Pick<ApprovalRow, 'decided_by' | 'decided_by_name'>) {
  return id === null ? null : { id, name: fromStorableOrNull(name) };
}

/** Ids need no quotes: they are letters and digits. */
function arrayLiteral(ids: readonly string[]): string {
  return `{${ids.filter((id) => /^[0-9a-z]+$/.test(id)).join(',')}}`;
}
