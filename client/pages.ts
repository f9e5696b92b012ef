import { answerOf } from './client.ts';

/** A page of a list of `/v1`. */
export interface Page<T> {
  readonly data: readonly T[];
  readonly next_cursor: string | null;
}

type PageCall<T> = (cursor: string | undefined) => Promise<{
  readonly data?: Page<T>;
  readonly error?: unknown;
  readonly response: Response;
}>;

/**
 * The pages of a list, each asked for when it is wanted:
 *
 *     for await (const page of pages((cursor) => v1.GET('/v1/agents', { params: { query: { cursor } } })))
 */
export async function* pages<T>(call: PageCall<T>): AsyncGenerator<readonly T[]> {
  for (let cursor: string | undefined; ; ) {
    const page = await answerOf(call(cursor));
    yield page.data;
    if (page.next_cursor === null) return;
    cursor = page.next_cursor;
  }
}

/** The items of a list, over all its pages. */
export async function* items<T>(call: PageCall<T>): AsyncGenerator<T> {
  for await (const page of pages(call)) yield* page;
}
