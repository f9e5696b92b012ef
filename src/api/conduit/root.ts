import { z } from '@hono/zod-openapi';
import { roles } from '../../core/member.ts';
import { tokenAccesses } from '../../core/token.ts';
import { listWorkspaces } from '../../store/workspaces.ts';
import { ok } from '../answer.ts';
import { defineRoute } from '../route.ts';

const root = z.object({
  name: z.string(),
  version: z.string(),
  access: z.enum(tokenAccesses),
  user: z
    .object({ id: z.string(), email: z.string() })
    .nullable()
    .openapi({ description: 'Who is signed in; null for a token.' }),
  workspaces: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      role: z.enum(roles).nullable().openapi({ description: 'Of who is signed in.' }),
    }),
  ),
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
      user: caller.kind === 'person' ? { id: caller.id, email: caller.name } : null,
      workspaces: workspaces.items.map(({ id, name }) => ({
        id,
        name,
        role: caller.roles?.get(id) ?? null,
      })),
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
