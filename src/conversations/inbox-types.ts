import type { InboxType } from '../core/channel.ts';
import { ApiError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import type { ScopedKey } from '../core/workspace-scope.ts';
import type { Queryable } from '../store/connect.ts';
import { deleteInboxType, insertInboxType, renameInboxType } from '../store/inbox-types.ts';

// The rules of inbox types: what channels, contacts and conversations are sorted by.

/** A workspace has no more than these. */
const maxInboxTypes = 100;
/** Made with the workspace, one in each: an id that does not say whose it is cannot be changed. */
const reserved = 'guest';

/** Throws `conflict` for a name that is taken, and when there are too many. */
export async function addInboxType(
  db: Queryable,
  given: { readonly workspaceId: string; readonly name: string },
): Promise<InboxType> {
  const type = { ...given, id: newId('inboxType'), maxCount: maxInboxTypes };
  const made = await insertInboxType(db, type);
  if (made !== null) return made;
  throw new ApiError(
    'conflict',
    `The workspace has an inbox type of that name, or ${maxInboxTypes} already.`,
  );
}

/** Throws `conflict` for the one of every workspace, `not_found`. */
export async function renameOwnInboxType(
  db: Queryable,
  { scope, id }: ScopedKey,
  name: string,
): Promise<InboxType> {
  requireOwn(id);
  const renamed = await renameInboxType(db, scope, { id, name });
  if (renamed !== null) return renamed;
  throw noInboxType(id);
}

/** Throws `conflict` for the one of every workspace and for what is in use, `not_found`. */
export async function removeInboxType(db: Queryable, { scope, id }: ScopedKey): Promise<void> {
  requireOwn(id);
  const outcome = await deleteInboxType(db, scope, id);
  if (outcome === 'unknown') throw noInboxType(id);
  if (outcome === 'in_use') {
    throw new ApiError('conflict', 'Channels, contacts or conversations belong to it still.');
  }
}

function requireOwn(id: string): void {
  if (id !== reserved) return;
  throw new ApiError('conflict', 'The inbox type "guest" is every workspace’s own and stays.');
}

function noInboxType(id: string): ApiError {
  return new ApiError('not_found', `There is no inbox type ${id}.`);
}
