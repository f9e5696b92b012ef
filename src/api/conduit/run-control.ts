import { z } from '@hono/zod-openapi';
import { rawMember } from '../../core/json.ts';
import { stopReasons } from '../../core/run.ts';
import { refuse } from '../../core/validate.ts';
import { forkRun } from '../../runs/fork.ts';
import { retryFailedRuns } from '../../runs/retry-failed.ts';
import { created } from '../answer.ts';
import { dispatchOnce } from '../dispatch-once.ts';
import { findAgent, findRunOfAgent } from '../find.ts';
import { defineRoute } from '../route.ts';
import { jsonObject, moment, ofObject } from './fields.ts';
import { agentParams, runParams } from './run-params.ts';

const tag = 'agents';
const resource = 'run';

const forkBody = z.object({
  from_step: z.union([z.number().int().min(1).max(999_999_999), z.string().min(1)]).openapi({
    description:
      'The step to go on from: its number, or its id. Steps before it are copied, not made again. The number after the last step copies all of them.',
  }),
  instructions: z
    .string()
    .min(1)
    .nullable()
    .optional()
    .openapi({ description: 'In place of the agent’s.' }),
  model: z.string().min(1).nullable().optional(),
  tool_results: jsonObject.optional().openapi({
    description:
      'What tools are to have returned, by the number or id of the step, or by `tool_call_id`.',
  }),
  payload: z.unknown().optional(),
});

export const forkAgentRun = defineRoute(
  {
    method: 'post',
    path: '/v1/agents/{id}/runs/{run_id}/fork',
    operationId: 'forkAgentRun',
    tag,
    summary: 'Go on from a step in a new run',
    description:
      'The new run begins with the steps before `from_step` and goes on from there on the same version of the agent, with what is changed here. Its tokens and cost begin at 0.',
    resource,
    right: 'write',
    workspace: ofObject,
    params: runParams,
    body: forkBody,
    bodyRequired: true,
    bodyExample: { from_step: 1, instructions: 'Look the reservation up twice.' },
    idempotent: 'dispatch',
    errors: { 409: 'The agent was deleted', 422: 'The agent or the model cannot run' },
    responses: {
      201: {
        description: 'The new run',
        data: z.object({
          id: z.string(),
          run_id: z.string(),
          forked_from: z.string(),
        }),
      },
    },
  },
  async ({ params, body, bodyText, scope, idempotency, http }, deps) => {
    const { id, workspaceId } = await findRunOfAgent(deps, scope, params);
    return await dispatchOnce(deps, {
      claim: idempotency,
      workspaceId,
      prepare: () => ({
        answerOf: (ids) => created({ id: ids.id, run_id: ids.runId, forked_from: id }),
        dispatch: (key) =>
          forkRun(deps, {
            scope,
            id,
            fromStep: String(body.from_step),
            instructions: body.instructions ?? null,
            model: body.model ?? null,
            payloadJson: rawMember(bodyText, 'payload'),
            toolResults: membersOf(rawMember(bodyText, 'tool_results') ?? '{}'),
            traceparent: http.req.header('traceparent') ?? null,
            idempotency: key,
          }),
      }),
    });
  },
);

/** Each member's text as it was given (I9). */
function membersOf(json: string): ReadonlyMap<string, string> {
  const names = Object.keys(JSON.parse(json) as object);
  return new Map(names.map((name) => [name, rawMember(json, name) ?? 'null']));
}

const failureReasons = stopReasons.filter(
  (reason) => reason !== 'completed' && reason !== 'cancelled',
);

export const retryFailedAgentRuns = defineRoute(
  {
    method: 'post',
    path: '/v1/agents/{id}/runs/retry',
    operationId: 'retryFailedAgentRuns',
    tag,
    summary: 'Retry the failed runs since a time',
    description:
      'Each run is retried once, however often this is called; runs that were retried already are left out. The oldest failures come first.',
    resource,
    right: 'write',
    workspace: ofObject,
    params: agentParams,
    body: z.object({
      since: moment.openapi({ description: 'Runs that failed at or after it.' }),
      until: moment.optional().openapi({ description: 'Runs that failed before it.' }),
      stop_reasons: z
        .array(z.enum(failureReasons))
        .min(1)
        .optional()
        .openapi({ description: 'Only runs that failed for one of these.' }),
      limit: z.number().int().min(1).max(1_000).default(1_000),
    }),
    bodyRequired: true,
    bodyExample: { since: '2026-04-03T00:00:00Z', stop_reasons: ['failed'] },
    errors: { 422: 'The agent or the model cannot run' },
    responses: {
      201: {
        description: 'The new runs',
        data: z.object({
          retried: z.array(z.object({ id: z.string(), run_id: z.string(), retry_of: z.string() })),
          more: z.boolean().openapi({ description: 'There are more than `limit`: call again.' }),
        }),
      },
    },
  },
  async ({ params, body, scope, http }, deps) => {
    const agent = await findAgent(deps, scope, params.id);
    if (body.until !== undefined && body.until <= body.since) {
      refuse(new Map([['until', 'must be after since']]));
    }
    const { retried, more } = await retryFailedRuns(deps, {
      agent,
      since: body.since,
      until: body.until ?? null,
      stopReasons: body.stop_reasons ?? null,
      limit: body.limit,
      traceparent: http.req.header('traceparent') ?? null,
    });
    return created({
      retried: retried.map((run) => ({ id: run.id, run_id: run.runId, retry_of: run.retryOf })),
      more,
    });
  },
);
