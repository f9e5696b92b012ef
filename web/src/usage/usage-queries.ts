import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { dataOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { collect, page } from '../api/queries.ts';

interface UsageFilters {
  readonly days: number;
  readonly by: 'day' | 'agent' | 'model' | 'trigger';
  readonly agentId?: string | undefined;
}

const dayMs = 24 * 3_600_000;

/** Of so many days up to today. */
export const usageQuery = (workspaceId: string, { days, by, agentId }: UsageFilters) =>
  queryOptions({
    queryKey: ['usage', workspaceId, { days, by, agentId }],
    queryFn: () =>
      dataOf(
        v1.GET('/v1/usage', {
          params: {
            query: {
              workspace_id: workspaceId,
              from: new Date(Date.now() - (days - 1) * dayMs).toISOString().slice(0, 10),
              group_by: by,
              ...(agentId && { agent_id: agentId }),
            },
          },
        }),
      ),
    placeholderData: keepPreviousData,
  });

export const budgetsQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['budgets', workspaceId],
    queryFn: () =>
      collect((cursor) =>
        v1.GET('/v1/budgets', { params: { query: page({ workspace_id: workspaceId }, cursor) } }),
      ),
  });
