import type { ConversationTag } from '../core/conversation.ts';
import { ApiError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import { refusal } from '../core/validate.ts';
import type { ScopedKey } from '../core/workspace-scope.ts';
import type { Database } from '../store/connect.ts';
import { deleteTag, getTag, insertTag, updateTag } from '../store/conversation-tags.ts';
import { type InTransaction, requireWorkspace } from '../store/workspaces.ts';

// Topics of conversations: two levels, names unique among those beside them.

const maxTags = 1_000;

/** Throws `validation_error` for a parent that is none, `conflict` for a name that is taken. */
export async function addTag(
  db: Database,
  input: Pick<ConversationTag, 'workspaceId' | 'parentId' | 'name' | 'description'>,
  inTransaction?: InTransaction<ConversationTag>,
): Promise<ConversationTag> {
  return await db.transaction(async (tx) => {
    await requireWorkspace(tx, 'all', input.workspaceId);
    if (input.parentId !== null) {
      const parent = await getTag(tx, [input.workspaceId], input.parentId);
      if (parent === null) throw badParent('is no topic of this workspace');
      if (parent.parentId !== null) throw badParent('is a subtopic, and has none below it');
    }
    const made = await insertTag(tx, { ...input, id: newId('conversationTag'), maxCount: maxTags });
    if (made === 'taken') throw nameTaken();
    if (made === 'full') {
      throw new ApiError('conflict', `The workspace has ${maxTags} topics already.`);
    }
    await inTransaction?.(tx, made);
    return made;
  });
}

/** Throws `not_found`, `conflict`. */
export async function patchTag(
  db: Database,
  key: ScopedKey,
  patch: Parameters<typeof updateTag>[2],
): Promise<ConversationTag> {
  const changed = await updateTag(db, key, patch);
  if (changed === 'taken') throw nameTaken();
  if (changed === null) throw noTag(key.id);
  return changed;
}

/** Throws `not_found`, `conflict` while it has subtopics. */
export async function removeTag(db: Database, { scope, id }: ScopedKey): Promise<void> {
  const outcome = await deleteTag(db, scope, id);
  if (outcome === 'unknown') throw noTag(id);
  if (outcome === 'has_subtopics') {
    throw new ApiError('conflict', 'The topic has subtopics. Delete those first.');
  }
}

function badParent(problem: string): ApiError {
  return refusal(new Map([['parent_id', problem]]));
}

function nameTaken(): ApiError {
  return new ApiError('conflict', 'There is a topic of that name beside it.');
}

function noTag(id: string): ApiError {
  return new ApiError('not_found', `There is no topic ${id}.`);
}
