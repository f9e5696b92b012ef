import { z } from '@hono/zod-openapi';
import { rotateHookSecret, rotateHookUrl } from '../../agents/rotate-hook.ts';
import { ok } from '../answer.ts';
import { defineRoute } from '../route.ts';
import { showTrigger, triggerShape } from './agent-view.ts';
import { idParam } from './fields.ts';
import { agentParams } from './run-params.ts';

const common = {
  method: 'post',
  tag: 'agents',
  resource: 'agent',
  right: 'write',
  workspace: { from: 'query', need: 'optional' },
  params: agentParams.extend({
    trigger_id: idParam('Trigger', 'tr77c0dy0mgdpzmqz6tesry8w184002s'),
  }),
  errors: { 409: 'The trigger is no webhook, or has no secret' },
} as const;

const overlap = z.number().min(0).max(720).default(24).openapi({
  description: 'Hours that the former one stays good. 0 ends it, and all before it, at once.',
});

export const rotateTriggerSecret = defineRoute(
  {
    ...common,
    path: '/v1/agents/{id}/triggers/{trigger_id}/rotate-secret',
    operationId: 'rotateTriggerSecret',
    summary: 'Rotate the secret of a webhook trigger',
    description:
      'Requests that are signed with the former secret are taken during the overlap too. The new secret is shown this once.',
    body: z.object({
      secret: z.string().min(8).max(1_000).optional().openapi({
        description: 'Made at random when absent; Slack and Stripe make theirs themselves.',
      }),
      overlap_hours: overlap,
    }),
    bodyExample: { overlap_hours: 24 },
    responses: {
      200: {
        description: 'The trigger, and its new secret',
        data: triggerShape.extend({ secret: z.string() }),
      },
    },
  },
  async ({ params, scope, body }, deps) => {
    const { trigger, secret } = await rotateHookSecret(deps.agents, {
      scope,
      agent: params.id,
      triggerId: params.trigger_id,
      overlapMs: body.overlap_hours * 3_600_000,
      secret: body.secret ?? null,
    });
    return ok({ ...showTrigger(trigger), secret });
  },
);

export const rotateTriggerUrl = defineRoute(
  {
    ...common,
    path: '/v1/agents/{id}/triggers/{trigger_id}/rotate-url',
    operationId: 'rotateTriggerUrl',
    summary: 'Rotate the URL of a webhook trigger',
    description: 'The new one is in `config.url`; the former one works during the overlap.',
    body: z.object({ overlap_hours: overlap }),
    bodyExample: { overlap_hours: 24 },
    responses: { 200: { description: 'The trigger', data: triggerShape } },
  },
  async ({ params, scope, body }, deps) => {
    const trigger = await rotateHookUrl(deps.agents, {
      scope,
      agent: params.id,
      triggerId: params.trigger_id,
      overlapMs: body.overlap_hours * 3_600_000,
    });
    return ok(showTrigger(trigger));
  },
);
