import { ownSource, type RecordData } from '../core/record.ts';
import type { ScopedKey } from '../core/workspace-scope.ts';
import { type Database, type Queryable, withinTransaction } from '../store/connect.ts';
import { lockContact, requireContact } from '../store/contacts.ts';
import { findRecords } from '../store/records.ts';
import { fieldOf } from './check-data.ts';
import { attributesKind, requireKind } from './kinds.ts';
import { upsertRecord } from './upsert.ts';

// Custom attributes: a record for every contact that has any, of a kind whose fields the workspace describes.

async function readAttributes(db: Queryable, key: ScopedKey) {
  const { workspaceId } = await requireContact(db, key);
  const of = { workspaceId, kind: attributesKind };
  const kind = await requireKind(db, { workspaceId, name: attributesKind });
  const [record] = await findRecords(db, of, { externalId: key.id, source: ownSource });
  const names = kind.fields.map(({ name }) => name).filter((name) => name !== 'contact_id');
  const values = Object.fromEntries(names.map((name) => [name, fieldOf(record?.data ?? {}, name)]));
  return { of, values };
}

/** The attributes of a contact, null where there is no value. Throws `not_found`. */
export async function attributesOf(db: Queryable, key: ScopedKey): Promise<RecordData> {
  return (await readAttributes(db, key)).values;
}

/** Sets what is given; null takes a value away. Throws `not_found`, `validation_error`. */
export async function setAttributes(
  { db }: { readonly db: Database },
  key: ScopedKey,
  given: RecordData,
): Promise<RecordData> {
  return await db.transaction(async (tx) => {
    await lockContact(tx, key.scope, key.id);
    const { of, values } = await readAttributes(tx, key);
    const told = {
      ...{ source: ownSource, externalId: key.id, version: null },
      data: { ...values, ...given, contact_id: key.id },
    };
    await upsertRecord({ db: withinTransaction(tx) }, of, told);
    return await attributesOf(tx, key);
  });
}
