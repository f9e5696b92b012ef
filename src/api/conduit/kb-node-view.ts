import { z } from '@hono/zod-openapi';
import { indexStatuses, type KnowledgeNode, sourceTypes } from '../../core/knowledge.ts';
import { RawJson } from '../../core/raw-json.ts';
import { idParam, jsonObject } from './fields.ts';
import { iso } from './times.ts';

/** How the routes about one node name it and its workspace. */
export const inWorkspace = { from: 'query', need: 'one' } as const;
export const nodeParams = z.object({ node_id: idParam('Node', '019dca17f3a09b1c2d3e4f50') });

export const nodeShape = z.object({
  id: z.string().openapi({ example: '019dca17f3a09b1c2d3e4f50' }),
  workspace_id: z.string(),
  title: z.string(),
  body: z.string().nullable().openapi({
    description:
      'Markdown; null for directories, until a file or page was read, and in lists that were not asked for it.',
  }),
  chunk_body: z.boolean().openapi({ description: 'False: the body is one chunk.' }),
  entity_ids: z.array(z.string()).openapi({ description: 'Empty: of the whole workspace.' }),
  parent_id: z.string().nullable(),
  ancestors: z.array(z.string()).openapi({ description: 'From the root down to the parent.' }),
  depth: z.int(),
  source: z.string(),
  source_type: z.enum(sourceTypes),
  source_id: z.string().nullable(),
  url: z.string().nullable().openapi({ description: 'Of a web page.' }),
  file_sha256: z.string().nullable().openapi({
    description: 'Of the file that it was read from last.',
  }),
  language: z.string().nullable().openapi({ description: 'Null: as the workspace says.' }),
  is_directory: z.boolean(),
  metadata: jsonObject,
  enabled: z.boolean(),
  created_by: z.string().nullable(),
  embed_status: z.enum(indexStatuses).openapi({
    description:
      '`pending` and `processing`: search finds the version before, if there is one. `embedding`: words are found, vectors are on their way. `failed`: see `embed_error`. `none`: a directory.',
  }),
  embed_error: z.string().nullable(),
  chunk_count: z.int(),
  version: z.int(),
  indexed_version: z.int().nullable().openapi({ description: 'The version that search finds.' }),
  tags: z.array(z.string()),
  created_at: z.string(),
  updated_at: z.string(),
});

export function showNode(node: KnowledgeNode) {
  return {
    id: node.id,
    workspace_id: node.workspaceId,
    title: node.title,
    body: node.body,
    chunk_body: node.chunkBody,
    entity_ids: node.entityIds,
    parent_id: node.parentId,
    ancestors: node.ancestors,
    depth: node.ancestors.length,
    source: node.source,
    source_type: node.sourceType,
    source_id: node.sourceId,
    url: node.url,
    file_sha256: node.fileSha256,
    language: node.language,
    is_directory: node.isDirectory,
    metadata: new RawJson(node.metadataJson),
    enabled: node.enabled,
    created_by: node.createdBy,
    embed_status: node.indexStatus,
    embed_error: node.indexError,
    chunk_count: node.chunkCount,
    version: node.version,
    indexed_version: node.indexedVersion,
    tags: node.tags,
    created_at: iso(node.createdAt),
    updated_at: iso(node.updatedAt),
  };
}
