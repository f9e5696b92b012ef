// Entities that live in other systems, and the kinds by which they are described. A kind is data: what it
// has for fields, by which of them lists are filtered and ordered, and between which states it may be moved.

export const recordFieldTypes = [
  'string',
  'number',
  'integer',
  'boolean',
  'date',
  'datetime',
  'array',
  'object',
  'contact',
] as const;
export type RecordFieldType = (typeof recordFieldTypes)[number];

export interface RecordField {
  readonly name: string;
  readonly type: RecordFieldType;
  readonly description: string;
  readonly required: boolean;
  /** Of a string: the only values that it may have. */
  readonly options: readonly string[] | null;
}

export interface RecordFilter {
  readonly field: string;
  /** Names for several values at once: `open` for `new` and `pending`. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
}

export interface RecordAction {
  readonly from: readonly string[];
  readonly to: string;
}

/** A field that says how far a record has come, and what may be done with it here. */
export interface RecordStates {
  readonly field: string;
  readonly actions: Readonly<Record<string, RecordAction>>;
}

export interface RecordKind {
  readonly name: string;
  readonly description: string;
  readonly fields: readonly RecordField[];
  /** At most `recordMaxima.filters`. */
  readonly filters: readonly RecordFilter[];
  /** A `date` or `datetime` field; null: when it was first heard of. */
  readonly orderBy: string | null;
  readonly states: RecordStates | null;
  /** The field that shows what the source calls it, where that is not `external_id`. */
  readonly externalIdField: string | null;
  /** Fields that it does not describe are refused, not kept. */
  readonly isClosed: boolean;
}

export const recordMaxima = {
  filters: 6,
  fields: 100,
  kinds: 200,
  /** Characters of an id of its source's, and of a value that lists are filtered by. */
  key: 200,
  /** Characters of the JSON text of one record. */
  data: 65_536,
  batch: 1_000,
} as const;

export type RecordData = Readonly<Record<string, unknown>>;

export interface ExternalRecord {
  readonly id: string;
  readonly workspaceId: string;
  readonly kind: string;
  readonly source: string;
  readonly externalId: string;
  readonly data: RecordData;
  readonly contactId: string | null;
  readonly version: number | null;
  /** How often it really changed. */
  readonly rev: number;
  /** By what lists of its kind are ordered. */
  readonly at: Date;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Where a record is known by its source's name for it. */
export interface RecordKey {
  readonly source: string;
  readonly externalId: string;
}

/** What became of one upsert. `late`: something newer is known. `repeated`: this is known. */
export const recordOutcomes = ['created', 'updated', 'deleted', 'repeated', 'late'] as const;
export type RecordOutcome = (typeof recordOutcomes)[number];

/** The source of what nobody named one for. */
export const plainSource = 'default';

/** The source of what people and agents make here. */
export const ownSource = 'signalbox';

/** What a run asks of the records of its workspace. */
export interface FindRecords {
  /** Those that it may read, or why there are none to be had, in words for the model. */
  find(question: RecordQuestion): Promise<FoundRecords>;
}

export interface RecordQuestion {
  readonly run: {
    readonly id: string;
    readonly workspaceId: string;
    readonly contactId: string | null;
    readonly parentRunId: string | null;
  };
  readonly kind: string;
  /** By what their source calls them. */
  readonly externalId: string | null;
  /** By field that the kind is filtered by. */
  readonly where: Readonly<Record<string, string>>;
  readonly from: Date | null;
  readonly to: Date | null;
  readonly order: 'asc' | 'desc';
  readonly limit: number;
}

export type FoundRecords =
  | { readonly ok: true; readonly records: readonly ExternalRecord[]; readonly hasMore: boolean }
  | { readonly ok: false; readonly problem: string };
