import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answerOf, dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { collect, page } from '../api/queries.ts';

export const casesQuery = (workspaceId: string, agentId: string | undefined) =>
  queryOptions({
    queryKey: ['tests', workspaceId, agentId ?? 'all'],
    queryFn: () =>
      collect((cursor) =>
        v1.GET('/v1/tests', {
          params: {
            query: page(
              { workspace_id: workspaceId, ...(agentId && { agent_id: agentId }) },
              cursor,
            ),
          },
        }),
      ),
  });

export const testRunsQuery = (workspaceId: string, agentId: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['test runs', workspaceId, agentId ?? 'all'],
    queryFn: ({ pageParam }) =>
      answerOf(
        v1.GET('/v1/tests/runs', {
          params: {
            query: page(
              { workspace_id: workspaceId, limit: 30, ...(agentId && { agent_id: agentId }) },
              pageParam,
            ),
          },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });

export const testRunQuery = (id: string) =>
  queryOptions({
    queryKey: ['test run', id],
    queryFn: () =>
      dataOf(v1.GET('/v1/tests/runs/{test_run_id}', { params: { path: { test_run_id: id } } })),
  });

/** Read anew whenever more of its runs have ended. */
export const testResultsQuery = (id: string, state: string) =>
  queryOptions({
    queryKey: ['test run', id, 'results', state],
    placeholderData: keepPreviousData,
    queryFn: () =>
      collect((cursor) =>
        v1.GET('/v1/tests/runs/{test_run_id}/results', {
          params: { path: { test_run_id: id }, query: page({}, cursor) },
        }),
      ),
  });
