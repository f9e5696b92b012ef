import { z } from '@hono/zod-openapi';
import { plainSource, recordMaxima, recordOutcomes } from '../../core/record.ts';
import type { UpsertResult } from '../../records/upsert.ts';
import { jsonObject } from './fields.ts';

// Fields of what sources tell of records.

const text = z.string().min(1).max(recordMaxima.key);

export const externalId = text.openapi({ description: 'What its source calls it.' });

export const sourceName = text;

export const source = text.default(plainSource).openapi({
  description: 'Which system tells it: each calls its records as it likes.',
});

/** A number, or a time, which counts by its milliseconds. */
export const version = z
  .union([
    z.int().min(0),
    z.iso.datetime({ offset: true }).transform((time) => new Date(time).getTime()),
  ])
  .nullable()
  .default(null)
  .openapi({
    description:
      'A number that rises with every change at the source, or the time of the change. What is lower than the known one is late, and changes nothing.',
  });

export const data = jsonObject.openapi({
  type: 'object',
  additionalProperties: true,
  description: 'The whole record; what is not in it has no value.',
});

export const upsertResult = z.object({
  id: z.string().nullable().openapi({ description: 'Null while it is not there.' }),
  external_id: z.string(),
  source: z.string(),
  outcome: z.enum(recordOutcomes),
  version: z.number().nullable().openapi({ description: 'What is known after it.' }),
});

export function showResult({ id, key, outcome, version }: UpsertResult) {
  return { id, external_id: key.externalId, source: key.source, outcome, version };
}
