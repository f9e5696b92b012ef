import { randomUUID } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { closeSession } from '../../chat/sessions.ts';
import { ApiError } from '../../core/errors.ts';
import {
  deleteNamedThread,
  getNamedThread,
  insertNamedThread,
  listNamedThreads,
  type NamedThread,
} from '../../store/named-threads.ts';
import { ok } from '../answer.ts';
import type { ApiDeps } from '../deps.ts';
import { defineRoute } from '../route.ts';
import { jsonObject, ofHeader, shown, slice } from './fields.ts';
import { showState, showThread, showThreads } from './thread-view.ts';

// Threads. One is a name until its first run says which agent it is with.

const common = { tag: 'threads', resource: 'chat', workspace: ofHeader('one') } as const;
const params = z.object({ thread_id: z.string() });
export const threadSpace = 'agent-protocol';

/** Throws `not_found`. */
export async function findThread(
  deps: Pick<ApiDeps, 'db'>,
  workspaceId: string,
  name: string,
): Promise<NamedThread> {
  const thread = await getNamedThread(deps.db, { workspaceId, space: threadSpace, name });
  if (thread === null) throw new ApiError('not_found', `There is no thread ${name}.`);
  return thread;
}

export const threadRoutes = [
  defineRoute(
    {
      ...common,
      method: 'post',
      path: '/agent-protocol/threads',
      operationId: 'createThread',
      summary: 'Begin a thread',
      right: 'write',
      body: z.looseObject({
        thread_id: z
          .string()
          .regex(/^[\w-]{1,100}$/, 'must be letters, digits, _ and -')
          .nullish(),
        metadata: jsonObject.nullish(),
        if_exists: z.enum(['raise', 'do_nothing']).nullish(),
        supersteps: z.array(z.unknown()).length(0).nullish(),
      }),
      bodyExample: {},
      errors: { 409: 'There is one of this name' },
      responses: { 200: shown },
    },
    async ({ body, workspaceId }, deps) => {
      const name = body.thread_id ?? randomUUID();
      const named = { workspaceId, space: threadSpace, name };
      const isNew = await insertNamedThread(deps.db, named, JSON.stringify(body.metadata ?? {}));
      if (!isNew && body.if_exists !== 'do_nothing') {
        throw new ApiError('conflict', `There is a thread ${name} already.`);
      }
      return ok(await showThread(deps.db, await findThread(deps, workspaceId, name)));
    },
  ),
  defineRoute(
    {
      ...common,
      method: 'post',
      path: '/agent-protocol/threads/search',
      operationId: 'searchThreads',
      summary: 'Threads, the latest first',
      right: 'read',
      body: z.looseObject(slice),
      bodyExample: {},
      responses: { 200: shown },
    },
    async ({ body: { limit, offset }, workspaceId }, deps) => {
      const found = await listNamedThreads(deps.db, {
        workspaceId,
        space: threadSpace,
        limit,
        offset,
      });
      return ok(await showThreads(deps.db, found));
    },
  ),
  defineRoute(
    {
      ...common,
      method: 'get',
      path: '/agent-protocol/threads/{thread_id}',
      operationId: 'getThread',
      summary: 'A thread with its messages',
      right: 'read',
      params,
      responses: { 200: shown },
    },
    async ({ params: { thread_id: name }, workspaceId }, deps) =>
      ok(await showThread(deps.db, await findThread(deps, workspaceId, name))),
  ),
  defineRoute(
    {
      ...common,
      method: 'delete',
      path: '/agent-protocol/threads/{thread_id}',
      operationId: 'deleteThread',
      summary: 'End a thread: its conversation is closed, and kept',
      right: 'write',
      params,
      responses: { 204: { description: 'The name means nothing any more' } },
    },
    async ({ params: { thread_id: name }, workspaceId, http }, deps) => {
      const { sessionId } = await findThread(deps, workspaceId, name);
      if (sessionId !== null) {
        await closeSession(deps, { scope: [workspaceId], id: sessionId }).catch(
          (error: unknown) => {
            if (!(error instanceof ApiError) || error.problem !== 'conflict') throw error;
          },
        );
      }
      await deleteNamedThread(deps.db, { workspaceId, space: threadSpace, name });
      return http.body(null, 204);
    },
  ),
  defineRoute(
    {
      ...common,
      method: 'get',
      path: '/agent-protocol/threads/{thread_id}/state',
      operationId: 'getThreadState',
      summary: 'What was said in a thread',
      right: 'read',
      params,
      responses: { 200: shown },
    },
    async ({ params: { thread_id: name }, workspaceId }, deps) =>
      ok(await showState(deps.db, await findThread(deps, workspaceId, name))),
  ),
  defineRoute(
    {
      ...common,
      method: 'post',
      path: '/agent-protocol/threads/{thread_id}/history',
      operationId: 'getThreadHistory',
      summary: 'States of a thread: the present one',
      right: 'read',
      params,
      body: z.looseObject({}),
      bodyExample: {},
      responses: { 200: shown },
    },
    async ({ params: { thread_id: name }, workspaceId }, deps) =>
      ok([await showState(deps.db, await findThread(deps, workspaceId, name))]),
  ),
];
