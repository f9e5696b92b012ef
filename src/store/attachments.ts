import type { Attachment, NewAttachment } from '../core/attachment.ts';
import { newId } from '../core/ids.ts';
import {
  fromStorableOrNull,
  fromStorableText,
  storableOrNull,
  toStorableText,
} from '../core/storable-text.ts';
import type { Queryable } from './connect.ts';

// Files of messages: written in the commit of their message, and gone with it and with its conversation.

/** What `messageColumns` reads of them: `AttachmentRow`s in order, null where there are none. */
export const attachmentsOfMessage = `(SELECT json_agg(json_build_object('id', f.id, 'name', f.name,
    'media_type', f.media_type, 'size_bytes', f.size_bytes, 'not_kept', f.not_kept) ORDER BY f.position)
  FROM attachments f WHERE f.message_id = m.id) AS attachments`;

export interface AttachmentRow {
  readonly id: string;
  readonly name: string;
  readonly media_type: string;
  readonly size_bytes: number;
  readonly not_kept: string | null;
}

/** Binds new files to a message of the same transaction. */
export async function insertAttachments(
  tx: Queryable,
  to: { readonly conversationId: string; readonly messageId: string },
  files: readonly NewAttachment[],
): Promise<readonly AttachmentRow[]> {
  const rows: AttachmentRow[] = [];
  for (const [index, file] of files.entries()) {
    const row = {
      id: newId('attachment'),
      name: toStorableText(file.name),
      media_type: file.mediaType,
      size_bytes: file.sizeBytes,
      not_kept: storableOrNull(file.notKept),
    };
    await tx.execute({
      name: 'attachment_insert',
      text: `INSERT INTO attachments (id, workspace_id, conversation_id, message_id, position, name, media_type,
          size_bytes, body, not_kept)
        SELECT $1, v.workspace_id, v.id, $3, $4, $5, $6, $7, $8, $9 FROM conversations v WHERE v.id = $2`,
      values: [
        row.id,
        to.conversationId,
        to.messageId,
        index + 1,
        row.name,
        row.media_type,
        row.size_bytes,
        file.bytes,
        row.not_kept,
      ],
    });
    rows.push(row);
  }
  return rows;
}

/** A file of a message of the conversation, with its bytes (null: not kept); null when there is none. */
export async function readAttachment(
  db: Queryable,
  of: { readonly conversationId: string; readonly id: string },
): Promise<(Attachment & { readonly bytes: Buffer | null }) | null> {
  const [row] = await db.query<AttachmentRow & { readonly body: Buffer | null }>({
    name: 'attachment_read',
    text: `SELECT id, name, media_type, size_bytes, not_kept, body FROM attachments
      WHERE id = $1 AND conversation_id = $2 AND message_id IS NOT NULL`,
    values: [of.id, of.conversationId],
  });
  return row === undefined ? null : { ...toAttachment(row), bytes: row.body };
}

export function toAttachment(row: AttachmentRow): Attachment {
  return {
    id: row.id,
    name: fromStorableText(row.name),
    mediaType: row.media_type,
    sizeBytes: row.size_bytes,
    notKept: fromStorableOrNull(row.not_kept),
  };
}
