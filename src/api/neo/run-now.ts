import { z } from '@hono/zod-openapi';
import { dispatchRun } from '../../runs/dispatch.ts';
import { triggerToRunNow } from '../../runs/manual-dispatch.ts';
import { dispatchOnce } from '../dispatch-once.ts';
import { findAgent } from '../find.ts';
import { defineRoute } from '../route.ts';
import { agentParams } from './fields.ts';
import { queued, queuedExecution } from './queued-execution.ts';

/** As many characters of an entity's id as an index entry surely holds. */
const maxEntityIdLength = 255;

const runNowRequest = z
  .object({
    additional_custom_instructions: z
      .union([z.string(), z.null()])
      .default(null)
      .openapi({ title: 'Additional Custom Instructions' }),
    target_entity_id: z
      .union([
        z
          .string()
          .refine(
            (id) => id.length >= 1 && id.length <= maxEntityIdLength,
            `must have 1 to ${maxEntityIdLength} characters`,
          ),
        z.null(),
      ])
      .default(null)
      .openapi({ title: 'Target Entity Id' }),
  })
  .openapi('RunNowRequest', {
    title: 'RunNowRequest',
    description: '`POST /public-api/agents/<id>/run-now` body.',
  });

/** Seed 001. */
export const runAgentNow = defineRoute(
  {
    method: 'post',
    path: '/public-api/agents/{agent_id}/run-now',
    operationId: 'public_api.agents_run_now_post',
    tag: 'Agents',
    summary: 'Run an agent now',
    description:
      'Starts an execution and answers before it ends; poll `GET /executions/<execution_id>`. With `target_entity_id` the first enabled webhook or event trigger runs, with the payload `{entity_id}`; without it the first enabled cron trigger. Conversational agents are refused with 400 `invalid_for_conversational`. Send `Idempotency-Key` to repeat a request safely.',
    resource: 'run',
    right: 'write',
    workspace: { from: 'header', need: 'optional' },
    params: agentParams,
    body: runNowRequest,
    // The seed requires one; all of its fields have defaults, so that none is as good as an empty one.
    bodyRequired: 'in_document',
    bodyExample: { target_entity_id: 'ticket-4711' },
    idempotent: 'dispatch',
    responses: { 202: { description: 'Success.', data: queuedExecution } },
  },
  async ({ params, body, scope, idempotency: claim, http }, deps) => {
    const agent = await findAgent(deps, scope, params.agent_id);
    const entityId = body.target_entity_id;
    return await dispatchOnce(deps, {
      claim,
      workspaceId: agent.workspaceId,
      prepare: () => {
        const given = {
          agent,
          trigger: triggerToRunNow(agent, entityId),
          source: 'manual',
          payloadJson: JSON.stringify(entityId === null ? {} : { entity_id: entityId }),
          entityId,
          additionalInstructions: body.additional_custom_instructions,
          traceparent: http.req.header('traceparent') ?? null,
        };
        return {
          answerOf: queued,
          dispatch: (idempotency) => dispatchRun(deps, { ...given, idempotency }),
        };
      },
    });
  },
);
