import { z } from '@hono/zod-openapi';
import type { Secret } from '../../core/secret.ts';
import { listSecrets } from '../../store/secrets.ts';
import { removeSecret, requireSecret, setSecret } from '../../tools/secrets.ts';
import { created, listed, ok } from '../answer.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { listQuery, workspaceIdField } from './fields.ts';
import { iso } from './times.ts';

const tag = 'secrets';
const resource = 'secret';
const ofWorkspace = { from: 'query', need: 'one' } as const;

const secretShape = z.object({
  name: z.string(),
  workspace_id: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
});

const params = z.object({
  name: z.string().openapi({
    description: 'Upper-case letters, digits and `_`, a letter first, at most 64.',
    example: 'STRIPE_KEY',
  }),
});

function show(secret: Secret) {
  return {
    name: secret.name,
    workspace_id: secret.workspaceId,
    created_at: iso(secret.createdAt),
    updated_at: iso(secret.updatedAt),
  };
}

interface NamedSecret {
  readonly workspaceId: string;
  readonly params: { readonly name: string };
}

function keyOf({ workspaceId, params: { name } }: NamedSecret) {
  return { workspaceId, name };
}

export const secretRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/secrets',
      operationId: 'listSecrets',
      tag,
      summary: 'List secrets',
      description: 'Names and times; values never come back.',
      resource,
      right: 'read',
      workspace: ofWorkspace,
      query: z.object(listQuery),
      responses: { 200: { description: 'Secrets', data: secretShape, kind: 'page' } },
    },
    async ({ query, workspaceId }, deps) => {
      const paging = pagingOf(deps, { name: 'secrets', filters: { workspaceId }, ...query });
      return listed(await listSecrets(deps.db, workspaceId, paging.request), paging, show);
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/secrets/{name}',
      operationId: 'getSecret',
      tag,
      summary: 'Get secret',
      description: 'Whether it is set, and since when; its value never comes back.',
      resource,
      right: 'read',
      workspace: ofWorkspace,
      params,
      responses: { 200: { description: 'Secret, without its value', data: secretShape } },
    },
    async (call, deps) => ok(show(await requireSecret(deps.db, keyOf(call)))),
  ),
  defineRoute(
    {
      method: 'put',
      path: '/v1/secrets/{name}',
      operationId: 'setSecret',
      tag,
      summary: 'Set secret',
      description:
        'Creates it or replaces its value, for calls that start from then on. Only calls of tools that ' +
        'name it are given it. Values of 8 characters and more are masked in logs, results and errors.',
      resource,
      right: 'write',
      workspace: { from: 'body', need: 'one' },
      params,
      body: z.object({
        workspace_id: workspaceIdField.optional(),
        value: z.string().openapi({ description: 'At most 32,768 bytes of UTF-8; write-only.' }),
      }),
      bodyRequired: true,
      bodyExample: { value: 'the value' },
      errors: { 409: 'The workspace has too many secrets' },
      responses: {
        200: { description: 'Secret replaced', data: secretShape },
        201: { description: 'Secret created', data: secretShape },
      },
    },
    async (call, deps) => {
      const { secret, isNew } = await setSecret(deps, keyOf(call), call.body.value);
      return isNew ? created(show(secret)) : ok(show(secret));
    },
  ),
  defineRoute(
    {
      method: 'delete',
      path: '/v1/secrets/{name}',
      operationId: 'deleteSecret',
      tag,
      summary: 'Delete secret',
      description: 'Calls of tools that name it fail from then on, and say so.',
      resource,
      right: 'write',
      workspace: ofWorkspace,
      params,
      responses: {
        200: {
          description: 'Secret deleted',
          data: z.object({ name: z.string(), deleted: z.boolean() }),
        },
      },
    },
    async (call, deps) => {
      const key = keyOf(call);
      await removeSecret(deps.db, key);
      return ok({ name: key.name, deleted: true });
    },
  ),
];
