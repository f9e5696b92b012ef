import { z } from '@hono/zod-openapi';
import type { RecordKind } from '../../core/record.ts';
import { describeKind, removeKind } from '../../records/describe.ts';
import { kindInput, kindName } from '../../records/kind-input.ts';
import { isBuiltInKind, listKinds, requireKind } from '../../records/kinds.ts';
import { ok } from '../answer.ts';
import { defineRoute } from '../route.ts';

const tag = 'record-kinds';
const resource = 'record_kind';
const workspace = { from: 'query', need: 'one' } as const;
const params = z.object({ name: kindName.openapi({ example: 'purchase-orders' }) });
const shape = z.object({
  name: z.string(),
  built_in: z.boolean(),
  description: z.string(),
  fields: z.array(z.looseObject({ name: z.string(), type: z.string() })),
  filters: z.array(
    z.object({ field: z.string(), groups: z.record(z.string(), z.array(z.string())) }),
  ),
  order_by: z.string().nullable().openapi({ description: 'Null: when it was first heard of.' }),
  states: z.looseObject({ field: z.string() }).nullable(),
});

function show(kind: RecordKind) {
  const { name, description, fields, filters, orderBy: order_by, states } = kind;
  return { name, built_in: isBuiltInKind(name), description, fields, filters, order_by, states };
}

export const recordKindRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/record-kinds',
      operationId: 'listRecordKinds',
      tag,
      summary: 'List kinds of records',
      resource,
      right: 'read',
      workspace,
      responses: { 200: { description: 'Kinds', data: z.array(shape) } },
    },
    async ({ workspaceId }, deps) => ok((await listKinds(deps.db, workspaceId)).map(show)),
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/record-kinds/{name}',
      operationId: 'getRecordKind',
      tag,
      summary: 'Get a kind of records',
      resource,
      right: 'read',
      workspace,
      params,
      responses: { 200: { description: 'Kind', data: shape } },
    },
    async ({ params: { name }, workspaceId }, deps) =>
      ok(show(await requireKind(deps.db, { workspaceId, name }))),
  ),
  defineRoute(
    {
      method: 'put',
      path: '/v1/record-kinds/{name}',
      operationId: 'describeRecordKind',
      tag,
      summary: 'Describe a kind of records',
      description:
        'Fields, by which of them lists are filtered (at most six) and ordered, and actions that move records between states. While there are records of it, filters, order and contact stay.',
      resource,
      right: 'write',
      workspace,
      params,
      body: z.object(kindInput),
      bodyRequired: true,
      bodyExample: {
        fields: [{ name: 'status', type: 'string' }],
        filters: [{ field: 'status' }],
      },
      errors: { 409: 'There are records of it, or there is no room for another kind' },
      responses: { 200: { description: 'The kind', data: shape } },
    },
    async ({ params: { name }, body, workspaceId }, deps) =>
      ok(show(await describeKind(deps, { workspaceId, name }, body))),
  ),
  defineRoute(
    {
      method: 'delete',
      path: '/v1/record-kinds/{name}',
      operationId: 'deleteRecordKind',
      tag,
      summary: 'Delete a kind of records',
      resource,
      right: 'write',
      workspace,
      params,
      errors: { 409: 'It is built in, or there are records of it' },
      responses: {
        200: {
          description: 'Kind deleted',
          data: z.object({ name: z.string(), deleted: z.boolean() }),
        },
      },
    },
    async ({ params: { name }, workspaceId }, deps) => {
      await removeKind(deps, { workspaceId, name });
      return ok({ name, deleted: true });
    },
  ),
];
