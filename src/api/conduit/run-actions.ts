import { z } from '@hono/zod-openapi';
import { cancelRun } from '../../runs/cancel.ts';
import { retryRun } from '../../runs/retry.ts';
import { created, ok } from '../answer.ts';
import { dispatchOnce } from '../dispatch-once.ts';
import { findRunOfAgent } from '../find.ts';
import { defineRoute } from '../route.ts';
import { ofObject } from './fields.ts';
import { runParams } from './run-params.ts';
import { runDetail } from './run-view.ts';
import { viewRun } from './view-run.ts';

const tag = 'agents';
const resource = 'run';

export const cancelAgentRun = defineRoute(
  {
    method: 'post',
    path: '/v1/agents/{id}/runs/{run_id}/cancel',
    operationId: 'cancelAgentRun',
    tag,
    summary: 'Cancel a run',
    resource,
    right: 'write',
    workspace: ofObject,
    params: runParams,
    errors: { 409: 'The run has ended already' },
    responses: { 200: { description: 'The run, cancelled', data: runDetail } },
  },
  async ({ params, scope, caller }, deps) => {
    const { id } = await findRunOfAgent(deps, scope, params);
    const run = await cancelRun(deps, { scope, id, by: `${caller.kind} ${caller.id}` });
    return ok(await viewRun(deps, run));
  },
);

export const retryAgentRun = defineRoute(
  {
    method: 'post',
    path: '/v1/agents/{id}/runs/{run_id}/retry',
    operationId: 'retryAgentRun',
    tag,
    summary: 'Run again with the same payload',
    description: 'A new run of the agent as it is now, linked by `retry_of`.',
    resource,
    right: 'write',
    workspace: ofObject,
    params: runParams,
    idempotent: 'dispatch',
    errors: { 409: 'The run has not ended', 422: 'The agent cannot run' },
    responses: {
      201: {
        description: 'The new run',
        data: z.object({ id: z.string(), run_id: z.string(), retry_of: z.string() }),
      },
    },
  },
  async ({ params, scope, idempotency, http }, deps) => {
    const { id, workspaceId } = await findRunOfAgent(deps, scope, params);
    const traceparent = http.req.header('traceparent') ?? null;
    return await dispatchOnce(deps, {
      claim: idempotency,
      workspaceId,
      prepare: () => ({
        answerOf: (ids) => created({ id: ids.id, run_id: ids.runId, retry_of: id }),
        dispatch: (key) => retryRun(deps, { scope, id, traceparent, idempotency: key }),
      }),
    });
  },
);
