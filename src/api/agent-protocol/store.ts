import { z } from '@hono/zod-openapi';
import { ApiError } from '../../core/errors.ts';
import {
  deleteStoreItem,
  getStoreItem,
  listNamespaces,
  putStoreItem,
  type StoreItem,
  searchStoreItems,
} from '../../store/store-items.ts';
import { ok } from '../answer.ts';
import { defineRoute } from '../route.ts';
import { jsonObject, ofHeader, shown, slice } from './fields.ts';

// The store of the protocol: values by namespace and key, of the whole workspace.

const common = { tag: 'store', resource: 'store', workspace: ofHeader('one') } as const;
const maxItems = 100_000;
const label = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^.]+$/, 'must have no periods');
const namespace = z.array(label).min(1).max(20);
const prefix = z.array(label).max(20).nullish();
const key = z.string().min(1).max(500);

export const storeRoutes = [
  defineRoute(
    {
      ...common,
      method: 'put',
      path: '/agent-protocol/store/items',
      operationId: 'putStoreItem',
      summary: 'Keep a value',
      right: 'write',
      body: z.looseObject({
        namespace,
        key,
        value: jsonObject.refine(
          isSearchable,
          'must have no NUL characters and whole pairs of surrogates',
        ),
        ttl: z.null({ error: 'must be absent: values are kept until they are deleted' }).optional(),
      }),
      bodyRequired: true,
      bodyExample: { namespace: ['notes'], key: 'first', value: { text: 'Hello' } },
      responses: { 204: { description: 'Kept' } },
    },
    async ({ body, workspaceId, http }, deps) => {
      const value = { valueJson: JSON.stringify(body.value), maxCount: maxItems };
      const at = { workspaceId, namespace: body.namespace, key: body.key };
      if (await putStoreItem(deps.db, at, value)) return http.body(null, 204);
      throw new ApiError('conflict', `The workspace keeps ${maxItems} values already.`);
    },
  ),
  defineRoute(
    {
      ...common,
      method: 'get',
      path: '/agent-protocol/store/items',
      operationId: 'getStoreItem',
      summary: 'A value',
      right: 'read',
      query: z.object({ namespace: z.string().min(1), key }),
      queryExample: { namespace: 'notes', key: 'first' },
      errors: { 404: 'There is none' },
      responses: { 200: shown },
    },
    async ({ query, workspaceId }, deps) => {
      const at = { workspaceId, namespace: query.namespace.split('.'), key: query.key };
      const item = await getStoreItem(deps.db, at);
      return ok(item === null ? null : showItem(item));
    },
  ),
  defineRoute(
    {
      ...common,
      method: 'delete',
      path: '/agent-protocol/store/items',
      operationId: 'deleteStoreItem',
      summary: 'Delete a value',
      right: 'write',
      body: z.looseObject({ namespace, key }),
      bodyRequired: true,
      bodyExample: { namespace: ['notes'], key: 'first' },
      responses: { 204: { description: 'It is not there any more' } },
    },
    async ({ body, workspaceId, http }, deps) => {
      await deleteStoreItem(deps.db, { workspaceId, namespace: body.namespace, key: body.key });
      return http.body(null, 204);
    },
  ),
  defineRoute(
    {
      ...common,
      method: 'post',
      path: '/agent-protocol/store/items/search',
      operationId: 'searchStoreItems',
      summary: 'Values below a namespace',
      right: 'read',
      body: z.looseObject({
        namespace_prefix: prefix,
        filter: jsonObject.refine(isSearchable, 'is in no value').nullish(),
        query: z.null({ error: 'must be absent: values are found by filter' }).optional(),
        ...slice,
      }),
      bodyExample: { namespace_prefix: ['notes'] },
      responses: { 200: shown },
    },
    async ({ body, workspaceId }, deps) => {
      const items = await searchStoreItems(deps.db, {
        workspaceId,
        prefix: body.namespace_prefix ?? [],
        filterJson: JSON.stringify(body.filter ?? {}),
        ...{ limit: body.limit, offset: body.offset },
      });
      return ok({ items: items.map(showItem) });
    },
  ),
  defineRoute(
    {
      ...common,
      method: 'post',
      path: '/agent-protocol/store/namespaces',
      operationId: 'listStoreNamespaces',
      summary: 'Namespaces with values',
      right: 'read',
      body: z.looseObject({
        prefix,
        max_depth: z.number().int().min(1).max(20).nullish(),
        ...slice,
      }),
      bodyExample: {},
      responses: { 200: shown },
    },
    async ({ body, workspaceId }, deps) => {
      const namespaces = await listNamespaces(deps.db, {
        workspaceId,
        prefix: body.prefix ?? [],
        maxDepth: body.max_depth ?? null,
        ...{ limit: body.limit, offset: body.offset },
      });
      return ok({ namespaces });
    },
  ),
];

/** What the database's own JSON cannot hold, it could not search. */
function isSearchable(value: unknown): boolean {
  let isWhole = true;
  const judge = (text: string) => {
    if (text.includes('\0') || !text.isWellFormed()) isWhole = false;
  };
  JSON.stringify(value, (name, member: unknown) => {
    judge(name);
    if (typeof member === 'string') judge(member);
    return member;
  });
  return isWhole;
}

function showItem({ namespace: at, key: name, valueJson, createdAt, updatedAt }: StoreItem) {
  return {
    namespace: at,
    key: name,
    value: JSON.parse(valueJson) as unknown,
    created_at: createdAt.toISOString(),
    updated_at: updatedAt.toISOString(),
  };
}
