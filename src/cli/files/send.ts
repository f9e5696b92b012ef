import type { One } from '../api-client.ts';
import { CliError } from '../cli-error.ts';
import { parseValue, valueText } from './exact-values.ts';
import { type Fields, type Kind, keyOf, type PlacedObject, type ServerObject } from './objects.ts';
import { markOf, paths } from './read-server.ts';
import { bodyOf } from './request-bodies.ts';
import { createNode, requireChangeable, requireEmpty } from './send-knowledge.ts';
import { createSkill, patchSkill } from './send-skill.ts';
import type { Sending } from './sending.ts';

// Writes objects of a folder to the server, through the API's ordinary routes.

/** Creates an object of these fields, which may be fewer than its own. */
export async function createObject(
  sending: Sending,
  object: PlacedObject,
  fields: Fields,
): Promise<void> {
  const id = await naming(object, async () => {
    if (object.kind === 'skill') return await createSkill(sending, fields);
    if (object.kind === 'knowledge') return await createNode(sending, object, fields);
    const { client, server, ids } = sending;
    const agent = object.agent === null ? null : { kind: 'agent', name: object.agent, agent: null };
    const body = {
      ...(await bodyOf(sending, object, { fields, there: null })),
      workspace_id: server.workspaceId,
      ...(agent !== null && { agent_id: ids.get(keyOf(agent as PlacedObject)) }),
    };
    const path = paths[object.kind];
    const made = await client.send<One<{ id: string }>>({
      ...{ method: 'POST', path, body: valueText(body) },
    });
    return made.body.data.id;
  });
  sending.ids.set(keyOf(object), id);
}

/** Changes fields of an object, unless somebody else has changed it since it was read. */
export async function patchObject(
  sending: Sending,
  object: PlacedObject,
  change: { readonly there: ServerObject; readonly fields: Fields },
): Promise<void> {
  const { there, fields } = change;
  await naming(object, async () => {
    await requireUnchanged(sending, there);
    if (object.kind === 'skill') return await patchSkill(sending, there, fields);
    if (object.kind === 'knowledge') requireChangeable(fields);
    const expected = object.kind === 'agent' ? { expected_version: there.shown.agent_version } : {};
    const body = { ...(await bodyOf(sending, object, { fields, there })), ...expected };
    await sending.client.send({
      ...{ method: 'PATCH', ...placeOf(sending, there), body: valueText(body) },
    });
  });
}

/** Deletes an object of the server's, unless it has changed since it was read. */
export async function deleteObject(sending: Sending, there: ServerObject): Promise<void> {
  await naming(there, async () => {
    await requireUnchanged(sending, there);
    if (there.kind === 'knowledge') await requireEmpty(sending, there);
    await sending.client.send({ method: 'DELETE', ...placeOf(sending, there) });
  });
}

async function requireUnchanged(sending: Sending, there: ServerObject): Promise<void> {
  const { text } = await sending.client.send<unknown>(placeOf(sending, there));
  const { data } = parseValue(text) as { readonly data: Fields };
  if (markOf(there.kind, data) === there.mark) return;
  throw new CliError('it was changed on the server just now.', { hint: 'Apply again.' });
}

function placeOf({ server }: Sending, { kind, id }: ServerObject) {
  const path = `${paths[kind]}/${id}`;
  return kind === 'knowledge' ? { path, query: { workspace_id: server.workspaceId } } : { path };
}

/** Errors of the server do not know which file they are about. */
async function naming<T>(
  object: Parameters<typeof keyOf>[0] & { readonly kind: Kind },
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const { hint, exitCode } = error;
    throw new CliError(`${keyOf(object)}: ${error.message}`, { hint, exitCode, cause: error });
  }
}
