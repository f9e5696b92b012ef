import { z } from '@hono/zod-openapi';
import type { Agent } from '../../core/agent.ts';
import { rawMember } from '../../core/json.ts';
import { stringifyJson } from '../../core/raw-json.ts';
import { dispatchRun } from '../../runs/dispatch.ts';
import { triggerToRun } from '../../runs/manual-dispatch.ts';
import { type Answer, ok } from '../answer.ts';
import type { ApiDeps } from '../deps.ts';
import { type DispatchAnswer, dispatchOnce, type PreparedDispatch } from '../dispatch-once.ts';
import { findAgent } from '../find.ts';
import { integerParam } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { agentParams } from './run-params.ts';
import { runDetail } from './run-view.ts';
import { viewRun } from './view-run.ts';

const dispatched = z.object({
  dispatched: z.boolean(),
  trigger_id: z.string(),
  trigger_type: z.enum(['cron', 'webhook', 'event']),
  id: z.string(),
  run_id: z.string(),
  run: runDetail.optional().openapi({ description: 'With `wait`, when the run ended in time.' }),
});

/** Seed 000. */
export const runAgent = defineRoute(
  {
    method: 'post',
    path: '/v1/agents/{id}/run',
    operationId: 'runAgent',
    tag: 'agents',
    summary: 'Run an agent',
    description:
      'Dispatches the agent as if one of its triggers had fired; filters and overlap rules do not apply.',
    resource: 'run',
    right: 'write',
    workspace: { from: 'query', need: 'optional' },
    params: agentParams,
    query: z.object({
      wait: integerParam({
        min: 0,
        max: 60,
        default: 0,
        description: 'Seconds to wait for the end of the run, which is then in the answer.',
      }),
    }),
    body: z
      .object({
        trigger_id: z.string().optional().openapi({
          description: 'The trigger to run; needed when the agent has several.',
        }),
        payload: z.unknown().optional().openapi({
          description: 'What the trigger would have received. `{}` when absent; cron ignores it.',
        }),
        priority: z.number().int().min(0).max(3_600).optional().openapi({
          description: 'Seconds that the run goes ahead of others of its workspace in the queue.',
        }),
        concurrency_key: z.string().min(1).max(255).nullable().optional().openapi({
          description:
            'Runs of the agent with the same key go one at a time; one that waits lets the next go on.',
        }),
        dry_run: z.boolean().optional().openapi({
          description:
            'Calls of tools with outside effects are written down in the trace and not made: all of them but those with `has_effects: false`.',
        }),
      })
      .openapi({ description: 'Which trigger, and with what.' }),
    bodyExample: { payload: { reservation_id: 'res_123', status: 'confirmed' } },
    idempotent: 'dispatch',
    errors: { 422: 'Trigger cannot be dispatched' },
    responses: { 200: { description: 'Agent dispatched', data: dispatched } },
  },
  async (call, deps) => {
    const { params, query, body, bodyText, scope, idempotency, http } = call;
    const agent = await findAgent(deps, scope, params.id);
    const traceparent = http.req.header('traceparent') ?? null;
    const payloadJson = rawMember(bodyText, 'payload') ?? '{}';
    const answer = await dispatchOnce(deps, {
      claim: idempotency,
      workspaceId: agent.workspaceId,
      prepare: () =>
        prepareDispatch(deps, {
          agent,
          triggerId: body.trigger_id ?? null,
          payloadJson,
          traceparent,
          priority: body.priority ?? 0,
          concurrencyKey: body.concurrency_key ?? null,
          dryRun: body.dry_run ?? false,
        }),
    });
    return query.wait === 0
      ? answer
      : await withEndedRun(deps, answer, { waitS: query.wait, signal: call.signal });
  },
);

function prepareDispatch(
  deps: ApiDeps,
  request: {
    readonly agent: Agent;
    readonly triggerId: string | null;
    readonly payloadJson: string;
    readonly traceparent: string | null;
    readonly priority: number;
    readonly concurrencyKey: string | null;
    readonly dryRun: boolean;
  },
): PreparedDispatch {
  const { agent, traceparent } = request;
  const trigger = triggerToRun(agent, request.triggerId);
  return {
    answerOf: (ids) =>
      ok({
        dispatched: true,
        trigger_id: trigger.id,
        trigger_type: trigger.type,
        id: ids.id,
        run_id: ids.runId,
      }),
    dispatch: (idempotency) =>
      dispatchRun(deps, {
        agent,
        trigger,
        source: 'manual',
        payloadJson: trigger.type === 'cron' ? '{}' : request.payloadJson,
        entityId: null,
        additionalInstructions: null,
        priority: request.priority,
        concurrencyKey: request.concurrencyKey,
        dryRun: request.dryRun,
        traceparent,
        idempotency,
      }),
  };
}

/** The answer with the run in it if that ends in time, else as it is. */
async function withEndedRun(
  deps: ApiDeps,
  answer: DispatchAnswer,
  wait: { readonly waitS: number; readonly signal: AbortSignal },
): Promise<Answer> {
  const data = JSON.parse(stringifyJson(answer.data)) as { readonly id: string };
  const signal = AbortSignal.any([wait.signal, AbortSignal.timeout(wait.waitS * 1_000)]);
  const run = await deps.feeds.end({ id: data.id, isNew: !answer.isRepeat, signal });
  if (run === null) return answer;
  return { ...answer, data: { ...data, run: await viewRun(deps, run, deps.reads) } };
}
