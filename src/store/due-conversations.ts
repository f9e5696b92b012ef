import type { Trigger } from '../core/agent.ts';
import type { Queryable } from './connect.ts';
import { fromJsonColumn } from './json-column.ts';

// Conversations whose message triggers are due. A claim makes one due again later, so that one whose firing
// died with its process is fired by another, under the same once-only key.

export interface DueConversation {
  readonly id: string;
  readonly workspaceId: string;
  /** What the firing is for: a later count is another firing. */
  readonly inboundRev: number;
}

export async function claimDueConversations(
  db: Queryable,
  request: { readonly leaseMs: number; readonly limit: number },
): Promise<readonly DueConversation[]> {
  const rows = await db.query<{ id: string; workspace_id: string; inbound_rev: number }>({
    name: 'conversations_claim_due',
    text: `UPDATE conversations SET due_at = clock_timestamp() + make_interval(secs => $1)
      WHERE id IN (
        SELECT id FROM conversations WHERE due_at <= clock_timestamp()
        ORDER BY due_at, id LIMIT $2 FOR UPDATE SKIP LOCKED
      )
      RETURNING id, workspace_id, inbound_rev`,
    values: [request.leaseMs / 1_000, request.limit],
  });
  return rows.map((row) => ({
    id: row.id,
    workspaceId: row.workspace_id,
    inboundRev: row.inbound_rev,
  }));
}

/** Nothing is due any more, unless something has come in since. */
export async function settleConversation(
  db: Queryable,
  fired: Pick<DueConversation, 'id' | 'inboundRev'>,
): Promise<void> {
  await db.execute({
    name: 'conversation_settle',
    text: `UPDATE conversations SET due_at = NULL, burst_at = NULL WHERE id = $1 AND inbound_rev = $2`,
    values: [fired.id, fired.inboundRev],
  });
}

/** Ms until a conversation is due; null when none is. */
export async function nextConversationDue(db: Queryable): Promise<number | null> {
  const rows = await db.query<{ ms: number | null }>({
    name: 'conversations_next_due',
    text: `SELECT (extract(epoch FROM min(due_at) - clock_timestamp()) * 1000)::float8 AS ms
      FROM conversations WHERE due_at IS NOT NULL`,
  });
  return rows[0]?.ms ?? null;
}

/** A trigger as far as a message is held against it. */
export type MessageTrigger = Pick<Trigger, 'id' | 'agentId' | 'type' | 'enabled' | 'config'>;

/** The message triggers of a workspace, disabled ones too, the oldest first. */
export async function findMessageTriggers(
  db: Queryable,
  of: { readonly workspaceId: string; readonly limit: number },
): Promise<readonly MessageTrigger[]> {
  const rows = await db.query<{ id: string; agent_id: string; enabled: boolean; config: string }>({
    name: 'triggers-by-message',
    text: `SELECT id, agent_id, enabled, config FROM triggers
      WHERE workspace_id = $1 AND type = 'message' AND deleted_at IS NULL ORDER BY id LIMIT $2`,
    values: [of.workspaceId, of.limit],
  });
  return rows.map((row) => ({
    id: row.id,
    agentId: row.agent_id,
    type: 'message',
    enabled: row.enabled,
    config: fromJsonColumn<Record<string, unknown>>(row.config),
  }));
}
