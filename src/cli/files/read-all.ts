import type { ApiClient, ApiRequest } from '../api-client.ts';
import { parseValue } from './exact-values.ts';
import type { Fields } from './objects.ts';

/** All items of a list, page by page, numbers as the server wrote them. */
export async function readAll(
  client: ApiClient,
  requestAt: (cursor: string | undefined) => ApiRequest,
): Promise<readonly Fields[]> {
  const found: Fields[] = [];
  let cursor: string | undefined;
  do {
    const { text } = await client.send<unknown>(requestAt(cursor));
    const page = parseValue(text) as {
      readonly data: readonly Fields[];
      readonly next_cursor: string | null;
    };
    found.push(...page.data);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}
