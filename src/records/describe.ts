import { isDeepStrictEqual } from 'node:util';
import { ApiError } from '../core/errors.ts';
import { type RecordField, type RecordKind, recordMaxima } from '../core/record.ts';
import { refusal } from '../core/validate.ts';
import type { Queryable } from '../store/connect.ts';
import {
  deleteRecordKind,
  ensureRecordKind,
  hasRecords,
  putRecordKind,
} from '../store/record-kinds.ts';
import { contactFieldOf } from './check-data.ts';
import { type KindInput, toKind } from './kind-input.ts';
import { attributesKind, findKind, isBuiltInKind, noAttributes, requireKind } from './kinds.ts';
import type { UpsertDeps } from './upsert.ts';

// Kinds that a workspace describes, and the attributes of its contacts.

interface KindName {
  readonly workspaceId: string;
  readonly name: string;
}

/** Describes a kind, or describes it anew. Throws `validation_error`, `conflict`. */
export async function describeKind(
  { db }: UpsertDeps,
  key: KindName,
  input: KindInput,
): Promise<RecordKind> {
  if (isBuiltInKind(key.name)) {
    throw refusal(new Map([['name', `${key.name} is a built-in kind; choose another name`]]));
  }
  const kind = toKind(key.name, input);
  return await db.transaction(async (tx) => {
    const before = await findKind(tx, key, 'exclusive');
    // What is known would have to be put into other places of the indexes.
    const moves = before !== null && !isDeepStrictEqual(placedBy(before), placedBy(kind));
    if (moves && (await hasRecords(tx, key))) {
      throw new ApiError(
        'conflict',
        `There are ${key.name} already: what they are filtered by, ordered by and whom they are about stays. Describe another kind, or delete them first.`,
      );
    }
    await put(tx, key, kind);
    return kind;
  });
}

/** What places records in the indexes. */
function placedBy(kind: RecordKind) {
  return [kind.filters.map(({ field }) => field), contactFieldOf(kind), kind.orderBy];
}

async function put(tx: Queryable, { workspaceId }: KindName, kind: RecordKind): Promise<void> {
  const { kinds: maxCount } = recordMaxima;
  if (await putRecordKind(tx, workspaceId, { kind, maxCount })) return;
  throw new ApiError('conflict', `A workspace may describe ${maxCount} kinds.`);
}

/** Takes a kind away. Throws `not_found`, `conflict` while there are records of it. */
export async function removeKind({ db }: UpsertDeps, key: KindName): Promise<void> {
  if (isBuiltInKind(key.name)) throw new ApiError('conflict', `${key.name} is a built-in kind.`);
  await db.transaction(async (tx) => {
    await requireKind(tx, key, 'exclusive');
    if (await hasRecords(tx, key)) {
      throw new ApiError('conflict', `There are ${key.name}: delete them first.`);
    }
    await deleteRecordKind(tx, key);
  });
}

/** The attributes that a workspace keeps of its contacts. */
export async function listAttributes(
  db: Queryable,
  workspaceId: string,
): Promise<readonly RecordField[]> {
  const { fields } = await requireKind(db, { workspaceId, name: attributesKind });
  return fields.filter(({ type }) => type !== 'contact');
}

/** Describes an attribute, or describes it anew: what contacts have of it already stays as it is. */
export async function describeAttribute(
  deps: UpsertDeps,
  workspaceId: string,
  attribute: RecordField,
): Promise<RecordField> {
  if (attribute.type === 'contact' || attribute.name === 'contact_id') {
    throw refusal(new Map([['name', 'a contact has no other contact as an attribute']]));
  }
  await changeAttributes(deps, workspaceId, (fields) => [
    ...fields.filter(({ name }) => name !== attribute.name),
    { ...attribute, required: false },
  ]);
  return { ...attribute, required: false };
}

/** Takes an attribute away. Contacts keep what they have of it until it is written next. Throws `not_found`. */
export async function removeAttribute(
  deps: UpsertDeps,
  workspaceId: string,
  name: string,
): Promise<void> {
  await changeAttributes(deps, workspaceId, (fields) => {
    const left = fields.filter((field) => field.name !== name || field.type === 'contact');
    if (left.length < fields.length) return left;
    throw new ApiError('not_found', `There is no custom attribute ${name}.`);
  });
}

async function changeAttributes(
  { db }: UpsertDeps,
  workspaceId: string,
  change: (fields: readonly RecordField[]) => readonly RecordField[],
): Promise<void> {
  const key = { workspaceId, name: attributesKind };
  await db.transaction(async (tx) => {
    await ensureRecordKind(tx, workspaceId, noAttributes);
    const before = await requireKind(tx, key, 'exclusive');
    const fields = change(before.fields);
    if (fields.length > recordMaxima.fields) {
      throw new ApiError('conflict', `A contact may have ${recordMaxima.fields - 1} attributes.`);
    }
    await put(tx, key, { ...before, fields });
  });
}
