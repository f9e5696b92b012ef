import { z } from '@hono/zod-openapi';
import { searchKnowledge } from '../../knowledge/search.ts';
import { ok } from '../answer.ts';
import { defineRoute } from '../route.ts';

const tag = 'kb';
const resource = 'knowledge';
const inWorkspace = { from: 'query', need: 'one' } as const;

const passageShape = z.object({
  node_id: z.string(),
  chunk_id: z.string(),
  node_title: z.string(),
  node_version: z.int(),
  chunk_text: z.string(),
  context: z.string().openapi({ description: 'Title and headings above the passage.' }),
  chunk_index: z.int(),
  source: z.string(),
  knowledge_type: z.string().openapi({ description: 'The node’s `source_type`.' }),
  url: z.string().nullable(),
  relevance_score: z.number().openapi({
    description: '0 to 1, of use among the passages of one answer.',
  }),
  coverage: z.number().openapi({
    description: 'How much of the question, by weight of its words, the passage has: 0 to 1.',
  }),
  similarity: z.number().nullable().openapi({
    description: 'Cosine of question and passage; null without embeddings.',
  }),
});

export const knowledgeSearchRoutes = [
  defineRoute(
    {
      method: 'post',
      path: '/v1/kb/search',
      operationId: 'searchKnowledge',
      tag,
      summary: 'Find the passages that answer a question, best first',
      resource,
      right: 'read',
      waitsForOthers: true,
      workspace: inWorkspace,
      body: z.object({
        query: z.string().trim().min(1).max(4_000),
        entity_ids: z.array(z.string().min(1).max(255)).max(100).optional().openapi({
          description: 'Only nodes that are about any of these.',
        }),
        include_workspace_wide: z.boolean().optional().openapi({
          description: 'With `entity_ids`: nodes of the whole workspace too. Default false.',
        }),
        max_results: z.int().min(1).max(50).default(10),
      }),
      bodyRequired: true,
      bodyExample: { query: 'When is check-in?', max_results: 5 },
      responses: { 200: { description: 'Passages', data: z.array(passageShape) } },
    },
    async ({ body, workspaceId, signal }, deps) => {
      const { passages } = await searchKnowledge(deps.knowledge, {
        runId: null,
        scope: {
          workspaceId,
          entityIds: body.entity_ids ?? null,
          withUnscoped: body.include_workspace_wide ?? false,
        },
        query: body.query,
        maxResults: body.max_results,
        signal,
      });
      return ok(
        passages.map((passage) => ({
          node_id: passage.nodeId,
          chunk_id: passage.id,
          node_title: passage.nodeTitle,
          node_version: passage.nodeVersion,
          chunk_text: passage.text,
          context: passage.context,
          chunk_index: passage.position,
          source: passage.source,
          knowledge_type: passage.sourceType,
          url: passage.url,
          relevance_score: rounded(passage.score),
          coverage: rounded(passage.coverage),
          similarity: passage.similarity === null ? null : rounded(passage.similarity),
        })),
      );
    },
  ),
];

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
