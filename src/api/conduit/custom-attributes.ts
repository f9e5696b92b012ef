import { z } from '@hono/zod-openapi';
import { recordFieldTypes } from '../../core/record.ts';
import { attributesOf, setAttributes } from '../../records/attributes.ts';
import { describeAttribute, listAttributes, removeAttribute } from '../../records/describe.ts';
import { attributeName, fieldInput } from '../../records/kind-input.ts';
import { ok } from '../answer.ts';
import { defineRoute } from '../route.ts';
import { idParam, jsonObject, ofObject } from './fields.ts';

// What a workspace keeps about contacts beyond what every contact has.

const tag = 'custom-attributes';
const workspace = { from: 'query', need: 'one' } as const;
const params = z.object({ name: attributeName.openapi({ example: 'loyalty_tier' }) });
const contactParams = z.object({ id: idParam('Contact', 'co77c0dy0mgdpzmqz6tesry8w184002s') });
const shape = z.object({
  name: z.string(),
  type: z.enum(recordFieldTypes),
  description: z.string(),
  options: z.array(z.string()).nullable(),
});
const values = z
  .looseObject({})
  .openapi({ description: 'Values by name; null where there is none.' });
const { type, description, options } = fieldInput;

export const customAttributeRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/custom-attributes',
      operationId: 'listCustomAttributes',
      tag,
      summary: 'List custom attributes of contacts',
      resource: 'record_kind',
      right: 'read',
      workspace,
      responses: { 200: { description: 'Attributes', data: z.array(shape) } },
    },
    async ({ workspaceId }, deps) => ok(await listAttributes(deps.db, workspaceId)),
  ),
  defineRoute(
    {
      method: 'put',
      path: '/v1/custom-attributes/{name}',
      operationId: 'describeCustomAttribute',
      tag,
      summary: 'Describe a custom attribute',
      resource: 'record_kind',
      right: 'write',
      workspace,
      params,
      body: z.object({ type, description, options }),
      bodyRequired: true,
      bodyExample: { type: 'string', options: ['silver', 'gold'] },
      errors: { 409: 'There is no room for another one' },
      responses: { 200: { description: 'The attribute', data: shape } },
    },
    async ({ params: { name }, body, workspaceId }, deps) =>
      ok(await describeAttribute(deps, workspaceId, { name, ...body, required: false })),
  ),
  defineRoute(
    {
      method: 'delete',
      path: '/v1/custom-attributes/{name}',
      operationId: 'deleteCustomAttribute',
      tag,
      summary: 'Delete a custom attribute',
      resource: 'record_kind',
      right: 'write',
      workspace,
      params,
      responses: {
        200: {
          description: 'Attribute deleted',
          data: z.object({ name: z.string(), deleted: z.boolean() }),
        },
      },
    },
    async ({ params: { name }, workspaceId }, deps) => {
      await removeAttribute(deps, workspaceId, name);
      return ok({ name, deleted: true });
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/contacts/{id}/custom-attributes',
      operationId: 'getContactAttributes',
      tag,
      summary: 'Get the custom attributes of a contact',
      resource: 'contact',
      right: 'read',
      workspace: ofObject,
      params: contactParams,
      responses: { 200: { description: 'Values', data: values } },
    },
    async ({ params: { id }, scope }, deps) => ok(await attributesOf(deps.db, { scope, id })),
  ),
  defineRoute(
    {
      method: 'patch',
      path: '/v1/contacts/{id}/custom-attributes',
      operationId: 'setContactAttributes',
      tag,
      summary: 'Set custom attributes of a contact',
      description: 'What is not given stays; null takes a value away.',
      resource: 'contact',
      right: 'write',
      workspace: ofObject,
      params: contactParams,
      body: jsonObject,
      bodyRequired: true,
      bodyExample: {},
      responses: { 200: { description: 'Values', data: values } },
    },
    async ({ params: { id }, scope, body }, deps) =>
      ok(await setAttributes(deps, { scope, id }, body)),
  ),
];
