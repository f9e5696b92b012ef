import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { newestRunsQuery, runsQuery } from '../api/queries.ts';
import type { RunFilters, RunRow } from '../api/types.ts';

const newestEveryMs = 2_000;
const allEveryMs = 20_000;
/** So many pages are read anew for what changed in them; beyond, only the newest runs are. */
const livePages = 3;

/** Runs, newest first, page by page; the newest are asked for again every two seconds. */
export function useLiveRuns(workspaceId: string, filters: RunFilters) {
  const queries = useQueryClient();
  const options = runsQuery(workspaceId, filters);
  const older = useInfiniteQuery({
    ...options,
    refetchInterval: ({ state }) =>
      (state.data?.pages.length ?? 0) <= livePages ? allEveryMs : false,
  });
  const newest = useQuery({
    ...newestRunsQuery(workspaceId, filters),
    refetchInterval: newestEveryMs,
    enabled: older.data !== undefined && !older.isPlaceholderData,
  });
  const known = older.data?.pages.flatMap(({ data }) => data);
  const hasGap = isApart(newest.data, known);
  const { queryKey } = options;
  const key = JSON.stringify(queryKey);
  // More came at once than fits on a page: what is between is not known, so all is read again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for itself.
  useEffect(() => {
    if (hasGap) void queries.resetQueries({ queryKey });
  }, [hasGap, key]);
  const data = useMemo(() => merged(newest.data, known), [newest.data, known]);
  return {
    data,
    error: older.error,
    refetch: older.refetch,
    hasMore: older.hasNextPage,
    isLoadingMore: older.isFetchingNextPage,
    loadMore: () => void older.fetchNextPage(),
  };
}

function isApart(
  newest: readonly RunRow[] | undefined,
  known: readonly RunRow[] | undefined,
): boolean {
  if (!newest || !known || newest.length < 50 || known.length === 0) return false;
  const ids = new Set(known.map(({ id }) => id));
  return newest.every(({ id }) => !ids.has(id));
}

function merged(
  newest: readonly RunRow[] | undefined,
  known: readonly RunRow[] | undefined,
): readonly RunRow[] | undefined {
  if (newest === undefined || known === undefined) return known;
  const byId = new Map(known.map((run) => [run.id, run]));
  for (const run of newest) byId.set(run.id, run);
  return [...byId.values()].sort((a, b) =>
    a.created_at === b.created_at ? compare(b.id, a.id) : compare(b.created_at, a.created_at),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
