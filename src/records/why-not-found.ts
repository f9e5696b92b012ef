import type { FindAction } from '../core/chain.ts';
import type { RecordKind } from '../core/record.ts';
import type { Queryable } from '../store/connect.ts';
import { findKind } from './kinds.ts';

/** Why lists of the kind cannot be narrowed by the field; null when they can. */
export function whyNoFilter(kind: RecordKind, field: string): string | null {
  if (kind.filters.some((one) => one.field === field)) return null;
  const known = kind.filters.map((one) => one.field).join(', ') || 'nothing';
  return `is not what ${kind.name} are filtered by: ${known}`;
}

/** Where in a search something names what is not there, and what; null when it can find something. */
export async function whyNotFound(
  db: Queryable,
  workspaceId: string,
  find: Pick<FindAction, 'kind' | 'where'>,
): Promise<{ readonly path: readonly string[]; readonly problem: string } | null> {
  const kind = await findKind(db, { workspaceId, name: find.kind });
  if (kind === null) {
    const hint = 'GET /v1/record-kinds lists those there are';
    return { path: ['kind'], problem: `names no kind of records ("${find.kind}"); ${hint}` };
  }
  for (const field of Object.keys(find.where)) {
    const problem = whyNoFilter(kind, field);
    if (problem !== null) return { path: ['where', field], problem };
  }
  return null;
}
