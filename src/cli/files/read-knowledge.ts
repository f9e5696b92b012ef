import type { ApiClient } from '../api-client.ts';
import { nodeName } from './knowledge-folder.ts';
import type { Fields } from './objects.ts';
import { readAll } from './read-all.ts';

const asFiles = new Set(['markdown', 'text', 'web_page', 'directory']);

/**
 * The nodes that files hold: texts, pages and directories. Those with a `source_id` belong to whoever keeps them in
 * step (`kb sync`, an integration), and bytes of other files are no matter of review.
 */
export async function readKnowledge(
  client: ApiClient,
  workspaceId: string,
): Promise<readonly { readonly name: string; readonly shown: Fields }[]> {
  if ((await client.ask('/v1/kb/settings')).status === 404) return [];
  const found = await readAll(client, (cursor) => ({
    method: 'POST',
    path: '/v1/kb/nodes/search',
    query: { workspace_id: workspaceId },
    body: JSON.stringify({ pagination: { page_size: 100, cursor }, include_body: true }),
  }));
  const nodes = new Map(found.filter(isOfFiles).map((node) => [String(node.id), node]));
  return [...nodes.values()].flatMap((shown) => {
    const above = (shown.ancestors as readonly string[]).map((id) => nodes.get(id));
    if (above.some((node) => node === undefined)) return [];
    const titles = [...above, shown].map((node) => String(node?.title));
    return [{ name: titles.reduce<string | null>(nodeName, null) ?? '', shown }];
  });
}

function isOfFiles({ source_id: sourceId, source_type: type, body }: Fields): boolean {
  if (sourceId !== null || !asFiles.has(String(type))) return false;
  // A file that was not read yet.
  return body !== null || type === 'web_page' || type === 'directory';
}
