import { z } from '@hono/zod-openapi';
import { textLanguages } from '../../knowledge/languages.ts';
import { changeSettings } from '../../knowledge/settings.ts';
import { getSpaceProgress, getSpaceSettings, type SpaceSettings } from '../../store/kb-spaces.ts';
import { ok } from '../answer.ts';
import { defineRoute } from '../route.ts';

const tag = 'kb';
const resource = 'knowledge';
const inWorkspace = { from: 'query', need: 'one' } as const;

const fields = {
  language: z.enum(['auto', ...textLanguages] as [string, ...string[]]).openapi({
    description: 'Of nodes that name none. `auto`: told by the text of each.',
  }),
  embedding_model: z.string().min(1).max(200).nullable().openapi({
    description:
      '`provider/model`, `local/name` or the name of a model at `/v1/models`; null: search goes by words alone.',
    example: 'openai/text-embedding-3-small',
  }),
  rerank_model: z.string().min(1).max(200).nullable().openapi({
    description:
      'Orders the best of what was found anew: a model behind `POST /rerank` of an OpenAI-compatible server, or any other model, which is asked for an order. Null: nothing does.',
    example: null,
  }),
};

const count = z.int();

export const knowledgeSettingsRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/kb/settings',
      operationId: 'getKnowledgeSettings',
      tag,
      summary: 'Get how the workspace’s knowledge is searched',
      resource,
      right: 'read',
      workspace: inWorkspace,
      responses: { 200: { description: 'Settings', data: z.object(fields) } },
    },
    async ({ workspaceId }, deps) => ok(show(await getSpaceSettings(deps.db, workspaceId))),
  ),
  defineRoute(
    {
      method: 'patch',
      path: '/v1/kb/settings',
      operationId: 'updateKnowledgeSettings',
      tag,
      summary: 'Change how the workspace’s knowledge is searched',
      description: 'What a change concerns is indexed again in the background.',
      resource,
      right: 'write',
      workspace: inWorkspace,
      body: z.object({
        language: fields.language.optional(),
        embedding_model: fields.embedding_model.optional(),
        rerank_model: fields.rerank_model.optional(),
      }),
      bodyRequired: true,
      bodyExample: { language: 'english' },
      responses: { 200: { description: 'Settings', data: z.object(fields) } },
    },
    async ({ body, workspaceId }, deps) => {
      const patch = {
        language: body.language,
        embeddingModel: body.embedding_model,
        rerankModel: body.rerank_model,
      };
      return ok(show(await changeSettings(deps.knowledge, workspaceId, patch)));
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/kb/status',
      operationId: 'getKnowledgeStatus',
      tag,
      summary: 'Get how far the workspace’s knowledge is indexed',
      resource,
      right: 'read',
      workspace: inWorkspace,
      responses: {
        200: {
          description: 'Progress',
          data: z.object({
            nodes: z
              .object({
                pending: count,
                processing: count,
                embedding: count,
                ready: count,
                failed: count,
              })
              .openapi({ description: 'Files by `embed_status`.' }),
            chunks: count,
            vectors: count.openapi({ description: 'Chunks that have one of the model in force.' }),
            vector_search: z.enum(['pgvector', 'memory']).openapi({
              description: 'What compares vectors: the database, or the server in its memory.',
            }),
            finds_misspelled: z.boolean().openapi({
              description: 'Whether the database has trigrams (`pg_trgm`).',
            }),
          }),
        },
      },
    },
    async ({ workspaceId }, deps) => {
      const progress = await getSpaceProgress(deps.db, workspaceId);
      const of = (status: keyof typeof progress.nodes) => progress.nodes[status] ?? 0;
      return ok({
        nodes: {
          pending: of('pending'),
          processing: of('processing'),
          embedding: of('embedding'),
          ready: of('ready'),
          failed: of('failed'),
        },
        chunks: progress.chunkCount,
        vectors: progress.vectorCount,
        vector_search: deps.knowledge.hasPgvector ? 'pgvector' : 'memory',
        finds_misspelled: progress.hasTrigrams,
      });
    },
  ),
];

function show(settings: SpaceSettings) {
  const { language, embeddingModel, rerankModel } = settings;
  return { language, embedding_model: embeddingModel, rerank_model: rerankModel };
}
