import { useQuery } from '@tanstack/react-query';
import { answerOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import type { InboxKind } from '../search.ts';
import { quietEveryMs } from '../ui/live.ts';

/** So many are counted; beyond, one says "99+". */
const countedMost = 99;

export type OpenCounts = Readonly<Record<InboxKind | 'all', string>>;

/** How much waits for a person in the workspace; undefined while nobody knows. */
export function useOpenCounts(workspaceId: string): OpenCounts | undefined {
  const all = { workspace_id: workspaceId, limit: countedMost };
  const pending = { params: { query: { ...all, status: 'pending' as const } } };
  const proposed = { params: { query: { ...all, status: 'proposed' as const } } };
  const open = (kind: string, ask: () => Promise<Page>) => ({
    queryKey: [kind, workspaceId, 'open'],
    queryFn: async () => counted(await ask()),
    enabled: workspaceId !== '',
    refetchInterval: quietEveryMs,
    retry: false,
  });
  const { data: escalations } = useQuery(
    open('escalations', () => answerOf(v1.GET('/v1/escalations', pending))),
  );
  const { data: approvals } = useQuery(
    open('approvals', () => answerOf(v1.GET('/v1/approvals', pending))),
  );
  const { data: fields } = useQuery(
    open('field decisions', () => answerOf(v1.GET('/v1/field-decisions', proposed))),
  );
  if (escalations === undefined || approvals === undefined || fields === undefined) {
    return undefined;
  }
  return {
    escalations: shown(escalations),
    approvals: shown(approvals),
    fields: shown(fields),
    all: shown(escalations + approvals + fields),
  };
}

interface Page {
  readonly data: readonly unknown[];
  readonly has_more: boolean;
}

function counted(page: Page): number {
  return page.data.length + (page.has_more ? 1 : 0);
}

function shown(count: number): string {
  return count > countedMost ? `${countedMost}+` : String(count);
}
