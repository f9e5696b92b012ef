import { z } from '@hono/zod-openapi';
import { explainCron } from '../../agents/explain-cron.ts';
import { readCronConfig } from '../../agents/trigger-config.ts';
import { ok } from '../answer.ts';
import { defineRoute } from '../route.ts';
import { iso } from './times.ts';

export const explainCronExpression = defineRoute(
  {
    method: 'post',
    path: '/v1/triggers/cron/explain',
    operationId: 'explainCronExpression',
    tag: 'agents',
    summary: 'Explain a cron expression',
    description:
      'When a cron trigger with this config would be due: in words, and the next five times. Refuses what a trigger would be refused for. Fixed times that clocks skip when they are set forward are due at the first moment after; those that clocks show twice when they are set back, at the first. Intervals (with `*` or a step in seconds, minutes or hours) go by the clock.',
    resource: 'agent',
    right: 'read',
    workspace: 'none',
    body: z.object({
      expression: z.string().openapi({
        description: 'Minute, hour, day, month, weekday; with six fields, seconds come first.',
      }),
      timezone: z.string().optional().openapi({ description: 'IANA name; default UTC.' }),
    }),
    bodyRequired: true,
    bodyExample: { expression: '0 9 * * MON-FRI', timezone: 'Europe/Berlin' },
    responses: {
      200: {
        description: 'What the expression means',
        data: z.object({
          expression: z.string(),
          timezone: z.string(),
          explanation: z.string(),
          next_ticks: z.array(z.string()),
        }),
      },
    },
  },
  async ({ body }) => {
    const { expression, timezone } = readCronConfig(body);
    const explained = explainCron({ expression, timezone, after: new Date() });
    return ok({
      expression,
      timezone,
      explanation: explained.words,
      next_ticks: explained.nextTicks.map(iso),
    });
  },
);
