import { z } from '@hono/zod-openapi';
import type { KnowledgeNode } from '../../core/knowledge.ts';
import { refusal } from '../../core/validate.ts';
import { whyNotPage } from '../../knowledge/fetch-page.ts';
import { nodeFields, nodeMaxima } from '../../knowledge/node-input.ts';
import { createNode, patchNode, requireNode } from '../../knowledge/nodes.ts';
import { namedSourceType } from '../../knowledge/reading/source-types.ts';
import type { NodeFile } from '../../store/kb-files.ts';
import { created, ok } from '../answer.ts';
import { readBytes } from '../body.ts';
import { keepAnswer } from '../idempotency.ts';
import { defineRoute } from '../route.ts';
import { idParam } from './fields.ts';
import { nodeShape, showNode } from './kb-node-view.ts';

// Files and pages: what they say is read in the background, in a process of its own.

const tag = 'kb';
const resource = 'knowledge';
const inWorkspace = { from: 'query', need: 'one' } as const;
const mebibytes = nodeMaxima.fileBytes / 1_048_576;
const description = `The body is the file itself, up to ${mebibytes} MiB: Markdown, text, HTML, PDF, DOCX or CSV, told by its own bytes, \`name\` and \`Content-Type\`. It is read in the background; what is wrong with it stands in \`embed_error\`.`;

const name = z
  .string()
  .min(1)
  .max(255)
  .openapi({ description: 'The file’s name.', example: 'house-rules.md' });

/** A list in a query: separated by commas. */
const list = (field: z.ZodType<string[], string[]>) =>
  z
    .string()
    .transform((text) => text.split(',').filter((item) => item !== ''))
    .pipe(field)
    .optional()
    .openapi({ type: 'string', description: 'Separated by commas.' });

export const knowledgeFileRoutes = [
  defineRoute(
    {
      method: 'post',
      path: '/v1/kb/files',
      operationId: 'createKnowledgeFile',
      tag,
      summary: 'Create a node of a file',
      description,
      resource,
      right: 'write',
      workspace: inWorkspace,
      query: z.object({
        name,
        title: nodeFields.title.optional().openapi({
          description: 'Default: the name without its ending.',
        }),
        parent_id: z.string().optional(),
        entity_ids: list(nodeFields.entity_ids),
        tags: list(nodeFields.tags),
        source: nodeFields.source.optional().openapi({ description: 'Default `file`.' }),
        source_id: nodeFields.source_id.optional(),
      }),
      queryExample: { name: 'house-rules.md' },
      readsBody: true,
      bodyContentType: 'application/octet-stream',
      errors: {
        409: 'The source has a node of that id',
        413: `The file is larger than ${mebibytes} MiB`,
      },
      responses: { 201: { description: 'Node created', data: nodeShape } },
    },
    async ({ query, workspaceId, caller, http }, deps) => {
      const file = await readFile(http.req.raw, query.name);
      const node = await createNode(deps.knowledge, {
        ...emptyNode,
        workspaceId,
        title: query.title ?? titleOf(query.name),
        file,
        sourceType: namedSourceType(file.name, file.mediaType) ?? 'text',
        parentId: query.parent_id ?? null,
        entityIds: query.entity_ids ?? [],
        tags: query.tags ?? [],
        source: query.source ?? 'file',
        sourceId: query.source_id ?? null,
        createdBy: caller.id,
      });
      return created(showNode(node));
    },
  ),
  defineRoute(
    {
      method: 'put',
      path: '/v1/kb/nodes/{node_id}/file',
      operationId: 'replaceKnowledgeFile',
      tag,
      summary: 'Read a node from another file',
      description: `${description} Until it is indexed, search finds the version before.`,
      resource,
      right: 'write',
      workspace: inWorkspace,
      params: z.object({ node_id: idParam('Node', '019dca17f3a09b1c2d3e4f50') }),
      query: z.object({ name }),
      queryExample: { name: 'house-rules.md' },
      readsBody: true,
      bodyContentType: 'application/octet-stream',
      errors: { 413: `The file is larger than ${mebibytes} MiB` },
      responses: { 200: { description: 'Node', data: nodeShape } },
    },
    async ({ params: { node_id: id }, query, scope, http }, deps) => {
      // Before twenty megabytes are read for nothing.
      await requireNode(deps.db, scope, id);
      const file = await readFile(http.req.raw, query.name);
      const sourceType = namedSourceType(file.name, file.mediaType) ?? 'text';
      return ok(showNode(await patchNode(deps.knowledge, { scope, id }, { file, sourceType })));
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/kb/pages',
      operationId: 'createKnowledgePage',
      tag,
      summary: 'Create a node of a web page',
      description:
        'The page is fetched in the background, from public addresses only; `POST …/refresh` fetches it again.',
      resource,
      right: 'write',
      workspace: inWorkspace,
      body: z.object({
        url: z.string().superRefine((text, context) => {
          const message = whyNotPage(text);
          if (message !== null) context.addIssue({ code: 'custom', message });
        }),
        title: nodeFields.title.optional().openapi({ description: 'Default: the page’s own.' }),
        parent_id: nodeFields.parent_id.optional(),
        entity_ids: nodeFields.entity_ids.optional(),
        tags: nodeFields.tags.optional(),
      }),
      bodyRequired: true,
      bodyExample: { url: 'https://example.com/house-rules' },
      idempotent: 'create',
      responses: { 201: { description: 'Node created', data: nodeShape } },
    },
    async ({ body, workspaceId, caller, idempotency }, deps) => {
      const { url } = body;
      const answerOf = (node: KnowledgeNode) => created(showNode(node));
      const takesTitle = body.title === undefined;
      const node = await createNode(
        deps.knowledge,
        {
          ...emptyNode,
          workspaceId,
          title: body.title ?? url.slice(0, nodeMaxima.title),
          file: { name: null, mediaType: null, bytes: null, url, takesTitle },
          sourceType: 'web_page',
          parentId: body.parent_id ?? null,
          entityIds: body.entity_ids ?? [],
          tags: body.tags ?? [],
          source: 'web',
          sourceId: null,
          createdBy: caller.id,
        },
        keepAnswer(deps, idempotency, answerOf),
      );
      return answerOf(node);
    },
  ),
];

const emptyNode = {
  isDirectory: false,
  body: null,
  chunkBody: true,
  metadataJson: '{}',
  enabled: true,
  language: null,
} as const;

/** Throws `payload_too_large`, `validation_error`. */
async function readFile(request: Request, fileName: string): Promise<NodeFile> {
  const bytes = Buffer.from(await readBytes(request, nodeMaxima.fileBytes));
  if (bytes.length === 0) throw refusal(new Map([['body', 'must be the file: it is empty']]));
  const mediaType = request.headers.get('content-type');
  return { name: fileName, mediaType, bytes, url: null, takesTitle: false };
}

function titleOf(fileName: string): string {
  return fileName.replace(/(?<=.)\.[^.]{1,10}$/, '') || fileName;
}
