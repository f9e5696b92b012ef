import { z } from '@hono/zod-openapi';
import { listFeedback } from '../../store/feedback.ts';
import { created, ok } from '../answer.ts';
import {
  feedbackLinkShape,
  feedbackShape,
  makeFeedbackLink,
  newFeedbackLink,
  showFeedback,
} from '../feedback-view.ts';
import { findRunOfAgent } from '../find.ts';
import { defineRoute } from '../route.ts';
import { ofObject } from './fields.ts';
import { runParams } from './run-params.ts';

const common = { tag: 'agents', resource: 'run', workspace: ofObject, params: runParams } as const;

export const runFeedbackRoutes = [
  defineRoute(
    {
      ...common,
      method: 'post',
      path: '/v1/agents/{id}/runs/{run_id}/feedback-links',
      operationId: 'createAgentRunFeedbackLink',
      summary: 'Make a link by which somebody says what they think of a run',
      description:
        'For somebody without an account. What they say may be changed by the same link until it expires.',
      right: 'write',
      body: newFeedbackLink,
      bodyExample: { name: 'ada@example.com', expires_in_days: 14 },
      responses: { 201: { description: 'The link', data: feedbackLinkShape } },
    },
    async (call, deps) =>
      created(makeFeedbackLink(deps, call, await findRunOfAgent(deps, call.scope, call.params))),
  ),
  defineRoute(
    {
      ...common,
      method: 'get',
      path: '/v1/agents/{id}/runs/{run_id}/feedback',
      operationId: 'listAgentRunFeedback',
      summary: 'What people said of a run, by links',
      right: 'read',
      responses: { 200: { description: 'The oldest first', data: z.array(feedbackShape) } },
    },
    async ({ params, scope }, deps) => {
      const run = await findRunOfAgent(deps, scope, params);
      return ok((await listFeedback(deps.db, [run.id])).map(showFeedback));
    },
  ),
];
