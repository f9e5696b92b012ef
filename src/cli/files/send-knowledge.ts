import type { Many, One } from '../api-client.ts';
import { CliError } from '../cli-error.ts';
import { valueText } from './exact-values.ts';
import { nameAbove } from './knowledge-folder.ts';
import { type Fields, keyOf, type PlacedObject, type ServerObject } from './objects.ts';
import type { Sending } from './sending.ts';

/** Gives the id of the node that it makes. */
export async function createNode(
  { client, server, ids }: Sending,
  object: PlacedObject,
  fields: Fields,
): Promise<string> {
  const above = nameAbove(object.name, fields.title);
  const parent_id = above === null ? null : ids.get(keyOf({ ...object, name: above, agent: null }));
  if (parent_id === undefined) throw new CliError(`There is no directory "${above}".`);
  const query = { workspace_id: server.workspaceId };
  const send = async (path: string, method: 'POST' | 'PATCH', body: Fields) => {
    const text = valueText(body);
    const answer = await client.send<One<{ id: string }>>({ method, path, query, body: text });
    return answer.body.data.id;
  };
  if (typeof fields.url !== 'string')
    return await send('/v1/kb/nodes', 'POST', { ...fields, parent_id });
  const { url, title, source: _, ...others } = fields;
  const id = await send('/v1/kb/pages', 'POST', { url, title, parent_id });
  if (Object.keys(others).length > 0) await send(`/v1/kb/nodes/${id}`, 'PATCH', others);
  return id;
}

/** Throws `CliError` when the node has others below it, which nobody has looked at. */
export async function requireEmpty(
  { client, server }: Sending,
  there: ServerObject,
): Promise<void> {
  if (there.shown.is_directory !== true) return;
  const { body } = await client.send<Many<unknown>>({
    method: 'POST',
    path: '/v1/kb/nodes/search',
    query: { workspace_id: server.workspaceId },
    body: JSON.stringify({ filters: { ancestor_id: there.id }, pagination: { page_size: 1 } }),
  });
  if (body.data.length === 0) return;
  throw new CliError('it holds nodes that are in no file, such as those of `kb sync`.', {
    hint: 'Delete them first, or keep the directory.',
  });
}

/** Throws `CliError` for what a node is from its beginning. */
export function requireChangeable(fields: Fields): void {
  const fixed = ['is_directory', 'url', 'source', 'source_type'].filter((field) => field in fields);
  if (fixed.length === 0) return;
  throw new CliError(`${fixed.join(' and ')} of a node cannot change.`, {
    hint: 'Give it another title, or delete the node first.',
  });
}
