import { z } from '@hono/zod-openapi';
import { ApiError } from '../../core/errors.ts';
import type { Workspace } from '../../core/workspace.ts';
import {
  createWorkspace,
  deleteWorkspace,
  listWorkspaces,
  updateWorkspace,
} from '../../store/workspaces.ts';
import { created, deleted, listed, ok } from '../answer.ts';
import { findWorkspace } from '../find.ts';
import { keepAnswer } from '../idempotency.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { deletion, idParam, listQuery } from './fields.ts';
import { iso } from './times.ts';

const tag = 'workspaces';
const resource = 'workspace';
const params = z.object({ id: idParam('Workspace', 'ws77c0dy0mgdpzmqz6tesry8w184002s') });

const workspaceShape = z.object({
  id: z.string(),
  name: z.string(),
  rate_limit: z.number().int().nullable(),
  max_running: z.number().int().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
});

const name = z.string().trim().min(1).max(200);
const rateLimit = z
  .number()
  .int()
  .min(0)
  .max(10_000_000)
  .nullable()
  .openapi({ description: 'Requests a minute; null takes the server’s setting, 0 is off.' });
const maxRunning = z
  .number()
  .int()
  .min(1)
  .max(1_000_000)
  .nullable()
  .openapi({ description: 'Runs at once; null takes the server’s setting.' });

function show(workspace: Workspace) {
  return {
    id: workspace.id,
    name: workspace.name,
    rate_limit: workspace.rateLimit,
    max_running: workspace.maxRunning,
    created_at: iso(workspace.createdAt),
    updated_at: iso(workspace.updatedAt),
  };
}

function orMissing(workspace: Workspace | null, id: string): Workspace {
  if (workspace === null) throw new ApiError('not_found', `There is no workspace ${id}.`);
  return workspace;
}

export const workspaceRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/workspaces',
      operationId: 'listWorkspaces',
      tag,
      summary: 'List workspaces of the token',
      resource,
      right: 'read',
      workspace: 'none',
      query: z.object(listQuery),
      responses: { 200: { description: 'Workspaces', data: workspaceShape, kind: 'page' } },
    },
    async ({ query, scope }, deps) => {
      const paging = pagingOf(deps, { name: 'workspaces', filters: { scope }, ...query });
      return listed(await listWorkspaces(deps.db, scope, paging.request), paging, show);
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/workspaces/{id}',
      operationId: 'getWorkspace',
      tag,
      summary: 'Get workspace',
      resource,
      right: 'read',
      workspace: 'none',
      params,
      responses: { 200: { description: 'Workspace', data: workspaceShape } },
    },
    async ({ params: { id }, scope }, deps) => ok(show(await findWorkspace(deps, scope, id))),
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/workspaces',
      operationId: 'createWorkspace',
      tag,
      summary: 'Create workspace',
      resource,
      right: 'admin',
      workspace: 'none',
      idempotent: 'create',
      body: z.object({
        name,
        rate_limit: rateLimit.optional(),
        max_running: maxRunning.optional(),
      }),
      bodyRequired: true,
      bodyExample: { name: 'Support' },
      responses: { 201: { description: 'Workspace created', data: workspaceShape } },
    },
    async ({ body, idempotency }, deps) => {
      const answerOf = (workspace: Workspace) => created(show(workspace));
      const input = {
        name: body.name,
        rateLimit: body.rate_limit ?? null,
        maxRunning: body.max_running ?? null,
      };
      const keep = keepAnswer(deps, idempotency, answerOf);
      return answerOf(await createWorkspace(deps.db, input, keep));
    },
  ),
  defineRoute(
    {
      method: 'patch',
      path: '/v1/workspaces/{id}',
      operationId: 'updateWorkspace',
      tag,
      summary: 'Update workspace',
      resource,
      right: 'admin',
      workspace: 'none',
      params,
      body: z.object({
        name: name.optional(),
        rate_limit: rateLimit.optional(),
        max_running: maxRunning.optional(),
      }),
      bodyRequired: true,
      bodyExample: { name: 'Support' },
      responses: { 200: { description: 'Workspace updated', data: workspaceShape } },
    },
    async ({ params: { id }, body, scope }, deps) => {
      const patch = {
        name: body.name,
        rateLimit: body.rate_limit,
        maxRunning: body.max_running,
      };
      return ok(show(orMissing(await updateWorkspace(deps.db, scope, id, patch), id)));
    },
  ),
  defineRoute(
    {
      method: 'delete',
      path: '/v1/workspaces/{id}',
      operationId: 'deleteWorkspace',
      tag,
      summary: 'Delete an empty workspace',
      resource,
      right: 'admin',
      workspace: 'none',
      params,
      errors: { 409: 'The workspace still holds agents or custom tools' },
      responses: { 200: { description: 'Workspace deleted', data: deletion } },
    },
    async ({ params: { id }, scope }, deps) => {
      if (await deleteWorkspace(deps.db, scope, id)) return deleted(id);
      throw new ApiError('not_found', `There is no workspace ${id}.`);
    },
  ),
];
