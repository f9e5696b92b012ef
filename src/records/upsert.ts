import { createHash } from 'node:crypto';
import { ApiError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import { isObject } from '../core/is-object.ts';
import {
  type RecordData,
  type RecordKey,
  type RecordKind,
  type RecordOutcome,
  recordMaxima,
} from '../core/record.ts';
import { judgeRecord } from '../core/record-change.ts';
import { fieldName, type Problems, refuse } from '../core/validate.ts';
import type { Database, Queryable } from '../store/connect.ts';
import { findContacts } from '../store/contacts.ts';
import {
  announceRecords,
  insertRecords,
  type KindKey,
  lockRecords,
  type RecordEvent,
  type RecordWrite,
  type StoredRecord,
  type Turn,
  takeTurn,
  updateRecords,
} from '../store/records.ts';
import type { InTransaction } from '../store/workspaces.ts';
import { checkData, contactFieldOf, contactOf, facetsOf, orderTimeOf } from './check-data.ts';
import { requireKind } from './kinds.ts';
import { recordEvent } from './record-event.ts';

// What sources tell of records, written down: the records, and an event for every real change, are one commit.
// The same told again, or late, changes nothing and tells nobody.

/** What a source says of one record. */
export interface ToldRecord extends RecordKey {
  /** Null: it is no more. */
  readonly data: RecordData | null;
  readonly version: number | null;
}

export interface UpsertResult {
  readonly id: string | null;
  readonly key: RecordKey;
  readonly outcome: RecordOutcome;
  /** What is known after it. */
  readonly version: number | null;
}

export interface UpsertDeps {
  readonly db: Database;
}

/** Somebody else added one of the records first: what is known must be read anew. */
class AddedMeanwhile extends Error {}

/**
 * Takes in what a source tells, all or nothing; one result each, in order. Throws `not_found` (kind),
 * `validation_error`, and `conflict` where it cannot be told which content is the newer one.
 */
export async function upsertRecords(
  { db }: UpsertDeps,
  key: KindKey,
  told: readonly ToldRecord[],
  options: {
    /** How fields are called in errors. */
    readonly fieldAt?: (index: number) => readonly PropertyKey[];
    readonly causedByRunId?: string | null;
    readonly inTransaction?: InTransaction<readonly UpsertResult[]>;
  } = {},
): Promise<readonly UpsertResult[]> {
  const { fieldAt = (index: number) => ['records', index] } = options;
  const write = (how: Turn) =>
    db.transaction(async (tx) => {
      await takeTurn(tx, key, how);
      const kind = await requireKind(tx, { ...key, name: key.kind }, 'shared');
      await checkTold(tx, { key, kind, told, fieldAt });
      const { causedByRunId = null } = options;
      const results = await writeTold(tx, { key, kind, told, fieldAt, causedByRunId });
      await options.inTransaction?.(tx, results);
      return results;
    });
  try {
    return await write('beside others');
  } catch (error) {
    if (!(error instanceof AddedMeanwhile)) throw error;
    // Nobody can come in between now.
    return await write('alone');
  }
}

/** The same of one record. */
export async function upsertRecord(
  deps: UpsertDeps,
  key: KindKey,
  told: ToldRecord,
  inTransaction?: InTransaction<UpsertResult>,
): Promise<UpsertResult> {
  const results = await upsertRecords(deps, key, [told], {
    fieldAt: () => [],
    inTransaction: async (tx, written) => await inTransaction?.(tx, onlyOf(written)),
  });
  return onlyOf(results);
}

function onlyOf([result]: readonly UpsertResult[]): UpsertResult {
  if (result === undefined) throw new Error('Nothing became of the record.');
  return result;
}

interface Told {
  readonly key: KindKey;
  readonly kind: RecordKind;
  readonly told: readonly ToldRecord[];
  readonly fieldAt: (index: number) => readonly PropertyKey[];
}

/** All that is wrong with any of them, named. */
async function checkTold(tx: Queryable, { key, kind, told, fieldAt }: Told): Promise<void> {
  const problems: Problems = new Map();
  const named = new Map<string, string>();
  for (const [index, { data, externalId, source }] of told.entries()) {
    const at = fieldAt(index);
    for (const [name, value] of [
      ['external_id', externalId],
      ['source', source],
    ] as const) {
      if (value.length > 0 && value.length <= recordMaxima.key) continue;
      problems.set(fieldName([...at, name]), `must have 1 to ${recordMaxima.key} characters`);
    }
    if (data === null) continue;
    checkData(kind, data, { at: [...at, 'data'], problems });
    const contactId = contactOf(kind, data);
    const field = contactFieldOf(kind);
    if (contactId !== null && field !== null) {
      named.set(fieldName([...at, 'data', field]), contactId);
    }
  }
  const known = await findContacts(tx, key.workspaceId, [...new Set(named.values())]);
  for (const [field, contactId] of named) {
    if (!known.has(contactId)) problems.set(field, 'is no contact of this workspace');
  }
  refuse(problems);
}

/** A record while what is told of it is gone through. */
interface Draft {
  readonly isNew: boolean;
  readonly now: RecordWrite;
  /** Whether `now` is to be written. */
  readonly isWritten: boolean;
}

async function writeTold(
  tx: Queryable,
  { key, kind, told, fieldAt, causedByRunId }: Told & { readonly causedByRunId: string | null },
): Promise<readonly UpsertResult[]> {
  const stored = await lockRecords(tx, key, told);
  const drafts = new Map(stored.map((one): [string, Draft] => [keyText(one), draftOf(kind, one)]));
  const events: RecordEvent[] = [];
  const problems: Problems = new Map();
  const results = told.map((one, index): UpsertResult => {
    const draft = drafts.get(keyText(one)) ?? null;
    const sourceHash = hashOf(one.data);
    const isDeletion = one.data === null;
    const verdict = judgeRecord(draft?.now ?? null, {
      version: one.version,
      sourceHash,
      isDeletion,
    });
    if ('problem' in verdict) {
      problems.set(fieldName([...fieldAt(index), 'version']), whyNot[verdict.problem](draft));
      return { id: null, key: one, outcome: 'late', version: null };
    }
    const { outcome } = verdict;
    const known = draft?.now.version ?? null;
    const isChange = outcome !== 'late' && outcome !== 'repeated';
    if (!isChange && verdict.advances !== true) {
      return { id: idOf(draft), key: one, outcome, version: known };
    }
    const before = draft ?? newDraft(one);
    const data = isChange ? (one.data ?? {}) : before.now.data;
    const now: RecordWrite = {
      ...before.now,
      ...placesOf(kind, data),
      data,
      version: one.version ?? known,
      sourceHash,
      rev: before.now.rev + (isChange ? 1 : 0),
      isDeleted: isDeletion,
    };
    if (isChange) {
      events.push(recordEvent({ key, from: draft?.now ?? null, to: now, causedByRunId }));
    }
    drafts.set(keyText(one), { ...before, now, isWritten: true });
    return { id: now.id, key: one, outcome, version: now.version };
  });
  if (problems.size > 0) {
    const [[field, problem] = ['version', '']] = problems;
    throw new ApiError('conflict', `${field} ${problem}`, {
      details: Object.fromEntries(problems),
    });
  }
  await writeDrafts(
    tx,
    key,
    [...drafts.values()].filter(({ isWritten }) => isWritten),
  );
  await announceRecords(tx, key.workspaceId, events);
  return results;
}

async function writeDrafts(tx: Queryable, key: KindKey, drafts: readonly Draft[]): Promise<void> {
  const added = drafts.filter(({ isNew }) => isNew).map(({ now }) => now);
  const inserted = await insertRecords(tx, key, added);
  if (inserted.size < added.length) throw new AddedMeanwhile();
  const changed = drafts.filter(({ isNew }) => !isNew).map(({ now }) => now);
  await updateRecords(tx, key, changed);
}

const whyNot = {
  unversioned: () =>
    'is required: this record came with versions, and without one it cannot be told whether this is older',
  ambiguous: (draft: Draft | null) =>
    `is known with other content: ${draft?.now.version}; send what changed under a higher one`,
} as const;

function draftOf(kind: RecordKind, before: StoredRecord): Draft {
  const now = { ...before, ...placesOf(kind, before.data) };
  return { isNew: false, now, isWritten: false };
}

function newDraft({ source, externalId }: RecordKey): Draft {
  const now: RecordWrite = {
    ...{ id: newId('record'), source, externalId },
    ...{ data: {}, contactId: null, version: null, sourceHash: '' },
    ...{ rev: 0, at: null, facets: [], isDeleted: true },
  };
  return { isNew: true, now, isWritten: false };
}

/** Where lists find it. */
export function placesOf(kind: RecordKind, data: RecordData) {
  return {
    contactId: contactOf(kind, data),
    at: orderTimeOf(kind, data),
    facets: facetsOf(kind, data),
  };
}

/** Of a deletion, which has no content, nothing is hashed. */
export function hashOf(data: RecordData | null): string {
  if (data === null) return '';
  return createHash('sha256').update(JSON.stringify(data, sorted)).digest('base64url').slice(0, 22);
}

/** The same content in another order is the same. */
function sorted(_: string, value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function keyText({ source, externalId }: RecordKey): string {
  return JSON.stringify([source, externalId]);
}

function idOf(draft: Draft | null): string | null {
  return draft === null || draft.now.isDeleted ? null : draft.now.id;
}
