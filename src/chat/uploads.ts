import type { ChatSession } from '../core/chat.ts';
import { ApiError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import { type ImageType, imageTypeOf } from '../core/image.ts';
import { isLinkGood, type LinkProof, proveLink } from '../core/link-signature.ts';
import { refusal } from '../core/validate.ts';
import {
  bindUpload,
  fillUpload,
  findUpload,
  insertUpload,
  type UploadToBind,
} from '../store/chat-uploads.ts';
import type { Queryable } from '../store/connect.ts';
import type { RecordedMessage } from '../store/inbound.ts';
import type { InTransaction } from '../store/workspaces.ts';
import { isClosed } from './sessions.ts';

// Pictures of chats. A place is asked for with the session's credential; its URL is signed for that one place and a short
// time, and takes bytes once. Bytes are what they are by their first ones, and are only ever given back as a download.

export const uploadLimits = {
  maxBytes: 5 * 1024 * 1024,
  perMessage: 6,
  /** Places of a session that no message has used yet. */
  unused: 24,
  urlLifetimeS: 15 * 60,
} as const;

const purpose = 'chat uploads';

export interface UploadDeps {
  readonly db: Queryable;
  /** Signs URLs; the same over restarts and processes. */
  readonly cursorKey: Buffer;
}

export interface UploadPlace extends LinkProof {
  readonly id: string;
}

/** Throws `conflict` when the session is closed or has too many places. */
export async function reserveUpload(
  deps: UploadDeps,
  given: {
    readonly session: ChatSession;
    readonly mediaType: ImageType;
    readonly filename: string;
    readonly nowMs: number;
  },
): Promise<UploadPlace> {
  const { session, mediaType, filename, nowMs } = given;
  if (session.archivedAt !== null) throw isClosed(session.id);
  const id = newId('attachment');
  const { unused: maxUnused, urlLifetimeS: lifetimeS } = uploadLimits;
  const of = { id, sessionId: session.id, filename, mediaType, maxUnused };
  if (!(await insertUpload(deps.db, of))) {
    throw new ApiError(
      'conflict',
      `The session has ${maxUnused} uploads that no message has used. Send them first.`,
    );
  }
  return { id, ...proveLink(deps.cursorKey, { purpose, names: [id], lifetimeS, nowMs }) };
}

/** Throws `forbidden`, `not_found`, `validation_error` for other bytes, `conflict` for a second time. */
export async function takeUpload(
  deps: UploadDeps,
  place: UploadPlace & { readonly nowMs: number; readonly readBytes: () => Promise<Uint8Array> },
): Promise<void> {
  if (!isLinkGood(deps.cursorKey, { ...place, purpose, names: [place.id] })) {
    throw new ApiError('forbidden', 'The URL is not valid, or not any more. Ask for a new one.');
  }
  const upload = await findUpload(deps.db, place.id);
  if (upload === null) throw new ApiError('not_found', 'There is no such upload.');
  const bytes = await place.readBytes();
  if (imageTypeOf(bytes) !== upload.mediaType) {
    throw refusal(new Map([['body', `is not ${upload.mediaType}, which the URL was asked for`]]));
  }
  if (!(await fillUpload(deps.db, { id: place.id, bytes }))) {
    throw new ApiError('conflict', 'The file was uploaded before.');
  }
}

/** Gives the files to the message of the transaction. Throws `validation_error` for what cannot be taken. */
export function bindUploads(uploads: readonly UploadToBind[]): InTransaction<RecordedMessage> {
  return async (tx, { conversationId, messageId }) => {
    for (const [index, upload] of uploads.entries()) {
      const to = { conversationId, messageId, position: index + 1 };
      if (await bindUpload(tx, to, upload)) continue;
      const problem = 'names no file that was uploaded to this session and not sent yet';
      throw refusal(new Map([[`attachments.${index}.blob_path`, problem]]));
    }
  };
}
