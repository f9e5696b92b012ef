import type { ApiClient, One } from '../api-client.ts';
import { CliError } from '../cli-error.ts';
import { parseValue, valueText } from './exact-values.ts';
import type { PlacedObject } from './folder.ts';
import { type Fields, type Kind, keyOf, type ServerObject } from './objects.ts';
import { markOf, type ServerState } from './read-server.ts';
import { secretVariable } from './to-fields.ts';

// Writes objects of a folder to the server, through the API's ordinary routes.

export interface Sending {
  readonly client: ApiClient;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly server: ServerState;
  /** By name: those of the server, and those made on the way. */
  readonly agentIds: Map<string, string>;
}

const paths = { tool: '/v1/custom-tools', agent: '/v1/agents', test: '/v1/tests' } as const;

/** Creates an object. `without`: fields that have to wait. */
export async function createObject(
  sending: Sending,
  object: PlacedObject,
  fields: Fields,
): Promise<void> {
  const { client, server, agentIds } = sending;
  const body = {
    ...bodyOf(sending, object, { fields, there: null }),
    workspace_id: server.workspaceId,
    ...(object.agent !== null && { agent_id: agentIds.get(object.agent) }),
  };
  const path = paths[object.kind];
  const { body: made } = await naming(object, () =>
    client.send<One<{ id: string }>>({ method: 'POST', path, body: valueText(body) }),
  );
  if (object.kind === 'agent') agentIds.set(object.name, made.data.id);
}

/** Changes fields of an object, unless somebody else has changed it since it was read. */
export async function patchObject(
  sending: Sending,
  object: PlacedObject,
  change: { readonly there: ServerObject; readonly fields: Fields },
): Promise<void> {
  const { there, fields } = change;
  const path = `${paths[object.kind]}/${there.id}`;
  await naming(object, async () => {
    await requireUnchanged(sending.client, path, there);
    const expected = object.kind === 'agent' ? { expected_version: there.shown.agent_version } : {};
    const body = { ...bodyOf(sending, object, { fields, there }), ...expected };
    await sending.client.send({ method: 'PATCH', path, body: valueText(body) });
  });
}

/** Deletes an object of the server's, unless it has changed since it was read. */
export async function deleteObject(client: ApiClient, there: ServerObject): Promise<void> {
  const path = `${paths[there.kind]}/${there.id}`;
  await naming(there, async () => {
    await requireUnchanged(client, path, there);
    await client.send({ method: 'DELETE', path });
  });
}

async function requireUnchanged(
  client: ApiClient,
  path: string,
  there: ServerObject,
): Promise<void> {
  const { text } = await client.send<unknown>({ path });
  const { data } = parseValue(text) as { readonly data: Fields };
  if (markOf(there.kind, data) === there.mark) return;
  throw new CliError('it was changed on the server just now.', { hint: 'Apply again.' });
}

function bodyOf(
  sending: Sending,
  object: PlacedObject,
  of: { readonly fields: Fields; readonly there: ServerObject | null },
): Record<string, unknown> {
  const { skills, guardrails, triggers, parameters, ...body } = of.fields;
  // A new tool without parameters has those that are read from its code.
  const areRead = parameters === undefined || (parameters === null && of.there === null);
  return {
    ...body,
    ...(!areRead && { parameters }),
    ...(skills !== undefined && { skill_ids: skillIds(sending, skills) }),
    ...(guardrails !== undefined && { guardrails: withIds(guardrails, of.there, 'title') }),
    ...(triggers !== undefined && {
      triggers: withIds(triggers, of.there, 'name').map((trigger) =>
        triggerBody(sending, object, { there: of.there, trigger }),
      ),
    }),
  };
}

function skillIds({ server }: Sending, names: unknown): readonly string[] {
  return asList(names).map((name) => {
    const [id] = [...server.names.skills].find((skill) => skill[1] === name) ?? [];
    if (id === undefined) throw new CliError(`There is no skill named "${String(name)}".`);
    return id;
  });
}

/** Items keep the ids that the server knows them by. */
function withIds(items: unknown, there: ServerObject | null, by: 'title' | 'name'): Fields[] {
  const field = by === 'title' ? 'guardrails' : 'triggers';
  const known = [...asList(there?.shown[field])] as Fields[];
  return (asList(items) as Fields[]).map((item) => {
    const at = known.findIndex((other) => other[by] === item[by]);
    const [found] = at < 0 ? [] : known.splice(at, 1);
    return found === undefined ? item : { ...item, id: found.id };
  });
}

function triggerBody(
  { env }: Sending,
  object: PlacedObject,
  { there, trigger }: { readonly there: ServerObject | null; readonly trigger: Fields },
): Fields {
  const config = (trigger.config ?? {}) as Fields;
  const before = (asList(there?.shown.triggers) as Fields[]).find(({ id }) => id === trigger.id);
  const verifiedBefore = ((before?.config ?? {}) as Fields).verify === config.verify;
  const needsSecret =
    trigger.type === 'webhook' &&
    config.verify !== undefined &&
    config.verify !== 'none' &&
    (before === undefined || !verifiedBefore);
  if (!needsSecret) return trigger;
  const variable = secretVariable(object.name, String(trigger.name));
  const secret = env[variable];
  if (secret !== undefined && secret !== '') return { ...trigger, config: { ...config, secret } };
  throw new CliError(`The trigger "${String(trigger.name)}" needs its secret.`, {
    hint: `Secrets are in no file: set ${variable}.`,
  });
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

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
