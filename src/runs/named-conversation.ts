import type { RunConversation } from '../core/conversation.ts';
import { isId } from '../core/ids.ts';
import type { Queryable } from '../store/connect.ts';
import { readNamedConversation } from '../store/named-conversation.ts';

/**
 * The conversation and contact that a payload names by `conversation_id` and `contact_id`, where the workspace has
 * them. A run that only names them is shown with them; its reply goes to nobody.
 */
export async function conversationIn(
  db: Queryable,
  workspaceId: string,
  payloadJson: string,
): Promise<RunConversation | null> {
  // Most payloads name none, and are not parsed for it.
  if (!payloadJson.includes('conversation_id') && !payloadJson.includes('contact_id')) return null;
  const payload: unknown = JSON.parse(payloadJson);
  const named = {
    conversationId: idIn(payload, 'conversation_id'),
    contactId: idIn(payload, 'contact_id'),
  };
  if (named.conversationId === null && named.contactId === null) return null;
  return await readNamedConversation(db, { workspaceId, ...named });
}

function idIn(payload: unknown, name: string): string | null {
  if (typeof payload !== 'object' || payload === null || !Object.hasOwn(payload, name)) return null;
  const value = (payload as Record<string, unknown>)[name];
  return typeof value === 'string' && isId(value) ? value : null;
}
