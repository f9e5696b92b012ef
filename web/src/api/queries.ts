import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answerOf, dataOf } from '../../../client/client.ts';
import { items } from '../../../client/pages.ts';
import { v1 } from './client.ts';
import type { RunFilters } from './types.ts';

// Every read of the dashboard. Keys begin with the kind of thing, so that a change invalidates by it.

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: () => dataOf(v1.GET('/v1')),
  retry: false,
  staleTime: 60_000,
});

export const agentsQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['agents', workspaceId],
    queryFn: () =>
      collect((cursor) =>
        v1.GET('/v1/agents', { params: { query: page({ workspace_id: workspaceId }, cursor) } }),
      ),
  });

export const agentQuery = (id: string) =>
  queryOptions({
    queryKey: ['agent', id],
    queryFn: () => dataOf(v1.GET('/v1/agents/{id}', { params: { path: { id } } })),
  });

export const versionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['agent', id, 'versions'],
    queryFn: () =>
      collect((cursor) =>
        v1.GET('/v1/agents/{id}/versions', { params: { path: { id }, query: page({}, cursor) } }),
      ),
  });

export const versionQuery = (id: string, version: number) =>
  queryOptions({
    queryKey: ['agent', id, 'version', version],
    queryFn: () =>
      dataOf(v1.GET('/v1/agents/{id}/versions/{version}', { params: { path: { id, version } } })),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const toolsQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['tools', workspaceId],
    queryFn: () =>
      collect((cursor) =>
        v1.GET('/v1/custom-tools', {
          params: { query: page({ workspace_id: workspaceId }, cursor) },
        }),
      ),
  });

export const toolQuery = (id: string) =>
  queryOptions({
    queryKey: ['tool', id],
    queryFn: () => dataOf(v1.GET('/v1/custom-tools/{id}', { params: { path: { id } } })),
  });

export const toolVersionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['tool', id, 'versions'],
    queryFn: () =>
      collect((cursor) =>
        v1.GET('/v1/custom-tools/{id}/versions', {
          params: { path: { id }, query: page({}, cursor) },
        }),
      ),
  });

export const toolRunsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['tool', id, 'runs'],
    queryFn: ({ pageParam }) =>
      answerOf(
        v1.GET('/v1/custom-tools/{id}/runs', {
          params: { path: { id }, query: page({ limit: 30 }, pageParam) },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });

/** All that agents may name in `tools`, whatever kind of tool it is. */
export const knownToolsQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['tools', workspaceId, 'known'],
    queryFn: () =>
      collect((cursor) =>
        v1.GET('/v1/tools', { params: { query: page({ workspace_id: workspaceId }, cursor) } }),
      ),
  });

/** What the tool `http_request` may reach. */
export const httpToolQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['tools', workspaceId, 'http_request'],
    queryFn: () =>
      dataOf(
        v1.GET('/v1/tools/http-request', { params: { query: { workspace_id: workspaceId } } }),
      ),
  });

export const namesOfSkillsQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['skills', workspaceId, 'names'],
    queryFn: () =>
      collect((cursor) =>
        v1.GET('/v1/skills', { params: { query: page({ workspace_id: workspaceId }, cursor) } }),
      ),
  });

export const runtimesQuery = queryOptions({
  queryKey: ['runtimes'],
  queryFn: () => dataOf(v1.GET('/v1/custom-tools/runtimes')),
  staleTime: Number.POSITIVE_INFINITY,
});

export const databaseHealthQuery = queryOptions({
  queryKey: ['database-health'],
  queryFn: () => dataOf(v1.GET('/v1/system/database')),
});

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: () => collect((cursor) => v1.GET('/v1/tokens', { params: { query: page({}, cursor) } })),
});

export const secretsQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['secrets', workspaceId],
    queryFn: () =>
      collect((cursor) =>
        v1.GET('/v1/secrets', { params: { query: page({ workspace_id: workspaceId }, cursor) } }),
      ),
  });

const pageSize = 50;

export const runsQuery = (workspaceId: string, filters: RunFilters) =>
  infiniteQueryOptions({
    queryKey: ['runs', workspaceId, filters],
    queryFn: ({ pageParam }) =>
      answerOf(
        v1.GET('/v1/runs', {
          params: {
            query: page({ workspace_id: workspaceId, ...filters, limit: pageSize }, pageParam),
          },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });

/** The newest runs alone: what a live table asks for again and again. */
export const newestRunsQuery = (workspaceId: string, filters: RunFilters, limit = pageSize) =>
  queryOptions({
    queryKey: ['newest runs', workspaceId, filters, limit],
    queryFn: () =>
      dataOf(
        v1.GET('/v1/runs', { params: { query: { workspace_id: workspaceId, ...filters, limit } } }),
      ),
  });

/** Counts of runs between two moments. */
export const runStatsQuery = (
  workspaceId: string,
  given: {
    /** Up to now, where there is neither `from` nor `to`. */
    readonly windowMs: number;
    readonly buckets: number;
    readonly agentId?: string | undefined;
    readonly from?: string | undefined;
    readonly to?: string | undefined;
  },
) =>
  queryOptions({
    queryKey: ['run stats', workspaceId, given],
    queryFn: () => {
      const { windowMs, buckets, agentId, from, to } = given;
      const since =
        from ?? (to === undefined ? new Date(Date.now() - windowMs).toISOString() : undefined);
      const query = {
        workspace_id: workspaceId,
        buckets,
        ...(since === undefined ? {} : { from: since }),
        ...(to === undefined ? {} : { to }),
        ...(agentId === undefined ? {} : { agent_id: agentId }),
      };
      return dataOf(v1.GET('/v1/runs/stats', { params: { query } }));
    },
    placeholderData: keepPreviousData,
  });

export const runQuery = (agentId: string, runId: string) =>
  queryOptions({
    queryKey: ['run', runId],
    queryFn: () =>
      dataOf(
        v1.GET('/v1/agents/{id}/runs/{run_id}', {
          params: { path: { id: agentId, run_id: runId } },
        }),
      ),
  });

/** A run of whichever agent. */
export const runByIdQuery = (runId: string) =>
  queryOptions({
    queryKey: ['run', runId, 'by id'],
    queryFn: () => dataOf(v1.GET('/v1/runs/{run_id}', { params: { path: { run_id: runId } } })),
  });

/** The firing that started a run, and what it came to for each agent that was looked at. */
export const triggerEventQuery = (id: string) =>
  queryOptions({
    queryKey: ['trigger event', id],
    queryFn: () => dataOf(v1.GET('/v1/trigger-events/{id}', { params: { path: { id } } })),
    staleTime: 60_000,
  });

export const stepsQuery = (agentId: string, runId: string) =>
  queryOptions({
    queryKey: ['run', runId, 'steps'],
    queryFn: () =>
      dataOf(
        v1.GET('/v1/agents/{id}/runs/{run_id}/steps', {
          params: { path: { id: agentId, run_id: runId } },
        }),
      ),
  });

type PageCall<T> = Parameters<typeof items<T>>[0];

/** Every item of a list, over all its pages. */
export async function collect<T>(call: PageCall<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items(call)) all.push(item);
  return all;
}

/** The query of one page of a list. */
export function page<Q extends object>(query: Q, cursor: string | undefined) {
  return { limit: 100, ...query, ...(cursor === undefined ? {} : { cursor }) };
}
