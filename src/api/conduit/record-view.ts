import { z } from '@hono/zod-openapi';
import type { ExternalRecord, RecordFieldType, RecordKind } from '../../core/record.ts';
import { fieldOf } from '../../records/check-data.ts';
import { iso } from './times.ts';

// Records of a kind as the dialect shows them: the fields of the kind beside what every record has.

const shapes: Readonly<Record<RecordFieldType, () => z.ZodType>> = {
  string: () => z.string().nullable(),
  number: () => z.number().nullable(),
  integer: () => z.number().int().nullable(),
  boolean: () => z.boolean().nullable(),
  date: () => z.string().nullable().openapi({ format: 'date' }),
  datetime: () => z.string().nullable().openapi({ format: 'date-time' }),
  array: () => z.array(z.unknown()).nullable(),
  object: () => z.looseObject({}).nullable(),
  contact: () => z.string().nullable(),
};

/** The schema of a record of the kind. */
export function recordShape(kind: RecordKind) {
  const described = kind.fields.map(({ name, type, description }) => {
    const shape = shapes[type]();
    return [name, description === '' ? shape : shape.openapi({ description })] as const;
  });
  return z.looseObject({
    id: z.string(),
    workspace_id: z.string(),
    external_id: z.string().openapi({ description: 'What its source calls it.' }),
    source: z.string(),
    ...Object.fromEntries(described),
    created_at: z.string().openapi({ format: 'date-time' }),
    updated_at: z.string().openapi({ format: 'date-time' }),
  });
}

/** All that is known of a record: fields of the kind that it has no value for are null. */
export function showRecord(kind: RecordKind, record: ExternalRecord) {
  const { externalIdField } = kind;
  return {
    ...Object.fromEntries(kind.fields.map(({ name }) => [name, null])),
    ...(externalIdField === null ? {} : { [externalIdField]: record.externalId }),
    ...record.data,
    created_at: fieldOf(record.data, 'created_at') ?? iso(record.createdAt),
    updated_at: fieldOf(record.data, 'updated_at') ?? iso(record.updatedAt),
    id: record.id,
    workspace_id: record.workspaceId,
    external_id: record.externalId,
    source: record.source,
  };
}
