import { z } from '@hono/zod-openapi';
import { ApiError } from '../../core/errors.ts';
import { getWorkspace } from '../../store/workspaces.ts';
import { ok } from '../answer.ts';
import { defineRoute } from '../route.ts';

const tenantShape = z
  .object({
    id: z.string(),
    name: z.string(),
    created_at: z.string().openapi({ format: 'date-time' }),
    updated_at: z.string().openapi({ format: 'date-time' }),
  })
  .openapi('Tenant');

export const getTenant = defineRoute(
  {
    method: 'get',
    path: '/public-api/tenant',
    operationId: 'public_api.tenant_get',
    tag: 'Tenant',
    summary: 'Get the workspace that the credential is for',
    resource: 'tenant',
    right: 'read',
    workspace: { from: 'header', need: 'one' },
    responses: { 200: { description: 'Success.', data: tenantShape } },
  },
  async ({ scope, workspaceId }, deps) => {
    const workspace = await getWorkspace(deps.db, scope, workspaceId ?? '');
    if (workspace === null) throw new ApiError('not_found', 'The workspace has been deleted.');
    return ok({
      id: workspace.id,
      name: workspace.name,
      created_at: workspace.createdAt.toISOString(),
      updated_at: workspace.updatedAt.toISOString(),
    });
  },
);
