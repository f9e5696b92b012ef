import { z } from 'zod';
import { type RecordKind, recordFieldTypes, recordMaxima } from '../core/record.ts';
import { type Problems, refuse } from '../core/validate.ts';

// How a workspace describes a kind of its own.

const name = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, 'must be 1 to 64 of a-z, 0-9 and _, a letter first');
const value = z.string().min(1).max(recordMaxima.key);

export const kindName = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be kebab-case, such as purchase-orders')
  .max(64);

export const fieldInput = {
  type: z.enum(recordFieldTypes),
  description: z.string().max(1_000).default(''),
  required: z.boolean().default(false),
  options: z.array(value).min(1).max(200).nullable().default(null),
} as const;

export const attributeName = name;

export const kindInput = {
  description: z.string().max(1_000).default(''),
  fields: z
    .array(z.strictObject({ name, ...fieldInput }))
    .min(1)
    .max(recordMaxima.fields),
  filters: z
    .array(
      z.strictObject({
        field: name,
        groups: z.record(value, z.array(value).min(1).max(20)).default({}),
      }),
    )
    .max(recordMaxima.filters)
    .default([]),
  order_by: name.nullable().default(null),
  states: z
    .strictObject({
      field: name,
      actions: z.record(name, z.strictObject({ from: z.array(value).min(1).max(50), to: value })),
    })
    .nullable()
    .default(null),
} as const;

export type KindInput = z.output<z.ZodObject<typeof kindInput>>;

const filterable = ['string', 'number', 'integer', 'boolean', 'date', 'contact'];

/** The kind that the input describes. Throws `validation_error` where its parts do not fit together. */
export function toKind(kindName: string, input: KindInput): RecordKind {
  const problems: Problems = new Map();
  const types = new Map(input.fields.map((field) => [field.name, field.type]));
  for (const [index, { name, type, options }] of input.fields.entries()) {
    const at = `fields[${index}]`;
    if (input.fields.findIndex((field) => field.name === name) !== index) {
      problems.set(`${at}.name`, 'is described twice');
    }
    if (options !== null && type !== 'string') {
      problems.set(`${at}.options`, 'are for fields of the type string');
    }
    if (ownNames.includes(name))
      problems.set(`${at}.name`, `is a name of ours: ${ownNames.join(', ')}`);
  }
  if (input.fields.filter(({ type }) => type === 'contact').length > 1) {
    problems.set('fields', 'may have one of the type contact');
  }
  for (const [index, { field }] of input.filters.entries()) {
    const type = types.get(field);
    if (type === undefined || !filterable.includes(type)) {
      problems.set(
        `filters[${index}].field`,
        `must be a field of the type ${filterable.join(', ')}`,
      );
    } else if (input.filters.findIndex((filter) => filter.field === field) !== index) {
      problems.set(`filters[${index}].field`, 'is filtered by already');
    }
  }
  const { order_by: orderBy, states } = input;
  if (orderBy !== null && !['date', 'datetime'].includes(types.get(orderBy) ?? '')) {
    problems.set('order_by', 'must be a field of the type date or datetime');
  }
  if (states !== null && types.get(states.field) !== 'string') {
    problems.set('states.field', 'must be a field of the type string');
  }
  refuse(problems);
  return {
    name: kindName,
    description: input.description,
    fields: input.fields,
    filters: input.filters,
    orderBy,
    states,
    externalIdField: null,
    isClosed: false,
  };
}

/** What every record has, whatever its kind. */
const ownNames = ['id', 'workspace_id', 'external_id', 'source', 'version', 'kind'];
