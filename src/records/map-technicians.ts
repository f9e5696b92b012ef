import { normalizedEmail } from '../core/member.ts';
import type { ExternalRecord } from '../core/record.ts';
import type { Database } from '../store/connect.ts';
import { listMembers } from '../store/members.ts';
import { changeLocked } from './change-here.ts';
import { fieldOf } from './check-data.ts';
import { builtInKind } from './kinds.ts';
import { listRecordsOf } from './list.ts';

export interface MappedTechnicians {
  readonly mapped: number;
  /** They name a member already; that stays. */
  readonly kept: number;
  /** No member has their address. */
  readonly unmatched: number;
}

const pageSize = 200;

/** Says of technicians which member of the workspace they are, by their address. What somebody set stays. */
export async function mapTechnicians(
  db: Database,
  workspaceId: string,
): Promise<MappedTechnicians> {
  const members = await memberIds(db, workspaceId);
  const kind = builtInKind('technicians');
  const counts = { mapped: 0, kept: 0, unmatched: 0 };
  const userOf = ({ data }: Pick<ExternalRecord, 'data'>) => {
    const email = fieldOf(data, 'email');
    return typeof email === 'string' ? members.get(normalizedEmail(email) ?? '') : undefined;
  };
  let after: { readonly createdAt: Date; readonly id: string } | null = null;
  do {
    const request = { limit: pageSize, after, order: 'desc' } as const;
    const page: Awaited<ReturnType<typeof listRecordsOf>> = await listRecordsOf(
      db,
      kind,
      { workspaceId, where: {} },
      request,
    );
    const open = page.items.filter(({ data }) => fieldOf(data, 'user_id') === null);
    const found = open.filter((record) => userOf(record) !== undefined);
    await db.transaction(async (tx) => {
      await changeLocked(
        tx,
        { workspaceId, kind: kind.name },
        {
          records: found,
          // Judged again under the lock: somebody may have set one since.
          change: (_, { data }) =>
            fieldOf(data, 'user_id') === null ? { ...data, user_id: userOf({ data }) } : data,
        },
      );
    });
    counts.mapped += found.length;
    counts.kept += page.items.length - open.length;
    counts.unmatched += open.length - found.length;
    after = page.next;
  } while (after !== null);
  return counts;
}

/** Ids of the workspace's members by their addresses. */
async function memberIds(db: Database, workspaceId: string): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  let after: { readonly createdAt: Date; readonly id: string } | null = null;
  do {
    const request = { limit: pageSize, after };
    const page: Awaited<ReturnType<typeof listMembers>> = await listMembers(
      db,
      [workspaceId],
      workspaceId,
      request,
    );
    for (const { email, id } of page.items) ids.set(email, id);
    after = page.next;
  } while (after !== null);
  return ids;
}
