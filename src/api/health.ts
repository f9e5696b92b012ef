import { z } from '@hono/zod-openapi';
import { ok } from './answer.ts';
import { defineRoute } from './route.ts';

/** The process answers; says nothing of what it depends on. */
export const healthz = defineRoute(
  {
    method: 'get',
    path: '/healthz',
    operationId: 'healthz',
    tag: 'meta',
    summary: 'Whether the process is alive',
    resource: 'meta',
    right: 'public',
    workspace: 'none',
    responses: {
      200: {
        description: 'Alive',
        data: z.object({ status: z.literal('ok'), version: z.string() }),
      },
    },
  },
  async (_call, deps) => ok({ status: 'ok', version: deps.version }),
);

/** 503 until everything that a dispatch needs works; each line says what to do. */
export const readyz = defineRoute(
  {
    method: 'get',
    path: '/readyz',
    operationId: 'readyz',
    tag: 'meta',
    summary: 'Whether the server can do its work',
    resource: 'meta',
    right: 'public',
    workspace: 'none',
    responses: { 200: { description: 'Ready' }, 503: { description: 'Not ready' } },
  },
  async (_call, deps) => {
    const checks = await deps.readiness();
    const ready = checks.every((check) => check.ok);
    return {
      status: ready ? 200 : 503,
      data: { status: ready ? 'ready' : 'not_ready', version: deps.version, checks },
    };
  },
);
