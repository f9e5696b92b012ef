import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answerOf, dataOf } from '../../../client/client.ts';
import { v1 } from './client.ts';
import { collect, page } from './queries.ts';

// What the pages of knowledge and skills read.

/** What is right below a directory; at the top with null. Bodies are left out. */
export const knowledgeChildrenQuery = (workspaceId: string, parentId: string | null) =>
  infiniteQueryOptions({
    queryKey: ['knowledge', workspaceId, 'children', parentId],
    queryFn: ({ pageParam }) =>
      answerOf(
        v1.POST('/v1/kb/nodes/search', {
          params: { query: { workspace_id: workspaceId } },
          body: {
            filters: { parent_id: parentId },
            pagination: {
              page_size: 100,
              ...(pageParam === undefined ? {} : { cursor: pageParam }),
            },
            include_body: false,
          },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });

const directoriesMost = 200;

/** Directories to choose from, at most 200. */
export const knowledgeDirectoriesQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['knowledge', workspaceId, 'directories'],
    queryFn: () =>
      dataOf(
        v1.POST('/v1/kb/nodes/search', {
          params: { query: { workspace_id: workspaceId } },
          body: {
            filters: { is_directory: true },
            pagination: { page_size: directoriesMost },
            include_body: false,
          },
        }),
      ),
  });

export const knowledgeNodeQuery = (nodeId: string) =>
  queryOptions({
    queryKey: ['knowledge', 'node', nodeId],
    queryFn: () =>
      dataOf(v1.GET('/v1/kb/nodes/{node_id}', { params: { path: { node_id: nodeId } } })),
  });

export const knowledgeStatusQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['knowledge', workspaceId, 'status'],
    queryFn: () =>
      dataOf(v1.GET('/v1/kb/status', { params: { query: { workspace_id: workspaceId } } })),
  });

export const knowledgeGapsQuery = (workspaceId: string) =>
  infiniteQueryOptions({
    queryKey: ['knowledge', workspaceId, 'gaps'],
    queryFn: ({ pageParam }) =>
      answerOf(
        v1.GET('/v1/kb/gaps', {
          params: {
            query: page(
              { workspace_id: workspaceId, answered: 'false' as const, limit: 50 },
              pageParam,
            ),
          },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });

export const skillsQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: ['skills', workspaceId],
    queryFn: () =>
      collect((cursor) =>
        v1.GET('/v1/skills', { params: { query: page({ workspace_id: workspaceId }, cursor) } }),
      ),
  });

export const skillQuery = (id: string) =>
  queryOptions({
    queryKey: ['skills', 'one', id],
    queryFn: () => dataOf(v1.GET('/v1/skills/{id}', { params: { path: { id } } })),
  });

export const skillFilesQuery = (id: string) =>
  queryOptions({
    queryKey: ['skills', 'one', id, 'files'],
    queryFn: () => dataOf(v1.GET('/v1/skills/{id}/files', { params: { path: { id } } })),
  });

export const skillVersionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['skills', 'one', id, 'versions'],
    queryFn: () =>
      collect((cursor) =>
        v1.GET('/v1/skills/{id}/versions', { params: { path: { id }, query: page({}, cursor) } }),
      ),
  });

export const skillVersionQuery = (id: string, version: number) =>
  queryOptions({
    queryKey: ['skills', 'one', id, 'version', version],
    queryFn: () =>
      dataOf(
        v1.GET('/v1/skills/{id}/versions/{version}', {
          params: { path: { id, version: String(version) } },
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });
