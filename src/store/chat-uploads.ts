import type { ImageType } from '../core/image.ts';
import { fromStorableText, storableOrNull, toStorableText } from '../core/storable-text.ts';
import type { Queryable } from './connect.ts';

// Files of chats on their way: a place is asked for, bytes come once, and a message of the same session takes them.

/** A place for a file; false: the session has as many unused ones as it may. */
export async function insertUpload(
  db: Queryable,
  upload: {
    readonly id: string;
    readonly sessionId: string;
    readonly filename: string;
    readonly mediaType: ImageType;
    readonly maxUnused: number;
  },
): Promise<boolean> {
  const written = await db.execute({
    name: 'chat_upload_insert',
    text: `INSERT INTO chat_uploads (id, session_id, filename, media_type)
      SELECT $1, $2, $3, $4 WHERE (
        SELECT count(*) FROM chat_uploads u LEFT JOIN attachments f ON f.id = u.id
        WHERE u.session_id = $2 AND f.message_id IS NULL) < $5`,
    values: [
      upload.id,
      upload.sessionId,
      toStorableText(upload.filename),
      upload.mediaType,
      upload.maxUnused,
    ],
  });
  return written > 0;
}

/** What was asked for; null: there is no such place, or its session is closed. */
export async function findUpload(
  db: Queryable,
  id: string,
): Promise<{ readonly mediaType: ImageType } | null> {
  const [row] = await db.query<{ media_type: ImageType }>({
    name: 'chat_upload_find',
    text: `SELECT u.media_type FROM chat_uploads u JOIN chat_sessions s ON s.id = u.session_id
      WHERE u.id = $1 AND s.archived_at IS NULL`,
    values: [id],
  });
  return row === undefined ? null : { mediaType: row.media_type };
}

/** Fills the place; false: it was filled before. */
export async function fillUpload(
  db: Queryable,
  upload: { readonly id: string; readonly bytes: Uint8Array },
): Promise<boolean> {
  const written = await db.execute({
    name: 'chat_upload_fill',
    text: `INSERT INTO attachments (id, workspace_id, conversation_id, position, name, media_type, size_bytes, body)
      SELECT u.id, s.workspace_id, s.id, 0, u.filename, u.media_type, octet_length($2::bytea), $2
      FROM chat_uploads u JOIN chat_sessions s ON s.id = u.session_id WHERE u.id = $1
      ON CONFLICT (id) DO NOTHING`,
    values: [upload.id, upload.bytes],
  });
  return written > 0;
}

export interface UploadToBind {
  readonly id: string;
  readonly filename: string | null;
  readonly alt: string | null;
}

/** Binds a filled place of the conversation to its message; false: it is none, or another message has it. */
export async function bindUpload(
  tx: Queryable,
  to: { readonly conversationId: string; readonly messageId: string; readonly position: number },
  upload: UploadToBind,
): Promise<boolean> {
  const bound = await tx.execute({
    name: 'chat_upload_bind',
    text: `WITH told AS (UPDATE chat_uploads SET alt = $6 WHERE id = $1 AND session_id = $2)
      UPDATE attachments SET message_id = $3, position = $4, name = coalesce($5, name)
      WHERE id = $1 AND conversation_id = $2 AND message_id IS NULL`,
    values: [
      upload.id,
      to.conversationId,
      to.messageId,
      to.position,
      storableOrNull(upload.filename),
      storableOrNull(upload.alt),
    ],
  });
  return bound > 0;
}

/** What pictures of these are said to show, by their ids. */
export async function readAlts(
  db: Queryable,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.query<{ id: string; alt: string }>({
    name: 'chat_upload_alts',
    text: 'SELECT id, alt FROM chat_uploads WHERE id = ANY ($1) AND alt IS NOT NULL',
    values: [ids],
  });
  return new Map(rows.map(({ id, alt }) => [id, fromStorableText(alt)]));
}

/** The bytes of pictures of the conversation, by their ids. */
export async function readImages(
  db: Queryable,
  of: { readonly conversationId: string; readonly ids: readonly string[] },
): Promise<ReadonlyMap<string, Buffer>> {
  const rows = await db.query<{ id: string; body: Buffer }>({
    name: 'conversation_images',
    text: `SELECT id, body FROM attachments
      WHERE conversation_id = $1 AND id = ANY ($2) AND message_id IS NOT NULL AND body IS NOT NULL`,
    values: [of.conversationId, of.ids],
  });
  return new Map(rows.map(({ id, body }) => [id, body]));
}

/** Removes files that no message took within a day, and places that were never filled. */
export async function sweepUploads(db: Queryable): Promise<number> {
  const before = `created_at < clock_timestamp() - interval '1 day'`;
  const files = await db.execute(`DELETE FROM attachments WHERE message_id IS NULL AND ${before}`);
  const places = await db.execute(`DELETE FROM chat_uploads u WHERE u.${before}
    AND NOT EXISTS (SELECT 1 FROM attachments f WHERE f.id = u.id)`);
  return files + places;
}
