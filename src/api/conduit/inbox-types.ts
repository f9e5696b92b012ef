import { z } from '@hono/zod-openapi';
import {
  addInboxType,
  removeInboxType,
  renameOwnInboxType,
} from '../../conversations/inbox-types.ts';
import { listInboxTypes } from '../../store/inbox-types.ts';
import { created, deleted, ok } from '../answer.ts';
import { defineRoute } from '../route.ts';
import { deletion, idParam, ofObject, workspaceIdField } from './fields.ts';

const tag = 'inbox_types';
const resource = 'inbox_type';
const params = z.object({ id: idParam('Inbox type', 'guest') });
const shape = z.object({ id: z.string(), name: z.string() });
const name = z.string().trim().min(1).max(100);

export const inboxTypeRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/inbox-types',
      operationId: 'listInboxTypes',
      tag,
      summary: 'List inbox types',
      resource,
      right: 'read',
      workspace: { from: 'query', need: 'one' },
      responses: { 200: { description: 'Inbox types', data: z.array(shape) } },
    },
    async ({ scope, workspaceId }, deps) => ok(await listInboxTypes(deps.db, scope, workspaceId)),
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/inbox-types',
      operationId: 'createInboxType',
      tag,
      summary: 'Create inbox type',
      resource,
      right: 'write',
      workspace: { from: 'body', need: 'one' },
      body: z.object({ workspace_id: workspaceIdField.optional(), name }),
      bodyRequired: true,
      bodyExample: { name: 'Owners' },
      errors: { 409: 'The name is taken, or the workspace has too many' },
      responses: { 201: { description: 'Inbox type created', data: shape } },
    },
    async ({ body: { name }, workspaceId }, deps) =>
      created(await addInboxType(deps.db, { workspaceId, name })),
  ),
  defineRoute(
    {
      method: 'patch',
      path: '/v1/inbox-types/{id}',
      operationId: 'updateInboxType',
      tag,
      summary: 'Rename an inbox type',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      body: z.object({ name }),
      bodyRequired: true,
      bodyExample: { name: 'Owners' },
      errors: { 409: 'It is one of every workspace' },
      responses: { 200: { description: 'Inbox type renamed', data: shape } },
    },
    async ({ params: { id }, scope, body }, deps) =>
      ok(await renameOwnInboxType(deps.db, { scope, id }, body.name)),
  ),
  defineRoute(
    {
      method: 'delete',
      path: '/v1/inbox-types/{id}',
      operationId: 'deleteInboxType',
      tag,
      summary: 'Delete an inbox type that nothing belongs to',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      errors: { 409: 'Channels, contacts or conversations belong to it' },
      responses: { 200: { description: 'Inbox type deleted', data: deletion } },
    },
    async ({ params: { id }, scope }, deps) => {
      await removeInboxType(deps.db, { scope, id });
      return deleted(id);
    },
  ),
];
