import { z } from '@hono/zod-openapi';
import { integerParam } from '../paging.ts';

// Fields and rules that many routes share.

/** The workspace may be named; else the object decides. */
export const ofObject = { from: 'header', need: 'optional' } as const;

/** What every list takes. */
export const pageQuery = {
  page_size: integerParam({ min: 1, max: 200, default: 50, description: 'Rows of a page.' }),
  cursor: z
    .string()
    .optional()
    .openapi({ description: '`meta.pagination.next_cursor` of the page before, same filters.' }),
};

export const deletion = z.object({ id: z.string(), deleted: z.literal(true) });

/** `agent_id` in a path. */
export const agentParams = z.object({
  agent_id: z.string().openapi({ description: 'Number of the agent, or its `ag…` id.' }),
});

/** `agent_id` in a query: documented as an integer, and taken as our own id, too. */
export const agentFilter = z
  .union([z.string().openapi({ type: 'integer' }), z.string()])
  .optional()
  .openapi({ description: 'Number of the agent, or its `ag…` id.' });

/** One or more of a closed set, between commas. */
export function commaSeparated<const Values extends readonly string[]>(values: Values) {
  const isKnown = (text: string): text is Values[number] => values.includes(text);
  return z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .refine(
      (parts) => parts.every(isKnown),
      `must be one or more of ${values.join(', ')}, between commas`,
    )
    .transform((parts) => parts.filter(isKnown))
    .openapi({ type: 'string', description: `Between commas: ${values.join(', ')}.` });
}

const isTime = (text: string): boolean =>
  z.iso.datetime({ offset: true }).safeParse(text).success || z.iso.date().safeParse(text).success;

/** A moment: ISO 8601 with a time zone, or a date, which is its beginning in UTC. */
export function moment(description: string) {
  return (
    z
      .string()
      // A `+` that was not escaped arrives as a space.
      .transform((text) => text.trim().replace(' ', '+'))
      .refine(isTime, 'must be an ISO 8601 time such as 2026-04-03T03:14:15Z')
      .transform((text) => new Date(text))
      .openapi({ format: 'date-time', description })
  );
}

/** `true` or `false` in a query, which is text there. */
export function booleanParam(options: { readonly default: boolean; readonly description: string }) {
  return z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .default(options.default)
    .openapi({ type: 'boolean', default: options.default, description: options.description });
}

/** A closed set as Neo's pages write it. */
export const upperCased = <const T extends readonly string[]>(values: T) =>
  values.map((value) => value.toUpperCase()) as Uppercase<T[number]>[];
