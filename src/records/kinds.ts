import { ApiError } from '../core/errors.ts';
import type { RecordKind } from '../core/record.ts';
import type { Queryable } from '../store/connect.ts';
import { getRecordKind, listRecordKinds } from '../store/record-kinds.ts';
import { fields } from './describe-fields.ts';
import { guestKinds } from './guest-kinds.ts';
import { integrationKinds } from './integration-kinds.ts';
import { psaKinds } from './psa-kinds.ts';

// Which kinds there are: built-in ones, the same everywhere, and those that a workspace described.

/** What workspaces keep about contacts beyond what every contact has; they describe its fields themselves. */
export const attributesKind = 'contact-attributes';

/** As long as a workspace has described no attribute. */
export const noAttributes: RecordKind = {
  name: attributesKind,
  description: 'Custom attributes of contacts.',
  fields: fields({ contact_id: 'contact' }, { contact_id: { required: true } }),
  filters: [],
  orderBy: null,
  states: null,
  externalIdField: 'contact_id',
  isClosed: true,
};

const builtIn: ReadonlyMap<string, RecordKind> = new Map(
  [...guestKinds, ...psaKinds, ...integrationKinds].map((kind) => [kind.name, kind]),
);

/** Whether a workspace may not describe a kind of this name. */
export function isBuiltInKind(name: string): boolean {
  return builtIn.has(name) || name === attributesKind;
}

/** A kind that every workspace has. Throws for any other name, which is a mistake of ours. */
export function builtInKind(name: string): RecordKind {
  const kind = builtIn.get(name);
  if (kind === undefined) throw new Error(`There is no built-in kind ${name}.`);
  return kind;
}

/** All kinds of a workspace: built-in ones first. */
export async function listKinds(
  db: Queryable,
  workspaceId: string,
): Promise<readonly RecordKind[]> {
  const own = await listRecordKinds(db, workspaceId);
  const attributes = own.find(({ name }) => name === attributesKind) ?? noAttributes;
  return [...builtIn.values(), attributes, ...own.filter(({ name }) => name !== attributesKind)];
}

/**
 * The kind as the workspace has it; null when there is none of this name. With `lock`, it stays as it is until the
 * transaction ends.
 */
export async function findKind(
  db: Queryable,
  key: { readonly workspaceId: string; readonly name: string },
  lock: 'none' | 'shared' | 'exclusive' = 'none',
): Promise<RecordKind | null> {
  const fixed = builtIn.get(key.name);
  if (fixed !== undefined) return fixed;
  const own = await getRecordKind(db, key, lock);
  return own ?? (key.name === attributesKind ? noAttributes : null);
}

/** The same. Throws `not_found`. */
export async function requireKind(
  db: Queryable,
  key: { readonly workspaceId: string; readonly name: string },
  lock: 'none' | 'shared' | 'exclusive' = 'none',
): Promise<RecordKind> {
  const kind = await findKind(db, key, lock);
  if (kind !== null) return kind;
  throw new ApiError(
    'not_found',
    `There is no kind of records ${key.name}; GET /v1/record-kinds lists those there are.`,
  );
}
