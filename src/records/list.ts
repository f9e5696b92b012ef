import type { Page, PageRequest } from '../core/page.ts';
import type { ExternalRecord, RecordKind } from '../core/record.ts';
import { type Problems, refuse } from '../core/validate.ts';
import type { Queryable } from '../store/connect.ts';
import { listRecords } from '../store/records.ts';
import { whyNoFilter } from './why-not-found.ts';

export interface RecordListFilter {
  readonly workspaceId: string;
  readonly contactId?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** By field: a value, or the name of a group of values. */
  readonly where: Readonly<Record<string, string | undefined>>;
}

/** A page of a kind. Throws `validation_error` for a field that it does not filter by. */
export async function listRecordsOf(
  db: Queryable,
  kind: RecordKind,
  filter: RecordListFilter,
  page: PageRequest & { readonly order: 'asc' | 'desc' },
): Promise<Page<ExternalRecord>> {
  const { where, ...rest } = filter;
  const facets = new Map<number, readonly string[]>();
  const problems: Problems = new Map();
  for (const [field, value] of Object.entries(where)) {
    if (value === undefined) continue;
    const place = kind.filters.findIndex((one) => one.field === field);
    const groups = kind.filters[place]?.groups ?? {};
    const problem = whyNoFilter(kind, field);
    if (problem !== null) problems.set(`filter.${field}`, problem);
    else facets.set(place, Object.hasOwn(groups, value) ? (groups[value] ?? [value]) : [value]);
  }
  refuse(problems);
  return await listRecords(db, { ...rest, kind: kind.name, facets }, page);
}
