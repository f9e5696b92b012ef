import { storableOrNull } from '../core/storable-text.ts';
import type { Queryable } from './connect.ts';

// What nodes of knowledge are read from: a file that was given, or a page that is fetched.

export interface NodeFile {
  readonly name: string | null;
  readonly mediaType: string | null;
  readonly bytes: Buffer | null;
  readonly url: string | null;
  /** The node takes the title that is found inside. */
  readonly takesTitle: boolean;
}

/** What a node is read from, in place of what it was. */
export async function putFile(tx: Queryable, nodeId: string, file: NodeFile): Promise<void> {
  await tx.execute({
    name: 'put_kb_file',
    text: `INSERT INTO kb_files (node_id, name, media_type, bytes, url, takes_title, sha256)
      VALUES ($1, $2, $3, $4, $5, $6, sha256($4))
      ON CONFLICT (node_id) DO UPDATE SET name = excluded.name, media_type = excluded.media_type,
        bytes = excluded.bytes, url = excluded.url, takes_title = excluded.takes_title,
        sha256 = excluded.sha256, is_unread = true`,
    values: [
      nodeId,
      storableOrNull(file.name),
      storableOrNull(file.mediaType),
      file.bytes,
      file.url,
      file.takesTitle,
    ],
  });
}

/** The page is to be fetched anew. */
export async function unreadFile(tx: Queryable, nodeId: string): Promise<void> {
  await tx.execute({
    name: 'unread_kb_file',
    text: 'UPDATE kb_files SET is_unread = true WHERE node_id = $1',
    values: [nodeId],
  });
}

/** A body that was written takes the place of a file: there is nothing left to read. */
export async function dropFile(tx: Queryable, nodeId: string): Promise<void> {
  await tx.execute({
    name: 'drop_kb_file',
    text: 'DELETE FROM kb_files WHERE node_id = $1',
    values: [nodeId],
  });
}
