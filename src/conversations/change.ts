import type { Conversation } from '../core/conversation.ts';
import { ApiError } from '../core/errors.ts';
import { type Problems, refuse } from '../core/validate.ts';
import type { ScopedKey } from '../core/workspace-scope.ts';
import type { Database } from '../store/connect.ts';
import { readTags } from '../store/conversation-tags.ts';
import { type ConversationPatch, updateConversation } from '../store/conversations.ts';
import { requireConversation } from './send.ts';

/** Changes what is given. Throws `not_found`, and `validation_error` for topics of nobody's. */
export async function patchConversation(
  db: Database,
  key: ScopedKey,
  patch: ConversationPatch,
): Promise<Conversation> {
  return await db.transaction(async (tx) => {
    const { tagIds } = patch;
    if (tagIds !== undefined) {
      const { workspaceId } = await requireConversation(tx, key);
      const known = new Set((await readTags(tx, workspaceId, tagIds)).map(({ id }) => id));
      const problems: Problems = new Map();
      for (const [index, id] of tagIds.entries()) {
        if (!known.has(id)) problems.set(`tag_ids[${index}]`, 'is no topic of this workspace');
      }
      refuse(problems);
    }
    const conversation = await updateConversation(tx, key, patch);
    if (conversation !== null) return conversation;
    throw new ApiError('not_found', `There is no conversation ${key.id}.`);
  });
}
