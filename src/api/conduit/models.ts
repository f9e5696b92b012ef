import { z } from '@hono/zod-openapi';
import { defaultFallbackOn, type ModelEntry } from '../../core/model-entry.ts';
import { modelFields } from '../../model-registry/model-input.ts';
import {
  createModel,
  patchModel,
  removeModel,
  requireModel,
  testModel,
} from '../../model-registry/models.ts';
import { listModels } from '../../store/models.ts';
import { created, deleted, listed, ok } from '../answer.ts';
import { keepAnswer } from '../idempotency.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { deletion, idParam, listQuery, moment, ofObject, workspaceIdField } from './fields.ts';
import { modelShape, modelTestShape, showModel, showModelTest } from './model-view.ts';

const tag = 'models';
const resource = 'model';
const params = z.object({ id: idParam('Model', 'md77c0dy0mgdpzmqz6tesry8w184002s') });

const required = {
  name: modelFields.name.openapi({
    description: 'What agents give as `model`. Unique in the workspace.',
    example: 'fast',
  }),
  provider: modelFields.provider,
  model: modelFields.model.openapi({
    description: 'The provider’s own name of it; with Azure the deployment.',
    example: 'gpt-5-mini',
  }),
};

const optional = {
  description: modelFields.description.optional(),
  base_url: modelFields.base_url.optional().openapi({
    description:
      'Another address of the provider’s API, on the public internet or in a network that the operator allowed.',
  }),
  secret: modelFields.secret.optional().openapi({
    description: 'Name of the workspace’s secret with the key. Null: the server’s own key, if any.',
  }),
  key_expires_at: moment.nullable().optional().openapi({
    description: 'When the key ends, where that is known: alerts can warn before.',
  }),
  settings: modelFields.settings.optional().openapi({
    description:
      'How it is reached and called: `api`, `resource_name`, `api_version` (Azure), `region`, `access_key_id` (Bedrock), `max_output_tokens`, `temperature`, `reasoning_effort`.',
  }),
  limits: modelFields.limits.optional().openapi({
    description:
      'Kept by all processes together. Calls over a limit wait; their runs give up their memory meanwhile.',
  }),
  fallbacks: modelFields.fallbacks.optional().openapi({
    description: 'Models that are asked in this order when it fails, each with its own fallbacks.',
  }),
  fallback_on: modelFields.fallback_on.optional().openapi({
    description: `Errors after which a fallback is asked. Default: ${defaultFallbackOn.join(', ')}.`,
  }),
};

const noLimits = { requests_per_minute: null, tokens_per_minute: null, max_concurrent: null };

export const modelRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/models',
      operationId: 'listModels',
      tag,
      summary: 'List models',
      description: 'Those that the workspace gave a name.',
      resource,
      right: 'read',
      workspace: { from: 'query', need: 'one' },
      query: z.object(listQuery),
      responses: { 200: { description: 'Models', data: modelShape, kind: 'page' } },
    },
    async ({ query, workspaceId }, deps) => {
      const paging = pagingOf(deps, { name: 'models', filters: { workspaceId }, ...query });
      return listed(await listModels(deps.db, workspaceId, paging.request), paging, showModel);
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/models',
      operationId: 'createModel',
      tag,
      summary: 'Create model',
      description:
        'Gives a model of a provider a name, with its own key, address, limits and fallbacks.',
      resource,
      right: 'write',
      workspace: { from: 'body', need: 'one' },
      idempotent: 'create',
      body: z.object({ workspace_id: workspaceIdField.optional(), ...required, ...optional }),
      bodyRequired: true,
      bodyExample: { name: 'fast', provider: 'openai', model: 'gpt-5-mini' },
      errors: { 409: 'The name is taken, or the workspace has too many models' },
      responses: { 201: { description: 'Model created', data: modelShape } },
    },
    async ({ body, workspaceId, idempotency }, deps) => {
      const answerOf = (model: ModelEntry) => created(showModel(model));
      const input = {
        workspaceId,
        name: body.name,
        description: body.description ?? '',
        provider: body.provider,
        model: body.model,
        baseUrl: body.base_url ?? null,
        secret: body.secret ?? null,
        keyExpiresAt: body.key_expires_at ?? null,
        settings: body.settings ?? {},
        limits: body.limits ?? noLimits,
        fallbacks: body.fallbacks ?? [],
        fallbackOn: body.fallback_on ?? defaultFallbackOn,
      };
      const keep = keepAnswer(deps, idempotency, answerOf);
      return answerOf(await createModel(deps.modelRegistry, input, keep));
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/models/{id}',
      operationId: 'getModel',
      tag,
      summary: 'Get model',
      description:
        'Its name finds it as well, unless several workspaces that the token reaches have one of that name.',
      resource,
      right: 'read',
      workspace: ofObject,
      params,
      responses: { 200: { description: 'Model', data: modelShape } },
    },
    async ({ params: { id }, scope }, deps) =>
      ok(showModel(await requireModel(deps.db, { scope, id }))),
  ),
  defineRoute(
    {
      method: 'patch',
      path: '/v1/models/{id}',
      operationId: 'updateModel',
      tag,
      summary: 'Update model',
      description:
        'In force from the next call of it, in runs under way too. `settings`, `limits` and `fallbacks` replace.',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      body: z.object({
        name: required.name.optional(),
        provider: required.provider.optional(),
        model: required.model.optional(),
        ...optional,
      }),
      bodyExample: { description: 'For short answers.' },
      errors: { 409: 'The name is taken, or the model is in use under its name' },
      responses: { 200: { description: 'Model', data: modelShape } },
    },
    async ({ params: { id }, scope, body }, deps) => {
      const patch = {
        name: body.name,
        description: body.description,
        provider: body.provider,
        model: body.model,
        baseUrl: body.base_url,
        secret: body.secret,
        keyExpiresAt: body.key_expires_at,
        settings: body.settings,
        limits: body.limits,
        fallbacks: body.fallbacks,
        fallbackOn: body.fallback_on,
      };
      return ok(showModel(await patchModel(deps.modelRegistry, { scope, id }, patch)));
    },
  ),
  defineRoute(
    {
      method: 'delete',
      path: '/v1/models/{id}',
      operationId: 'deleteModel',
      tag,
      summary: 'Delete model',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      errors: { 409: 'Agents or other models name it' },
      responses: { 200: { description: 'Model deleted', data: deletion } },
    },
    async ({ params: { id }, scope }, deps) =>
      deleted(await removeModel(deps.modelRegistry, { scope, id })),
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/models/{id}/test',
      operationId: 'testModel',
      tag,
      summary: 'Test model',
      description:
        'Asks it for one word, once, with its key and address, without its fallbacks. The provider charges for that. What goes wrong is in `data.error`.',
      resource,
      right: 'write',
      waitsForOthers: true,
      workspace: ofObject,
      params,
      responses: { 200: { description: 'How it went', data: modelTestShape } },
    },
    async ({ params: { id }, scope, signal }, deps) =>
      ok(showModelTest(await testModel(deps.modelRegistry, { scope, id }, signal))),
  ),
];
