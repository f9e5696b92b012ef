import { z } from '@hono/zod-openapi';
import { ApiError } from '../../core/errors.ts';
import { isTerminal } from '../../core/run.ts';
import { cancelRun } from '../../runs/cancel.ts';
import { listRuns } from '../../store/runs.ts';
import { ok } from '../answer.ts';
import type { ApiDeps } from '../deps.ts';
import { eventStream } from '../event-stream.ts';
import { findRun } from '../find.ts';
import { integerParam } from '../paging.ts';
import { type Call, defineRoute, type Route } from '../route.ts';
import { ofHeader, shown } from './fields.ts';
import { answerOf, eventsOf, modesOf } from './run-answer.ts';
import { type BegunRun, beginRun, type RunRequest, runRequest } from './run-request.ts';
import { showRun, valuesOf } from './thread-view.ts';
import { findThread } from './threads.ts';

// Runs of threads, and runs that need none.

const common = { tag: 'runs', resource: 'run', workspace: ofHeader('one') } as const;
const example = { assistant_id: 'ag0', input: { messages: [{ role: 'user', content: 'Hello' }] } };
const begins = {
  ...common,
  method: 'post',
  right: 'write',
  body: runRequest,
  bodyRequired: true,
  bodyExample: example,
  waitsForOthers: true,
  errors: { 409: 'No agent answers here' },
} as const;
const ofThread = z.object({ thread_id: z.string() });
const ofRun = z.object({ thread_id: z.string(), run_id: z.string() });

type Beginning = Call<unknown, unknown, RunRequest> & { readonly workspaceId: string };

interface Way {
  readonly suffix: '' | '/wait' | '/stream';
  readonly name: string;
  readonly summary: string;
  readonly answer: (
    deps: ApiDeps,
    call: Beginning,
    name: string | null,
  ) => Promise<Response | ReturnType<typeof ok>>;
}

const ways: readonly Way[] = [
  {
    suffix: '',
    name: 'Run',
    summary: 'Begin a run',
    answer: async (deps, call, name) => ok(showRun((await begin(deps, call, name)).run, name)),
  },
  {
    suffix: '/wait',
    name: 'RunAndWait',
    summary: 'Begin a run and wait for its end',
    answer: async (deps, call, name) => {
      using _ = deps.streams?.enter(call);
      return ok(await answerOf(deps, await begin(deps, call, name), call.signal));
    },
  },
  {
    suffix: '/stream',
    name: 'RunAndStream',
    summary: 'Begin a run and stream it',
    answer: async (deps, call, name) => {
      using place = new DisposableStack();
      // Before anything is begun: what is refused here may be sent again.
      place.use(deps.streams?.enter(call));
      const begun = await begin(deps, call, name);
      return streamOf(deps, call, { begun, mode: call.body.stream_mode, place: place.move() });
    },
  },
];

async function begin(deps: ApiDeps, call: Beginning, name: string | null): Promise<BegunRun> {
  const begun = await beginRun(deps, call, name);
  const thread = name === null ? '' : `/threads/${encodeURIComponent(name)}`;
  call.http.header('Content-Location', `${thread}/runs/${begun.run.id}`);
  return begun;
}

function streamOf(
  deps: ApiDeps,
  { http, signal }: Pick<Call, 'http' | 'signal'>,
  {
    begun,
    mode,
    place,
  }: {
    readonly begun: BegunRun;
    readonly mode: string | readonly string[] | null | undefined;
    readonly place: Disposable | null;
  },
): Response {
  const modes = modesOf(mode);
  return eventStream(
    http,
    signal,
    (until) => eventsOf(deps, begun, { modes, signal: until }),
    place,
  );
}

const beginning: readonly Route[] = ways.flatMap(({ suffix, name, summary, answer }) => [
  defineRoute(
    {
      ...begins,
      path: `/agent-protocol/threads/{thread_id}/runs${suffix}`,
      operationId: `create${name}`,
      summary: `${summary} in a thread`,
      params: ofThread,
      responses: { 200: shown },
    },
    (call, deps) => answer(deps, call, call.params.thread_id),
  ),
  defineRoute(
    {
      ...begins,
      path: `/agent-protocol/runs${suffix}`,
      operationId: `createStateless${name}`,
      summary: `${summary} in a thread of its own`,
      responses: { 200: shown },
    },
    (call, deps) => answer(deps, call, null),
  ),
]);

/** The run of the thread. Throws `not_found`. */
async function findBegun(
  deps: ApiDeps,
  workspaceId: string,
  path: z.output<typeof ofRun>,
): Promise<BegunRun> {
  const { sessionId } = await findThread(deps, workspaceId, path.thread_id);
  const run = await findRun(deps, [workspaceId], path.run_id);
  if (sessionId !== null && run.conversationId === sessionId && run.readRev !== null) {
    return { run, sessionId, rev: run.readRev };
  }
  throw new ApiError('not_found', `The thread ${path.thread_id} has no run ${path.run_id}.`);
}

const ofOne = {
  ...common,
  method: 'get',
  right: 'read',
  params: ofRun,
  responses: { 200: shown },
} as const;
const path = '/agent-protocol/threads/{thread_id}/runs/{run_id}';

export const runRoutes: readonly Route[] = [
  ...beginning,
  defineRoute(
    {
      ...common,
      method: 'get',
      path: '/agent-protocol/threads/{thread_id}/runs',
      operationId: 'listThreadRuns',
      summary: 'Runs of a thread, the latest first',
      right: 'read',
      params: ofThread,
      query: z.object({
        limit: integerParam({ min: 1, max: 100, default: 10, description: 'Runs at most.' }),
        offset: integerParam({ min: 0, max: 900, default: 0, description: 'Runs to pass over.' }),
      }),
      responses: { 200: shown },
    },
    async ({ params: { thread_id: name }, query, workspaceId }, deps) => {
      const { sessionId } = await findThread(deps, workspaceId, name);
      if (sessionId === null) return ok([]);
      const filter = { scope: [workspaceId], conversationId: sessionId };
      const page = { limit: query.offset + query.limit, after: null };
      const found = await listRuns(deps.db, filter, page);
      return ok(found.items.slice(query.offset).map((run) => showRun(run, name)));
    },
  ),
  defineRoute(
    { ...ofOne, path, operationId: 'getThreadRun', summary: 'A run of a thread' },
    async ({ params, workspaceId }, deps) =>
      ok(showRun((await findBegun(deps, workspaceId, params)).run, params.thread_id)),
  ),
  defineRoute(
    {
      ...ofOne,
      path: `${path}/join`,
      operationId: 'joinThreadRun',
      summary: 'Wait for the end of a run',
      waitsForOthers: true,
    },
    async ({ params, workspaceId, caller, signal }, deps) => {
      const begun = await findBegun(deps, workspaceId, params);
      if (begun.run.status === 'completed') return ok(await valuesOf(deps.db, begun.sessionId));
      using _ = deps.streams?.enter({ caller, workspaceId });
      return ok(await answerOf(deps, begun, signal));
    },
  ),
  defineRoute(
    {
      ...ofOne,
      path: `${path}/stream`,
      operationId: 'streamThreadRun',
      summary: 'Stream a run from its beginning',
      query: z.object({ stream_mode: z.string().optional() }),
      waitsForOthers: true,
      responses: { 200: { description: 'The events', contentType: 'text/event-stream' } },
    },
    async (call, deps) => {
      const begun = await findBegun(deps, call.workspaceId, call.params);
      // One name, or a list of them as JSON.
      const mode = call.query.stream_mode?.match(/[a-z-]+/g);
      return streamOf(deps, call, { begun, mode, place: deps.streams?.enter(call) ?? null });
    },
  ),
  defineRoute(
    {
      ...common,
      method: 'post',
      path: `${path}/cancel`,
      operationId: 'cancelThreadRun',
      summary: 'Cancel a run',
      right: 'write',
      params: ofRun,
      responses: { 204: { description: 'It has ended' } },
    },
    async ({ params, workspaceId, caller, http }, deps) => {
      const { run } = await findBegun(deps, workspaceId, params);
      const by = `${caller.kind} ${caller.id}`;
      if (!isTerminal(run.status)) await cancelRun(deps, { scope: [workspaceId], id: run.id, by });
      return http.body(null, 204);
    },
  ),
];
