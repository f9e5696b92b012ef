import { z } from '@hono/zod-openapi';
import type { KnowledgeNode } from '../../core/knowledge.ts';
import { nodeFromRun } from '../../knowledge/from-run.ts';
import { nodeFields } from '../../knowledge/node-input.ts';
import { listGaps } from '../../store/kb-gaps.ts';
import { created, listed } from '../answer.ts';
import { findRun } from '../find.ts';
import { keepAnswer } from '../idempotency.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { listQuery } from './fields.ts';
import { nodeShape, showNode } from './kb-node-view.ts';
import { iso, isoOrNull } from './times.ts';

const tag = 'kb';
const resource = 'knowledge';
const inWorkspace = { from: 'query', need: 'one' } as const;

const gapShape = z.object({
  id: z.string(),
  run_id: z.string(),
  agent_id: z.string(),
  query: z.string(),
  entity_id: z.string().nullable(),
  node_id: z.string().nullable().openapi({ description: 'The node that was made of it.' }),
  created_at: z.string(),
  answered_at: z.string().nullable(),
});

export const knowledgeGapRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/kb/gaps',
      operationId: 'listKnowledgeGaps',
      tag,
      summary: 'List questions of runs that found no answer, newest first',
      description: '`POST /v1/kb/nodes/from-run` makes a node of one and a person’s answer.',
      resource,
      right: 'read',
      workspace: inWorkspace,
      query: z.object({
        answered: z
          .enum(['true', 'false'])
          .default('false')
          .openapi({ description: 'Those that a node was made of since.' }),
        run_id: z.string().optional(),
        agent_id: z.string().optional(),
        ...listQuery,
      }),
      responses: { 200: { description: 'Questions', data: gapShape, kind: 'page' } },
    },
    async ({ query, workspaceId, scope }, deps) => {
      const { limit, cursor, answered, agent_id: agentId } = query;
      const runId =
        query.run_id === undefined ? undefined : (await findRun(deps, scope, query.run_id)).id;
      const filter = { workspaceId, isAnswered: answered === 'true', runId, agentId };
      const paging = pagingOf(deps, { name: 'kb_gaps', filters: filter, limit, cursor });
      return listed(await listGaps(deps.db, filter, paging.request), paging, (gap) => ({
        id: gap.id,
        run_id: gap.runId,
        agent_id: gap.agentId,
        query: gap.query,
        entity_id: gap.entityId,
        node_id: gap.nodeId,
        created_at: iso(gap.createdAt),
        answered_at: isoOrNull(gap.answeredAt),
      }));
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/kb/nodes/from-run',
      operationId: 'createKnowledgeNodeFromRun',
      tag,
      summary: 'Make a node of a run’s question and a person’s answer',
      description:
        'For runs that escalated because nothing was found. The run’s open questions are answered by the node.',
      resource,
      right: 'write',
      workspace: inWorkspace,
      body: z.object({
        run_id: z.string().openapi({ description: 'Either id of the run.' }),
        answer: z.string().trim().min(1).max(100_000).optional().openapi({
          description: 'Default: the reply that a person sent to what the run handed over.',
        }),
        question: z.string().trim().min(1).max(2_000).optional().openapi({
          description: 'Default: what the run asked last without finding an answer.',
        }),
        title: nodeFields.title.optional().openapi({ description: 'Default: the question.' }),
        parent_id: nodeFields.parent_id.optional(),
        entity_ids: nodeFields.entity_ids.optional().openapi({
          description: 'Default: what the run was about.',
        }),
        tags: nodeFields.tags.optional(),
      }),
      bodyRequired: true,
      bodyExample: {
        run_id: 'run_01k8zv5q2f3g4h5j6k7m8n9p0qrstvw',
        question: 'Is early check-in possible?',
        answer: 'From noon on, when the house was empty the night before.',
      },
      idempotent: 'create',
      errors: { 409: 'The run has its node already' },
      responses: { 201: { description: 'Node created', data: nodeShape } },
    },
    async ({ body, scope, caller, idempotency }, deps) => {
      const run = await findRun(deps, scope, body.run_id);
      const answerOf = (node: KnowledgeNode) => created(showNode(node));
      const given = {
        question: body.question ?? null,
        answer: body.answer ?? null,
        title: body.title ?? null,
        parentId: body.parent_id ?? null,
        entityIds: body.entity_ids ?? null,
        tags: body.tags ?? [],
        createdBy: caller.id,
      };
      const keep = keepAnswer(deps, idempotency, answerOf);
      return answerOf(await nodeFromRun(deps.knowledge, run, given, keep));
    },
  ),
];
