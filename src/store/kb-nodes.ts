import type { IndexStatus, KnowledgeNode, SourceType } from '../core/knowledge.ts';
import { type Page, type PageRequest, toPage } from '../core/page.ts';
import {
  fromStorableOrNull,
  fromStorableText,
  storableOrNull,
  toStorableText,
} from '../core/storable-text.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Queryable } from './connect.ts';
import { type NodeFile, putFile } from './kb-files.ts';
import { insertNodeVersion } from './kb-versions.ts';
import { Conditions, inScopeSql, scopeValue } from './page-sql.ts';

// Nodes of knowledge as rows. What is deleted is gone for every reader here at once; the indexer takes its
// chunks out afterwards.

interface NodeRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly parent_id: string | null;
  readonly ancestors: readonly string[];
  readonly title: string;
  readonly is_directory: boolean;
  readonly body: string | null;
  readonly chunk_body: boolean;
  readonly entity_ids: readonly string[];
  readonly tags: readonly string[];
  readonly metadata: string;
  readonly enabled: boolean;
  readonly source: string;
  readonly source_type: SourceType;
  readonly source_id: string | null;
  readonly url: string | null;
  readonly file_sha256: string | null;
  readonly language: string | null;
  readonly version: number;
  readonly created_by: string | null;
  readonly indexed_version: number | null;
  readonly index_status: IndexStatus;
  readonly index_error: string | null;
  readonly chunk_count: number;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const columnsWithoutBody = `n.id, n.workspace_id, n.parent_id, n.ancestors, n.title, n.is_directory,
  n.chunk_body, n.entity_ids, n.tags, n.metadata, n.enabled, n.source, n.source_type, n.source_id,
  (SELECT f.url FROM kb_files f WHERE f.node_id = n.id) AS url,
  (SELECT encode(f.sha256, 'hex') FROM kb_files f WHERE f.node_id = n.id) AS file_sha256,
  n.language, n.version, n.created_by, n.indexed_version, n.index_status, n.index_error, n.chunk_count,
  n.created_at, n.updated_at`;
const columns = `${columnsWithoutBody}, n.body`;

export interface NodeFilter {
  readonly workspaceId: string;
  readonly source?: string | undefined;
  readonly sourceType?: SourceType | undefined;
  readonly sourceId?: string | undefined;
  readonly enabled?: boolean | undefined;
  readonly isDirectory?: boolean | undefined;
  /** Null: those at the root. */
  readonly parentId?: string | null | undefined;
  /** Anywhere below it. */
  readonly ancestorId?: string | undefined;
  /** Scoped to any of these. */
  readonly entityIds?: readonly string[] | undefined;
  /** Tagged with any of these. */
  readonly tags?: readonly string[] | undefined;
  readonly indexStatus?: IndexStatus | undefined;
  /** A part of the title, whatever its case. */
  readonly title?: string | undefined;
}

/** A page of the workspace's nodes, newest first, and how many there are. */
export async function listNodes(
  db: Queryable,
  filter: NodeFilter,
  page: PageRequest & { readonly withBody: boolean },
): Promise<Page<KnowledgeNode> & { readonly totalCount: number }> {
  const counting = conditionsOf(filter);
  const [count] = await db.query<{ n: number }>({
    text: `SELECT count(*) AS n FROM kb_nodes n ${counting.where('n.deleted_at IS NULL')}`,
    values: counting.values,
  });
  const conditions = conditionsOf(filter);
  const tail = conditions.pageOf(page, ['n.deleted_at IS NULL'], 'n');
  const rows = await db.query<NodeRow>({
    text: `SELECT ${page.withBody ? columns : `${columnsWithoutBody}, NULL AS body`} FROM kb_nodes n ${tail}`,
    values: conditions.values,
  });
  return {
    ...toPage(rows.map(toNode), page.limit, (node) => node),
    totalCount: count?.n ?? 0,
  };
}

function conditionsOf(filter: NodeFilter): Conditions {
  const conditions = new Conditions().inScope([filter.workspaceId], 'n.workspace_id');
  const equal = (value: unknown, column: string) => {
    if (value !== undefined) conditions.add(value, (at) => `n.${column} = ${at}`);
  };
  equal(filter.source, 'source');
  equal(filter.sourceType, 'source_type');
  equal(filter.sourceId === undefined ? undefined : toStorableText(filter.sourceId), 'source_id');
  equal(filter.enabled, 'enabled');
  equal(filter.isDirectory, 'is_directory');
  equal(filter.indexStatus, 'index_status');
  if (filter.parentId !== undefined) {
    conditions.add(filter.parentId, (at) => `n.parent_id IS NOT DISTINCT FROM ${at}`);
  }
  if (filter.ancestorId !== undefined) {
    conditions.add([filter.ancestorId], (at) => `n.ancestors @> ${at}::text[]`);
  }
  if (filter.entityIds !== undefined) {
    conditions.add(filter.entityIds.map(toStorableText), (at) => `n.entity_ids && ${at}::text[]`);
  }
  if (filter.tags !== undefined) {
    conditions.add(filter.tags.map(toStorableText), (at) => `n.tags && ${at}::text[]`);
  }
  if (filter.title !== undefined) {
    conditions.add(
      toStorableText(filter.title),
      (at) => `strpos(lower(n.title), lower(${at})) > 0`,
    );
  }
  return conditions;
}

/** The node with its body; null when there is none in scope. */
export async function getNode(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<KnowledgeNode | null> {
  const [row] = await db.query<NodeRow>({
    name: 'get_kb_node',
    text: `SELECT ${columns} FROM kb_nodes n
      WHERE n.id = $1 AND n.deleted_at IS NULL AND ${inScopeSql('n.workspace_id', '$2')}`,
    values: [id, scopeValue(scope)],
  });
  return row === undefined ? null : toNode(row);
}

/** The node that a client knows by its own name; null when there is none. */
export async function findNodeBySource(
  db: Queryable,
  of: { readonly workspaceId: string; readonly source: string; readonly sourceId: string },
): Promise<KnowledgeNode | null> {
  const [row] = await db.query<NodeRow>({
    name: 'find_kb_node_by_source',
    text: `SELECT ${columns} FROM kb_nodes n
      WHERE n.workspace_id = $1 AND n.source = $2 AND n.source_id = $3 AND n.deleted_at IS NULL`,
    values: [of.workspaceId, of.source, toStorableText(of.sourceId)],
  });
  return row === undefined ? null : toNode(row);
}

/** One writer of a workspace's tree at a time, for the rest of the transaction. Makes the space if need be. */
export async function lockSpace(tx: Queryable, workspaceId: string): Promise<void> {
  await tx.execute({
    name: 'make_kb_space',
    text: 'INSERT INTO kb_spaces (workspace_id) VALUES ($1) ON CONFLICT (workspace_id) DO NOTHING',
    values: [workspaceId],
  });
  await tx.query({
    name: 'lock_kb_tree',
    text: 'SELECT pg_advisory_xact_lock(hashtextextended($1, 140))',
    values: [workspaceId],
  });
}

export type NodeFields = Pick<
  KnowledgeNode,
  | 'parentId'
  | 'ancestors'
  | 'title'
  | 'body'
  | 'chunkBody'
  | 'entityIds'
  | 'tags'
  | 'metadataJson'
  | 'enabled'
  | 'language'
  | 'sourceType'
> & { readonly isLive: boolean };

/** Adds a node, and what it is to be read from if anything. The caller holds the space. */
export async function insertNode(
  tx: Queryable,
  node: NodeFields &
    Pick<
      KnowledgeNode,
      'id' | 'workspaceId' | 'isDirectory' | 'source' | 'sourceId' | 'createdBy'
    > & {
      readonly file: NodeFile | null;
    },
): Promise<KnowledgeNode> {
  await tx.execute({
    name: 'insert_kb_node',
    text: `INSERT INTO kb_nodes (id, workspace_id, is_directory, source, source_id, created_by, parent_id,
        ancestors, title, body, chunk_body, entity_ids, tags, metadata, enabled, language, source_type, is_live,
        index_status, due_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
        CASE WHEN $3 THEN 'none' ELSE 'pending' END, CASE WHEN NOT $3 THEN clock_timestamp() END)`,
    values: [
      node.id,
      node.workspaceId,
      node.isDirectory,
      node.source,
      storableOrNull(node.sourceId),
      node.createdBy,
      ...fieldValues(node),
    ],
  });
  if (!node.isDirectory && node.file === null) await insertNodeVersion(tx, node.id);
  if (node.file !== null) await putFile(tx, node.id, node.file);
  return await reread(tx, node.id);
}

/**
 * Writes a node. `change`: `content` makes a version and indexes it, `reread` reads its file or page anew,
 * `index` indexes the version that is there, `none` touches neither. The caller holds the space.
 */
export async function updateNode(
  tx: Queryable,
  id: string,
  fields: NodeFields & { readonly change: 'content' | 'reread' | 'index' | 'none' },
): Promise<KnowledgeNode> {
  const { change } = fields;
  await tx.execute({
    name: 'update_kb_node',
    text: `UPDATE kb_nodes SET parent_id = $2, ancestors = $3, title = $4, body = $5, chunk_body = $6,
        entity_ids = $7, tags = $8, metadata = $9, enabled = $10, language = $11, source_type = $12,
        is_live = $13,
        version = version + CASE WHEN $14 THEN 1 ELSE 0 END,
        index_status = CASE WHEN $15 THEN 'pending' ELSE index_status END,
        index_error = CASE WHEN $15 THEN NULL ELSE index_error END,
        due_at = CASE WHEN $15 THEN clock_timestamp() ELSE due_at END,
        claim = claim + CASE WHEN $15 THEN 1 ELSE 0 END,
        tries = CASE WHEN $15 THEN 0 ELSE tries END,
        updated_at = clock_timestamp()
      WHERE id = $1`,
    values: [id, ...fieldValues(fields), change === 'content', change !== 'none'],
  });
  if (change === 'content') await insertNodeVersion(tx, id);
  return await reread(tx, id);
}

/** Gives everything below a directory its place and whether it can be found, after the directory changed. */
export async function settleBelow(tx: Queryable, directoryId: string): Promise<void> {
  await tx.execute({
    name: 'settle_kb_below',
    text: `WITH RECURSIVE tree AS (
        SELECT id, ancestors, is_live FROM kb_nodes WHERE id = $1
        UNION ALL
        SELECT n.id, t.ancestors || (t.id COLLATE "default"), n.enabled AND t.is_live
        FROM kb_nodes n JOIN tree t ON n.parent_id = t.id WHERE n.deleted_at IS NULL
      )
      UPDATE kb_nodes n SET ancestors = t.ancestors, is_live = t.is_live FROM tree t
      WHERE n.id = t.id AND n.id <> $1 AND (n.ancestors, n.is_live) IS DISTINCT FROM (t.ancestors, t.is_live)`,
    values: [directoryId],
  });
}

/** Takes the node and all below it away; the number of nodes. The caller holds the space. */
export async function deleteNodes(tx: Queryable, id: string): Promise<number> {
  return await tx.execute({
    name: 'delete_kb_nodes',
    text: `UPDATE kb_nodes SET deleted_at = clock_timestamp(), is_live = false, due_at = clock_timestamp(),
        claim = claim + 1, body = NULL
      WHERE (id = $1 OR ancestors @> ARRAY[$1::text]) AND deleted_at IS NULL`,
    values: [id],
  });
}

/** How deep the tree is below the node: 0 when nothing is. */
export async function heightOf(tx: Queryable, node: KnowledgeNode): Promise<number> {
  const [row] = await tx.query<{ depth: number | null }>({
    name: 'height_of_kb_node',
    text: `SELECT max(cardinality(ancestors)) AS depth FROM kb_nodes
      WHERE ancestors @> ARRAY[$1::text] AND deleted_at IS NULL`,
    values: [node.id],
  });
  return Math.max(0, (row?.depth ?? 0) - node.ancestors.length);
}

/** Whether the node can be found, so far as it and its ancestors are concerned. */
export async function isLiveNode(tx: Queryable, id: string): Promise<boolean> {
  const [row] = await tx.query<{ is_live: boolean }>({
    name: 'is_kb_node_live',
    text: 'SELECT is_live FROM kb_nodes WHERE id = $1 AND deleted_at IS NULL',
    values: [id],
  });
  return row?.is_live === true;
}

async function reread(tx: Queryable, id: string): Promise<KnowledgeNode> {
  const node = await getNode(tx, 'all', id);
  if (node === null) throw new Error(`The knowledge node ${id} is not there.`);
  return node;
}

function fieldValues(fields: NodeFields): unknown[] {
  return [
    fields.parentId,
    fields.ancestors,
    toStorableText(fields.title),
    storableOrNull(fields.body),
    fields.chunkBody,
    fields.entityIds.map(toStorableText),
    fields.tags.map(toStorableText),
    toStorableText(fields.metadataJson),
    fields.enabled,
    fields.language,
    fields.sourceType,
    fields.isLive,
  ];
}

function toNode(row: NodeRow): KnowledgeNode {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    parentId: row.parent_id,
    ancestors: row.ancestors,
    title: fromStorableText(row.title),
    isDirectory: row.is_directory,
    body: fromStorableOrNull(row.body),
    chunkBody: row.chunk_body,
    entityIds: row.entity_ids.map(fromStorableText),
    tags: row.tags.map(fromStorableText),
    metadataJson: fromStorableText(row.metadata),
    enabled: row.enabled,
    source: row.source,
    sourceType: row.source_type,
    sourceId: fromStorableOrNull(row.source_id),
    url: row.url,
    fileSha256: row.file_sha256,
    language: row.language,
    version: row.version,
    createdBy: row.created_by,
    indexedVersion: row.indexed_version,
    indexStatus: row.index_status,
    indexError: row.index_error,
    chunkCount: row.chunk_count,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
