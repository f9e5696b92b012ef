import { z } from '@hono/zod-openapi';
import { ApiError } from '../../core/errors.ts';
import { type Token, tokenAccesses } from '../../core/token.ts';
import { hashTokenSecret, newTokenSecret, tokenHint } from '../../core/token-secret.ts';
import { rotateToken } from '../../store/token-rotation.ts';
import { createToken, listTokens, revokeToken } from '../../store/tokens.ts';
import { created, deleted, listed } from '../answer.ts';
import { keepAnswer } from '../idempotency.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { moment, pageQuery } from './fields.ts';

// A key is a token of the one workspace that the request is about. Only the admin manages keys, so that a
// key can never make another.

const tag = 'API keys';
const resource = 'token';
const time = z.string().openapi({ format: 'date-time' });

const keyShape = {
  id: z.string(),
  name: z.string(),
  created_at: time,
  expires_at: time.nullable(),
  last_used_at: time.nullable(),
  access: z.enum(tokenAccesses),
  hint: z.string().openapi({ description: 'The beginning of the secret.' }),
};
const apiKey = z.object(keyShape).openapi('ApiKey');
const apiKeyWithSecret = z
  .object({ ...keyShape, key: z.string().openapi({ description: 'The secret, this once.' }) })
  .openapi('ApiKeyWithSecret');

const params = z.object({ key_id: z.string() });

function show(token: Token): z.input<typeof apiKey> {
  return {
    id: token.id,
    name: token.name,
    created_at: token.createdAt.toISOString(),
    expires_at: token.expiresAt?.toISOString() ?? null,
    last_used_at: token.lastUsedAt?.toISOString() ?? null,
    access: token.access,
    hint: token.hint,
  };
}

function newKey() {
  const secret = newTokenSecret('neo_sk');
  return { secret, secretHash: hashTokenSecret(secret), hint: tokenHint(secret) };
}

function missing(id: string): ApiError {
  return new ApiError('not_found', `There is no API key ${id}.`);
}

export const getApiKeys = defineRoute(
  {
    method: 'get',
    path: '/public-api/api-keys',
    operationId: 'public_api.api_keys_get',
    tag,
    summary: 'List API keys, newest first',
    description: 'Keys that reach this workspace and no other. Revoked ones are not shown.',
    resource,
    right: 'owner',
    workspace: { from: 'header', need: 'one' },
    query: z.object(pageQuery),
    responses: { 200: { description: 'Success.', data: apiKey, kind: 'page' } },
  },
  async ({ query, scope, workspaceId }, deps) => {
    const { page_size: limit, cursor } = query;
    const filters = { workspaceId };
    const paging = pagingOf(deps, { name: 'neo-api-keys', filters, limit, cursor });
    return listed(await listTokens(deps.db, scope, paging.request), paging, show);
  },
);

export const createApiKey = defineRoute(
  {
    method: 'post',
    path: '/public-api/api-keys',
    operationId: 'public_api.api_keys_post',
    tag,
    summary: 'Create an API key',
    resource,
    right: 'owner',
    workspace: { from: 'header', need: 'one' },
    body: z
      .object({
        name: z.string().trim().min(1).max(200),
        expires_at: moment('Null is never.').nullable().default(null),
        access: z.enum(['read', 'write']).default('write'),
      })
      .openapi('CreateApiKeyRequest'),
    bodyRequired: true,
    bodyExample: { name: 'Automation', expires_at: null },
    idempotent: 'create',
    secretAnswer: true,
    responses: { 201: { description: 'Success.', data: apiKeyWithSecret } },
  },
  async ({ body, scope, workspaceId, idempotency }, deps) => {
    const { secret, ...key } = newKey();
    const answerOf = (token: Token) => created({ ...show(token), key: secret });
    const input = {
      name: body.name,
      access: body.access,
      expiresAt: body.expires_at,
      workspaceIds: workspaceId === null ? [] : [workspaceId],
      ...key,
    };
    return answerOf(
      await createToken(deps.db, scope, input, keepAnswer(deps, idempotency, answerOf)),
    );
  },
);

export const deleteApiKey = defineRoute(
  {
    method: 'delete',
    path: '/public-api/api-keys/{key_id}',
    operationId: 'public_api.api_keys_detail_delete',
    tag,
    summary: 'Revoke an API key',
    description: 'At once and for good.',
    resource,
    right: 'owner',
    workspace: { from: 'header', need: 'optional' },
    params,
    responses: {
      200: { description: 'Success.', data: z.object({ id: z.string(), deleted: z.boolean() }) },
    },
  },
  async ({ params: { key_id: id }, scope }, deps) => {
    if ((await revokeToken(deps.db, scope, id)) === null) throw missing(id);
    return deleted(id);
  },
);

export const rotateApiKey = defineRoute(
  {
    method: 'post',
    path: '/public-api/api-keys/{key_id}/rotate',
    operationId: 'public_api.api_keys_rotate_post',
    tag,
    summary: 'Rotate an API key',
    description:
      'A new key with the same rights and expiry; the old one works for 24 hours more. Each is revoked by its own id.',
    resource,
    right: 'owner',
    workspace: { from: 'header', need: 'optional' },
    params,
    idempotent: 'create',
    secretAnswer: true,
    responses: { 201: { description: 'Success.', data: apiKeyWithSecret } },
  },
  async ({ params: { key_id: id }, scope, idempotency }, deps) => {
    const { secret, ...key } = newKey();
    const answerOf = (token: Token) => created({ ...show(token), key: secret });
    const keep = keepAnswer(deps, idempotency, answerOf);
    const token = await rotateToken(deps.db, { scope, id, ...key }, keep);
    if (token === null) throw missing(id);
    return answerOf(token);
  },
);
