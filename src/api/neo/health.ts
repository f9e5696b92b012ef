import { z } from '@hono/zod-openapi';
import { ok } from '../answer.ts';
import { defineRoute } from '../route.ts';

/** The process answers; says nothing of what it depends on, which is `/readyz`. */
export const getHealth = defineRoute(
  {
    method: 'get',
    path: '/public-api/health',
    operationId: 'public_api.health_get',
    tag: 'Meta',
    summary: 'Whether the service answers',
    resource: 'meta',
    right: 'public',
    workspace: 'none',
    responses: {
      200: {
        description: 'Success.',
        data: z.object({ status: z.literal('ok'), version: z.string() }),
      },
    },
  },
  async (_call, deps) => ok({ status: 'ok', version: deps.version }),
);
