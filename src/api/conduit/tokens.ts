import { z } from '@hono/zod-openapi';
import { ApiError } from '../../core/errors.ts';
import { type Token, tokenAccesses } from '../../core/token.ts';
import { hashTokenSecret, newTokenSecret, tokenHint } from '../../core/token-secret.ts';
import { createToken, getToken, listTokens, revokeToken } from '../../store/tokens.ts';
import { created, deleted, listed, ok } from '../answer.ts';
import { keepAnswer } from '../idempotency.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { isTokenScope } from '../token-scopes.ts';
import { deletion, idParam, listQuery, moment } from './fields.ts';
import { iso, isoOrNull } from './times.ts';

const tag = 'tokens';
const resource = 'token';
const params = z.object({ id: idParam('Token', 'tk77c0dy0mgdpzmqz6tesry8w184002s') });

const tokenShape = z.object({
  id: z.string(),
  name: z.string(),
  access: z.enum(tokenAccesses),
  workspace_ids: z
    .array(z.string())
    .nullable()
    .openapi({ description: 'Null for the admin token, which reaches all.' }),
  scopes: z.array(z.string()).nullable().openapi({
    description:
      'All that the token may do, as `resource:read` and `resource:write`; null is whatever its access allows.',
  }),
  agent_ids: z.array(z.string()).nullable().openapi({
    description: 'The only agents that it reaches; null is all of its workspaces.',
  }),
  hint: z.string().openapi({ description: 'The first characters of the secret.' }),
  created_at: z.string(),
  expires_at: z.string().nullable(),
  last_used_at: z.string().nullable(),
});

const scopes = z
  .array(z.string())
  .min(1)
  .max(100)
  .refine((list) => list.every(isTokenScope), {
    error:
      'must be `resource:read` or `resource:write`, such as run:write; see the scopes of the documentation',
  })
  .openapi({ example: ['agent:read', 'run:write'] });

const newToken = z.object({
  name: z.string().trim().min(1).max(200),
  access: z.enum(['read', 'write']),
  workspace_ids: z.array(z.string()).min(1).max(1_000),
  scopes: scopes.nullable().optional(),
  agent_ids: z.array(z.string()).min(1).max(100).nullable().optional(),
  expires_at: moment.nullable().optional(),
});

function show(token: Token) {
  return {
    id: token.id,
    name: token.name,
    access: token.access,
    workspace_ids: token.workspaces === 'all' ? null : token.workspaces,
    scopes: token.limits.scopes,
    agent_ids: token.limits.agentIds,
    hint: token.hint,
    created_at: iso(token.createdAt),
    expires_at: isoOrNull(token.expiresAt),
    last_used_at: isoOrNull(token.lastUsedAt),
  };
}

export const tokenRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/tokens',
      operationId: 'listTokens',
      tag,
      summary: 'List tokens',
      resource,
      right: 'owner',
      workspace: 'none',
      query: z.object(listQuery),
      responses: { 200: { description: 'Tokens', data: tokenShape, kind: 'page' } },
    },
    async ({ query, scope }, deps) => {
      const paging = pagingOf(deps, { name: 'tokens', filters: {}, ...query });
      return listed(await listTokens(deps.db, scope, paging.request), paging, show);
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/tokens',
      operationId: 'createToken',
      tag,
      summary: 'Create token',
      description: 'The secret is in `data.token`, this once.',
      resource,
      right: 'owner',
      workspace: 'none',
      idempotent: 'create',
      secretAnswer: true,
      body: newToken,
      bodyRequired: true,
      bodyExample: {
        name: 'CI',
        access: 'write',
        workspace_ids: ['ws77c0dy0mgdpzmqz6tesry8w184002s'],
        expires_at: null,
      },
      responses: {
        201: { description: 'Token created', data: tokenShape.extend({ token: z.string() }) },
      },
    },
    async ({ body, scope, idempotency }, deps) => {
      const secret = newTokenSecret('capi');
      const answerOf = (token: Token) => created({ ...show(token), token: secret });
      const input = {
        name: body.name,
        access: body.access,
        workspaceIds: body.workspace_ids,
        limits: { scopes: body.scopes ?? null, agentIds: body.agent_ids ?? null },
        expiresAt: body.expires_at ?? null,
        secretHash: hashTokenSecret(secret),
        hint: tokenHint(secret),
      };
      return answerOf(
        await createToken(deps.db, scope, input, keepAnswer(deps, idempotency, answerOf)),
      );
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/tokens/{id}',
      operationId: 'getToken',
      tag,
      summary: 'Get token',
      resource,
      right: 'owner',
      workspace: 'none',
      params,
      responses: { 200: { description: 'Token', data: tokenShape } },
    },
    async ({ params: { id }, scope }, deps) => {
      const token = await getToken(deps.db, scope, id);
      if (token !== null) return ok(show(token));
      throw new ApiError('not_found', `There is no token ${id}.`);
    },
  ),
  defineRoute(
    {
      method: 'delete',
      path: '/v1/tokens/{id}',
      operationId: 'revokeToken',
      tag,
      summary: 'Revoke token',
      resource,
      right: 'owner',
      workspace: 'none',
      params,
      errors: { 409: 'The admin token cannot be revoked' },
      responses: { 200: { description: 'Token revoked', data: deletion } },
    },
    async ({ params: { id }, scope }, deps) => {
      if ((await revokeToken(deps.db, scope, id)) !== null) return deleted(id);
      throw new ApiError('not_found', `There is no token ${id}.`);
    },
  ),
];
