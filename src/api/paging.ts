import { z } from '@hono/zod-openapi';
import { type CursorContext, decodeCursor, encodeCursor } from '../core/cursor.ts';
import { ApiError } from '../core/errors.ts';
import type { PagePosition, PageRequest } from '../core/page.ts';
import type { ApiDeps } from './deps.ts';

export interface Paging {
  readonly request: PageRequest;
  cursorOf(position: PagePosition): string;
}

/**
 * The page that a list request asks for. `filters` are all that decide which rows are in the list, the
 * workspace included: a cursor given out under others is refused with `validation_error`.
 */
export function pagingOf(
  deps: Pick<ApiDeps, 'cursorKey'>,
  list: {
    readonly name: string;
    readonly filters: Readonly<Record<string, unknown>>;
    readonly limit: number;
    readonly cursor?: string | undefined;
  },
): Paging {
  const context: CursorContext = { key: deps.cursorKey, list: list.name, filters: list.filters };
  const after = list.cursor === undefined ? null : decodeCursor(list.cursor, context);
  if (list.cursor !== undefined && after === null) {
    const problem = 'is not a cursor of this list with these filters; start again without it';
    throw new ApiError('validation_error', `Invalid request: cursor ${problem}.`, {
      details: { cursor: problem },
    });
  }
  return {
    request: { limit: list.limit, after },
    cursorOf: (position) => encodeCursor(position, context),
  };
}

/** A whole number in a query, which is text there. */
export function integerParam(range: {
  readonly min: number;
  readonly max: number;
  readonly default: number;
  readonly description: string;
}) {
  const problem = `must be a whole number from ${range.min} to ${range.max}`;
  return z
    .string()
    .refine((text) => /^\d{1,9}$/.test(text), problem)
    .transform(Number)
    .refine((value) => value >= range.min && value <= range.max, problem)
    .default(range.default)
    .openapi({
      type: 'integer',
      minimum: range.min,
      maximum: range.max,
      default: range.default,
      description: range.description,
    });
}
