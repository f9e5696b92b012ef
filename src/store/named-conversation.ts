import type { RunConversation } from '../core/conversation.ts';
import type { Queryable } from './connect.ts';

/** What of the named the workspace has; null when it has neither. */
export async function readNamedConversation(
  db: Queryable,
  named: {
    readonly workspaceId: string;
    readonly conversationId: string | null;
    readonly contactId: string | null;
  },
): Promise<RunConversation | null> {
  const rows = await db.query<{ id: string | null; contact_id: string | null }>({
    name: 'named-conversation',
    text: `SELECT v.id, coalesce(v.contact_id, c.id) AS contact_id
      FROM (SELECT 1) one
      LEFT JOIN conversations v ON v.id = $2 AND v.workspace_id = $1
      LEFT JOIN contacts c ON c.id = $3 AND c.workspace_id = $1`,
    values: [named.workspaceId, named.conversationId, named.contactId],
  });
  const [row] = rows;
  if (row === undefined || (row.id === null && row.contact_id === null)) return null;
  return { id: row.id, contactId: row.contact_id, readRev: null };
}
