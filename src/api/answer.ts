import type { Page } from '../core/page.ts';

/** What a handler gives back; the dialect puts it into its envelope. */
export interface Answer {
  readonly status: number;
  readonly data: unknown;
  /** Set for lists that are read page by page. */
  readonly page?: {
    readonly nextCursor: string | null;
    /** Of the whole list, where the route counts it. */
    readonly totalCount?: number;
  };
  readonly warnings?: readonly string[];
}

export function ok(data: unknown): Answer {
  return { status: 200, data };
}

export function created(data: unknown): Answer {
  return { status: 201, data };
}

export function deleted(id: string): Answer {
  return { status: 200, data: { id, deleted: true } };
}

/** A page of a list, each item shown by `show`. */
export function listed<T>(
  page: Page<T>,
  paging: { readonly cursorOf: (position: NonNullable<Page<T>['next']>) => string },
  show: (item: T) => unknown,
): Answer {
  return {
    status: 200,
    data: page.items.map(show),
    page: { nextCursor: page.next === null ? null : paging.cursorOf(page.next) },
  };
}
