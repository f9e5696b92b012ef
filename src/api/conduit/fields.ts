import { z } from '@hono/zod-openapi';
import { integerParam } from '../paging.ts';

// Fields and rules that many routes share.

/** The workspace may be named; else the object decides. */
export const ofObject = { from: 'query', need: 'optional' } as const;

/** Any JSON value, null included, that has to be there. */
export const anyJson = z.unknown().refine((value) => value !== undefined, 'is required');

/** A JSON object, taken as it is: a record would drop a member named `__proto__` in silence. */
export const jsonObject = z
  .custom<Record<string, unknown>>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    'must be an object',
  )
  .openapi({ type: 'object', additionalProperties: true });

export const listQuery = {
  limit: integerParam({ min: 1, max: 100, default: 20, description: 'Items of a page.' }),
  cursor: z
    .string()
    .optional()
    .openapi({ description: '`next_cursor` of the page before, with the same filters.' }),
};

/** A moment in a query or body: ISO 8601 with a time zone. */
export const moment = z.iso
  .datetime({ offset: true, error: 'must be a time such as 2026-04-03T03:14:15Z' })
  .transform((text) => new Date(text));

export const workspaceIdField = z.string().openapi({
  description: 'Id of the workspace.',
  example: 'ws77c0dy0mgdpzmqz6tesry8w184002s',
});

export const deletion = z.object({ id: z.string(), deleted: z.boolean() });

/** A path parameter that names an object of ours. */
export function idParam(what: string, example: string) {
  return z.string().openapi({ description: `${what} id.`, example });
}
