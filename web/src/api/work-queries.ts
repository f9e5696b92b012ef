import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answerOf, dataOf } from '../../../client/client.ts';
import { v1 } from './client.ts';
import { collect, page } from './queries.ts';
import type {
  ApprovalFilters,
  ConversationFilters,
  EscalationFilters,
  FieldDecisionFilters,
  ScheduleFilters,
  TriggerEventFilters,
} from './work-types.ts';

// What the inbox, conversations, schedules and trigger events read. Keys begin with the kind of thing.

const firstPage = undefined as string | undefined;
const nextOf = (last: { readonly next_cursor: string | null }) => last.next_cursor ?? undefined;

export const escalationsQuery = (workspaceId: string, filters: EscalationFilters) =>
  infiniteQueryOptions({
    queryKey: ['escalations', workspaceId, filters],
    queryFn: ({ pageParam }) =>
      answerOf(
        v1.GET('/v1/escalations', {
          params: { query: page({ workspace_id: workspaceId, ...filters, limit: 50 }, pageParam) },
        }),
      ),
    initialPageParam: firstPage,
    getNextPageParam: nextOf,
    placeholderData: keepPreviousData,
  });

export const escalationQuery = (id: string) =>
  queryOptions({
    queryKey: ['escalations', 'one', id],
    queryFn: () => dataOf(v1.GET('/v1/escalations/{id}', { params: { path: { id } } })),
  });

export const approvalsQuery = (workspaceId: string, filters: ApprovalFilters) =>
  infiniteQueryOptions({
    queryKey: ['approvals', workspaceId, filters],
    queryFn: ({ pageParam }) =>
      answerOf(
        v1.GET('/v1/approvals', {
          params: { query: page({ workspace_id: workspaceId, ...filters, limit: 50 }, pageParam) },
        }),
      ),
    initialPageParam: firstPage,
    getNextPageParam: nextOf,
    placeholderData: keepPreviousData,
  });

export const approvalQuery = (id: string) =>
  queryOptions({
    queryKey: ['approvals', 'one', id],
    queryFn: () => dataOf(v1.GET('/v1/approvals/{id}', { params: { path: { id } } })),
  });

export const fieldDecisionsQuery = (workspaceId: string, filters: FieldDecisionFilters) =>
  infiniteQueryOptions({
    queryKey: ['field decisions', workspaceId, filters],
    queryFn: ({ pageParam }) =>
      answerOf(
        v1.GET('/v1/field-decisions', {
          params: { query: page({ workspace_id: workspaceId, ...filters, limit: 50 }, pageParam) },
        }),
      ),
    initialPageParam: firstPage,
    getNextPageParam: nextOf,
    placeholderData: keepPreviousData,
  });

export const fieldDecisionQuery = (id: string) =>
  queryOptions({
    queryKey: ['field decisions', 'one', id],
    queryFn: () => dataOf(v1.GET('/v1/field-decisions/{id}', { params: { path: { id } } })),
  });

export const conversationsQuery = (workspaceId: string, filters: ConversationFilters) =>
  infiniteQueryOptions({
    queryKey: ['conversations', workspaceId, filters],
    queryFn: ({ pageParam }) =>
      answerOf(
        v1.GET('/v1/conversations', {
          params: { query: page({ workspace_id: workspaceId, ...filters, limit: 50 }, pageParam) },
        }),
      ),
    initialPageParam: firstPage,
    getNextPageParam: nextOf,
    placeholderData: keepPreviousData,
  });

export const conversationSearchQuery = (
  workspaceId: string,
  given: { readonly query: string; readonly field: 'any' | 'message' },
) =>
  infiniteQueryOptions({
    queryKey: ['conversations', workspaceId, 'search', given],
    queryFn: ({ pageParam }) =>
      answerOf(
        v1.GET('/v1/conversations/search', {
          params: { query: page({ workspace_id: workspaceId, ...given, limit: 50 }, pageParam) },
        }),
      ),
    initialPageParam: firstPage,
    getNextPageParam: nextOf,
    placeholderData: keepPreviousData,
  });

export const conversationQuery = (id: string) =>
  queryOptions({
    queryKey: ['conversations', 'one', id],
    queryFn: () => dataOf(v1.GET('/v1/conversations/{id}', { params: { path: { id } } })),
  });

/** Newest first, page by page. */
export const messagesQuery = (conversationId: string) =>
  infiniteQueryOptions({
    queryKey: ['messages', conversationId],
    queryFn: ({ pageParam }) =>
      answerOf(
        v1.GET('/v1/conversations/{id}/messages', {
          params: {
            path: { id: conversationId },
            query: page({ order: 'desc' as const, limit: 50 }, pageParam),
          },
        }),
      ),
    initialPageParam: firstPage,
    getNextPageParam: nextOf,
  });

export const tagsQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['conversation tags', workspaceId],
    queryFn: () =>
      collect((cursor) =>
        v1.GET('/v1/conversation-tags', {
          params: { query: page({ workspace_id: workspaceId }, cursor) },
        }),
      ),
  });

export const contactsQuery = (
  workspaceId: string,
  given: { readonly query: string; readonly archived: boolean },
) =>
  infiniteQueryOptions({
    queryKey: ['contacts', workspaceId, given],
    queryFn: ({ pageParam }) => {
      const shared = {
        workspace_id: workspaceId,
        archived: given.archived ? ('true' as const) : ('false' as const),
        limit: 50,
      };
      return given.query === ''
        ? answerOf(v1.GET('/v1/contacts', { params: { query: page(shared, pageParam) } }))
        : answerOf(
            v1.GET('/v1/contacts/search', {
              params: { query: page({ ...shared, query: given.query, field: 'any' }, pageParam) },
            }),
          );
    },
    initialPageParam: firstPage,
    getNextPageParam: nextOf,
    placeholderData: keepPreviousData,
  });

export const contactQuery = (id: string) =>
  queryOptions({
    queryKey: ['contacts', 'one', id],
    queryFn: () => dataOf(v1.GET('/v1/contacts/{id}', { params: { path: { id } } })),
  });

export const schedulesQuery = (workspaceId: string, filters: ScheduleFilters) =>
  infiniteQueryOptions({
    queryKey: ['schedules', workspaceId, filters],
    queryFn: ({ pageParam }) =>
      answerOf(
        v1.GET('/v1/schedules', {
          params: { query: page({ workspace_id: workspaceId, ...filters, limit: 50 }, pageParam) },
        }),
      ),
    initialPageParam: firstPage,
    getNextPageParam: nextOf,
    placeholderData: keepPreviousData,
  });

export const triggerEventsQuery = (workspaceId: string, filters: TriggerEventFilters) =>
  infiniteQueryOptions({
    queryKey: ['trigger events', workspaceId, filters],
    queryFn: ({ pageParam }) =>
      answerOf(
        v1.GET('/v1/trigger-events', {
          params: { query: page({ workspace_id: workspaceId, ...filters, limit: 50 }, pageParam) },
        }),
      ),
    initialPageParam: firstPage,
    getNextPageParam: nextOf,
    placeholderData: keepPreviousData,
  });
