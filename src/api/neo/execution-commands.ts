import { cancelRun } from '../../runs/cancel.ts';
import { retryRun } from '../../runs/retry.ts';
import { ok } from '../answer.ts';
import { dispatchOnce } from '../dispatch-once.ts';
import { findRun } from '../find.ts';
import { defineRoute } from '../route.ts';
import { executionRow, viewExecution } from './execution-view.ts';
import { executionParams } from './executions.ts';
import { ofObject } from './fields.ts';
import { queued, queuedExecution } from './queued-execution.ts';

const tag = 'Executions';
const resource = 'run';

export const cancelExecution = defineRoute(
  {
    method: 'post',
    path: '/public-api/executions/{execution_id}/cancel',
    operationId: 'public_api.executions_cancel_post',
    tag,
    summary: 'Cancel an execution',
    description:
      'Ends it at once and for good; a call in flight is stopped. 409 `conflict` when it has ended.',
    resource,
    right: 'write',
    workspace: ofObject,
    params: executionParams,
    responses: { 200: { description: 'Success.', data: executionRow } },
  },
  async ({ params, scope, caller }, deps) => {
    const { id } = await findRun(deps, scope, params.execution_id);
    const run = await cancelRun(deps, { scope, id, by: `${caller.kind} ${caller.id}` });
    return ok(await viewExecution(deps, run));
  },
);

export const retryExecution = defineRoute(
  {
    method: 'post',
    path: '/public-api/executions/{execution_id}/retry',
    operationId: 'public_api.executions_retry_post',
    tag,
    summary: 'Run again with the same input',
    description:
      'A new execution of the agent as it is now, whose `retry_of` names this one. 409 `conflict` while this one has not ended.',
    resource,
    right: 'write',
    workspace: ofObject,
    params: executionParams,
    idempotent: 'dispatch',
    responses: { 202: { description: 'Success.', data: queuedExecution } },
  },
  async ({ params, scope, idempotency, http }, deps) => {
    const { id, workspaceId } = await findRun(deps, scope, params.execution_id);
    const traceparent = http.req.header('traceparent') ?? null;
    return await dispatchOnce(deps, {
      claim: idempotency,
      workspaceId,
      prepare: () => ({
        answerOf: queued,
        dispatch: (key) => retryRun(deps, { scope, id, traceparent, idempotency: key }),
      }),
    });
  },
);
