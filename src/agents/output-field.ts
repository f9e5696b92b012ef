import { z } from 'zod';
import { outputTypes } from '../core/output-field.ts';

/** A field that a model is to fill, as it is written. */
export const outputField = z
  .object({
    name: z
      .string()
      .regex(
        /^[\p{L}_][\p{L}\p{N}_ .-]{0,127}$/u,
        'must be 1 to 128 letters, digits, “_”, “-”, “.” or blanks',
      )
      .refine((name) => name !== '__proto__', 'must be another name'),
    description: z.string().max(2_000).default(''),
    type: z.enum(outputTypes).optional(),
    enum: z.array(z.string().max(500)).min(1).max(200).optional(),
    is_required: z.boolean().default(false),
  })
  .refine((field) => field.type !== undefined || field.enum !== undefined, {
    path: ['type'],
    error: `must be one of ${outputTypes.join(', ')}, unless "enum" is given`,
  })
  .refine((field) => field.enum === undefined || (field.type ?? 'string') === 'string', {
    path: ['enum'],
    error: 'goes only with the type string',
  })
  .transform(({ enum: choices, type, ...field }) => ({
    ...field,
    type: type ?? ('string' as const),
    ...(choices === undefined ? {} : { enum: [...new Set(choices)] }),
  }));
