import { useQuery } from '@tanstack/react-query';
import { answerOf } from '../../../client/client.ts';
import { v1 } from '../api/client.ts';
import { quietEveryMs } from '../ui/live.ts';

/** So many are counted; beyond, one says "99+". */
const countedMost = 99;

export interface OpenCounts {
  readonly escalations: string;
  readonly approvals: string;
  readonly fields: string;
  readonly all: string;
}

/** How much waits for a person in the workspace; undefined while nobody knows. */
export function useOpenCounts(workspaceId: string): OpenCounts | undefined {
  const all = { workspace_id: workspaceId, limit: countedMost };
  const query = { ...all, status: 'pending' as const };
  const shared = {
    enabled: workspaceId !== '',
    refetchInterval: quietEveryMs,
    retry: false,
  };
  const escalations = useQuery({
    ...shared,
    queryKey: ['escalations', workspaceId, 'open'],
    queryFn: async () => counted(await answerOf(v1.GET('/v1/escalations', { params: { query } }))),
  });
  const approvals = useQuery({
    ...shared,
    queryKey: ['approvals', workspaceId, 'open'],
    queryFn: async () => counted(await answerOf(v1.GET('/v1/approvals', { params: { query } }))),
  });
  const proposed = { ...all, status: 'proposed' as const };
  const fields = useQuery({
    ...shared,
    queryKey: ['field decisions', workspaceId, 'open'],
    queryFn: async () =>
      counted(await answerOf(v1.GET('/v1/field-decisions', { params: { query: proposed } }))),
  });
  const known = [escalations.data, approvals.data, fields.data];
  if (!known.every((count) => count !== undefined)) return undefined;
  const [ofEscalations = 0, ofApprovals = 0, ofFields = 0] = known;
  return {
    escalations: shown(ofEscalations),
    approvals: shown(ofApprovals),
    fields: shown(ofFields),
    all: shown(ofEscalations + ofApprovals + ofFields),
  };
}

function counted(page: { readonly data: readonly unknown[]; readonly has_more: boolean }): number {
  return page.data.length + (page.has_more ? 1 : 0);
}

function shown(count: number): string {
  return count > countedMost ? `${countedMost}+` : String(count);
}
