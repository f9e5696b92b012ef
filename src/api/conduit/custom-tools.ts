import { z } from '@hono/zod-openapi';
import type { CustomTool } from '../../core/custom-tool.ts';
import { ApiError } from '../../core/errors.ts';
import { getCustomTool, listCustomTools } from '../../store/custom-tools.ts';
import { customToolCreateSchema, customToolPatchSchema } from '../../tools/custom-tool-input.ts';
import { createCustomTool, deleteCustomTool, patchCustomTool } from '../../tools/custom-tools.ts';
import { created, deleted, listed, ok } from '../answer.ts';
import { keepAnswer } from '../idempotency.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { customToolShape, runtimeShape, showCustomTool, showRuntime } from './custom-tool-view.ts';
import { deletion, idParam, jsonObject, listQuery, ofObject } from './fields.ts';

const tag = 'custom_tools';
const resource = 'custom_tool';
const unavailable = { 503: 'No sandbox is usable on this server' };

export const customToolParams = z.object({
  id: idParam('Custom tool', 'kg77c0dy0mgdpzmqz6tesry8w184002s'),
});

const parameters = jsonObject.openapi({
  description:
    'Without it (or null in an update): read from the type hints and defaults of `main`, or from its JSDoc. Parameter name → `{type, required, description, enum, default, properties, items}`; types are string, number, integer, boolean, array and object.',
});

/** Stands before the routes with an id, which it would otherwise be read as. */
export const listRuntimes = defineRoute(
  {
    method: 'get',
    path: '/v1/custom-tools/runtimes',
    operationId: 'listCustomToolRuntimes',
    tag,
    summary: 'What tool code is given, by language',
    resource,
    right: 'read',
    workspace: ofObject,
    responses: { 200: { description: 'Runtimes', data: z.array(runtimeShape) } },
  },
  async (_call, deps) => ok(deps.sandbox.runtimes().map(showRuntime)),
);

export const listTools = defineRoute(
  {
    method: 'get',
    path: '/v1/custom-tools',
    operationId: 'listCustomTools',
    tag,
    summary: 'List custom tools',
    resource,
    right: 'read',
    workspace: { from: 'query', need: 'one' },
    query: z.object(listQuery),
    responses: { 200: { description: 'Custom tools', data: customToolShape, kind: 'page' } },
  },
  async ({ query, scope, workspaceId }, deps) => {
    const paging = pagingOf(deps, { name: 'custom-tools', filters: { workspaceId }, ...query });
    return listed(
      await listCustomTools(deps.db, { scope }, paging.request),
      paging,
      showCustomTool,
    );
  },
);

export const getTool = defineRoute(
  {
    method: 'get',
    path: '/v1/custom-tools/{id}',
    operationId: 'getCustomTool',
    tag,
    summary: 'Get custom tool',
    resource,
    right: 'read',
    workspace: ofObject,
    params: customToolParams,
    responses: { 200: { description: 'Custom tool', data: customToolShape } },
  },
  async ({ params, scope }, deps) => {
    const tool = await getCustomTool(deps.db, scope, params.id);
    if (tool !== null) return ok(showCustomTool(tool));
    throw new ApiError('not_found', `There is no custom tool ${params.id}.`);
  },
);

export const createTool = defineRoute(
  {
    method: 'post',
    path: '/v1/custom-tools',
    operationId: 'createCustomTool',
    tag,
    summary: 'Create custom tool',
    description: 'The code is checked, not run: it must parse, define `main` and return something.',
    resource,
    right: 'write',
    workspace: { from: 'body', need: 'one' },
    idempotent: 'create',
    body: customToolCreateSchema.extend({ parameters: parameters.optional() }),
    bodyRequired: true,
    bodyExample: {
      workspace_id: 'ws77c0dy0mgdpzmqz6tesry8w184002s',
      name: 'order-status',
      description: 'Looks up an order.',
      language: 'python',
      code: 'def main(order_id):\n    return {"message": f"Order {order_id} is shipped"}\n',
      parameters: { order_id: { type: 'string', required: true } },
    },
    errors: { 409: 'The name is taken', ...unavailable },
    responses: { 201: { description: 'Custom tool created', data: customToolShape } },
  },
  async ({ body, scope, idempotency }, deps) => {
    const answerOf = (tool: CustomTool) => created(showCustomTool(tool));
    const keep = keepAnswer(deps, idempotency, answerOf);
    return answerOf(await createCustomTool(deps, scope, body, keep));
  },
);

export const patchTool = defineRoute(
  {
    method: 'patch',
    path: '/v1/custom-tools/{id}',
    operationId: 'updateCustomTool',
    tag,
    summary: 'Update custom tool',
    description:
      'Only what is given changes. Other code is a new version, and parameters that were read from the code are read again.',
    resource,
    right: 'write',
    workspace: ofObject,
    params: customToolParams,
    // A union: of a nullable schema whose type is given in words the document would leave the null out.
    body: customToolPatchSchema.extend({
      parameters: z.union([parameters, z.null()]).optional(),
    }),
    bodyRequired: true,
    bodyExample: { description: 'Looks up an order by its id.' },
    errors: {
      409: 'The name is taken, or agents name the tool',
      ...unavailable,
    },
    responses: { 200: { description: 'Custom tool updated', data: customToolShape } },
  },
  async ({ params, body, scope }, deps) =>
    ok(showCustomTool(await patchCustomTool(deps, scope, params.id, body))),
);

export const deleteTool = defineRoute(
  {
    method: 'delete',
    path: '/v1/custom-tools/{id}',
    operationId: 'deleteCustomTool',
    tag,
    summary: 'Delete custom tool',
    resource,
    right: 'write',
    workspace: ofObject,
    params: customToolParams,
    errors: { 409: 'Agents name the tool' },
    responses: { 200: { description: 'Custom tool deleted', data: deletion } },
  },
  async ({ params, scope }, deps) => {
    await deleteCustomTool(deps.db, scope, params.id);
    return deleted(params.id);
  },
);
