import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answerOf, dataOf } from '../../../client/client.ts';
import { v1 } from './client.ts';
import { collect, page } from './queries.ts';

// What the settings and the usage page read.

export const rolesQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['roles', workspaceId],
    queryFn: () =>
      dataOf(v1.GET('/v1/workspaces/{id}/roles', { params: { path: { id: workspaceId } } })),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const membersQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['members', workspaceId],
    queryFn: () =>
      collect((cursor) =>
        v1.GET('/v1/workspaces/{id}/users', {
          params: { path: { id: workspaceId }, query: page({}, cursor) },
        }),
      ),
  });

export const modelsQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['models', workspaceId],
    queryFn: () =>
      collect((cursor) =>
        v1.GET('/v1/models', { params: { query: page({ workspace_id: workspaceId }, cursor) } }),
      ),
  });

export const pricesQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['prices', workspaceId],
    queryFn: () =>
      collect((cursor) =>
        v1.GET('/v1/prices', { params: { query: page({ workspace_id: workspaceId }, cursor) } }),
      ),
  });

/** What a model costs, by the workspace's own prices or the list that the server has. */
export const priceInForceQuery = (workspaceId: string, model: string) =>
  queryOptions({
    queryKey: ['prices', workspaceId, 'in force', model],
    queryFn: () =>
      dataOf(
        v1.GET('/v1/prices/in-force', { params: { query: { workspace_id: workspaceId, model } } }),
      ),
    retry: false,
  });

export const mcpServersQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['mcp servers', workspaceId],
    queryFn: () =>
      collect((cursor) =>
        v1.GET('/v1/mcp-servers', {
          params: { query: page({ workspace_id: workspaceId }, cursor) },
        }),
      ),
  });

export const channelsQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['channels', workspaceId],
    queryFn: () =>
      collect((cursor) =>
        v1.GET('/v1/channels', { params: { query: page({ workspace_id: workspaceId }, cursor) } }),
      ),
  });

export const webhooksQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['webhooks', workspaceId],
    queryFn: () =>
      collect((cursor) =>
        v1.GET('/v1/webhooks', { params: { query: page({ workspace_id: workspaceId }, cursor) } }),
      ),
  });

export const deliveriesQuery = (webhookId: string) =>
  queryOptions({
    queryKey: ['webhooks', 'deliveries', webhookId],
    queryFn: () =>
      dataOf(
        v1.GET('/v1/webhooks/{id}/deliveries', {
          params: { path: { id: webhookId }, query: { limit: 20 } },
        }),
      ),
  });

export const alertsQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['alerts', workspaceId],
    queryFn: () =>
      collect((cursor) =>
        v1.GET('/v1/alerts', { params: { query: page({ workspace_id: workspaceId }, cursor) } }),
      ),
  });

export const preferencesQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['notifications', workspaceId, 'preferences'],
    queryFn: () =>
      collect((cursor) =>
        v1.GET('/v1/notifications/preferences', {
          params: { query: page({ workspace_id: workspaceId }, cursor) },
        }),
      ),
  });

export const notificationsQuery = (workspaceId: string) =>
  infiniteQueryOptions({
    queryKey: ['notifications', workspaceId, 'sent'],
    queryFn: ({ pageParam }) =>
      answerOf(
        v1.GET('/v1/notifications', {
          params: { query: page({ workspace_id: workspaceId, limit: 20 }, pageParam) },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });

export const workspaceQuery = (id: string) =>
  queryOptions({
    queryKey: ['workspace', id],
    queryFn: () => dataOf(v1.GET('/v1/workspaces/{id}', { params: { path: { id } } })),
  });

export const quotasQuery = (id: string) =>
  queryOptions({
    queryKey: ['workspace', id, 'quotas'],
    queryFn: () => dataOf(v1.GET('/v1/workspaces/{id}/quotas', { params: { path: { id } } })),
  });

export const retentionQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['retention', workspaceId],
    queryFn: () =>
      dataOf(v1.GET('/v1/retention', { params: { query: { workspace_id: workspaceId } } })),
  });

export interface AuditFilters {
  readonly action?: string;
  readonly resource?: string;
  readonly actor_id?: string;
  readonly object_id?: string;
}

export const auditQuery = (workspaceId: string, filters: AuditFilters) =>
  infiniteQueryOptions({
    queryKey: ['audit', workspaceId, filters],
    queryFn: ({ pageParam }) =>
      answerOf(
        v1.GET('/v1/audit', {
          params: {
            query: page({ workspace_id: workspaceId, ...filters, limit: 50 }, pageParam),
          },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
