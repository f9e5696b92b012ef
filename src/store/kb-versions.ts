import { type Page, type PageRequest, toPage } from '../core/page.ts';
import { fromStorableOrNull, fromStorableText } from '../core/storable-text.ts';
import type { Queryable } from './connect.ts';

export interface NodeVersion {
  /** The version, for a page's position. */
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly body: string | null;
  readonly createdAt: Date;
}

/** What a node's versions said, newest first. */
export async function listNodeVersions(
  db: Queryable,
  nodeId: string,
  page: PageRequest,
): Promise<Page<NodeVersion>> {
  const rows = await db.query<{
    version: number;
    title: string;
    body: string | null;
    created_at: Date;
  }>({
    name: 'list_kb_versions',
    text: `SELECT version, title, body, created_at FROM kb_versions
      WHERE node_id = $1 AND version < $2 ORDER BY version DESC LIMIT $3`,
    values: [nodeId, page.after === null ? 2_147_483_647 : Number(page.after.id), page.limit + 1],
  });
  const versions = rows.map((row) => ({
    id: String(row.version),
    version: row.version,
    title: fromStorableText(row.title),
    body: fromStorableOrNull(row.body),
    createdAt: row.created_at,
  }));
  return toPage(versions, page.limit, (version) => version);
}

/** Keeps what a node says now as its current version. */
export async function insertNodeVersion(tx: Queryable, nodeId: string): Promise<void> {
  await tx.execute({
    name: 'insert_kb_version',
    text: `INSERT INTO kb_versions (node_id, version, title, body, created_by)
      SELECT id, version, title, body, created_by FROM kb_nodes WHERE id = $1
      ON CONFLICT (node_id, version) DO UPDATE SET title = excluded.title, body = excluded.body`,
    values: [nodeId],
  });
}
