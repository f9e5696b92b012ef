import type { One } from '../api-client.ts';
import type { Fields, ServerObject } from './objects.ts';
import type { Sending } from './sending.ts';
import { isFileField, skillFilesOf } from './skill-folders.ts';

/** Gives the id of the skill that it makes. */
export async function createSkill({ client, server }: Sending, fields: Fields): Promise<string> {
  const made = await client.send<One<{ id: string }>>({
    method: 'POST',
    path: '/v1/skills/import',
    query: { workspace_id: server.workspaceId },
    body: JSON.stringify({ ...extrasOf(fields), files: skillFilesOf(fields) }),
  });
  return made.body.data.id;
}

/** `fields`: those that change; a file whose field is undefined goes. */
export async function patchSkill(
  { client }: Sending,
  there: ServerObject,
  fields: Fields,
): Promise<void> {
  const path = `/v1/skills/${there.id}`;
  const extras = extrasOf(fields);
  if (Object.keys(fields).some(isFileField)) {
    const files = skillFilesOf({ ...there.fields, ...fields });
    const body = JSON.stringify({ files, base_hash: there.shown.hash });
    await client.send({ method: 'PUT', path: `${path}/files`, body });
  }
  if (Object.keys(extras).length > 0) {
    await client.send({ method: 'PATCH', path, body: JSON.stringify(extras) });
  }
}

function extrasOf(fields: Fields): Fields {
  const given = Object.entries(fields).filter(([name, value]) => {
    // No name is the usual; null is not taken for one at an import.
    return !isFileField(name) && value !== undefined;
  });
  return Object.fromEntries(given);
}
