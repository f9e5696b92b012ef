import { z } from '@hono/zod-openapi';
import { tokenAccesses } from '../../core/token.ts';
import { listWorkspaces } from '../../store/workspaces.ts';
import { ok } from '../answer.ts';
import { defineRoute } from '../route.ts';

const root = z.object({
  name: z.string(),
  version: z.string(),
  access: z.enum(tokenAccesses),
  workspaces: z.array(z.object({ id: z.string(), name: z.string() })),
  links: z.record(z.string(), z.string()),
});

export const getRoot = defineRoute(
  {
    method: 'get',
    path: '/v1',
    operationId: 'getApi',
    tag: 'meta',
    summary: 'What the token reaches',
    resource: 'meta',
    right: 'read',
    workspace: 'none',
    responses: { 200: { description: 'Version, rights and the first 100 workspaces', data: root } },
  },
  async ({ caller, scope }, deps) => {
    const workspaces = await listWorkspaces(deps.db, scope, { limit: 100, after: null });
    return ok({
      name: 'Signalbox',
      version: deps.version,
      access: caller.access,
      workspaces: workspaces.items.map(({ id, name }) => ({ id, name })),
      links: {
        openapi: '/v1/openapi.json',
        workspaces: '/v1/workspaces',
        agents: '/v1/agents',
        runs: '/v1/runs',
        custom_tools: '/v1/custom-tools',
      },
    });
  },
);
