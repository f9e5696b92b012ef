import type { One } from '../api-client.ts';
import { CliError } from '../cli-error.ts';
import { asList } from './as-list.ts';
import type { Fields, PlacedObject, ServerObject } from './objects.ts';
import { readApprovers } from './read-names.ts';
import type { Sending } from './sending.ts';
import { agentToolFields, channelSecrets, secretVariable, withActionTools } from './to-fields.ts';

// What the API takes, of the fields of files: ids in place of names, and secrets from the environment.

export async function bodyOf(
  sending: Sending,
  object: PlacedObject,
  of: { readonly fields: Fields; readonly there: ServerObject | null },
): Promise<Record<string, unknown>> {
  if (object.kind === 'agent') return await agentBody(sending, object, of);
  if (object.kind === 'channel') return await channelBody(sending, object, of);
  const { parameters, ...body } = of.fields;
  // A new tool without parameters has those that are read from its code.
  const areRead = parameters === undefined || (parameters === null && of.there === null);
  return { ...body, ...(!areRead && { parameters }) };
}

async function agentBody(
  sending: Sending,
  object: PlacedObject,
  of: { readonly fields: Fields; readonly there: ServerObject | null },
): Promise<Record<string, unknown>> {
  const { skills, guardrails, triggers, approvals, actions, ...body } = of.fields;
  const tools = agentToolFields.flatMap((field) =>
    body[field] === undefined ? [] : [[field, toolIds(sending, body[field])] as const],
  );
  return {
    ...body,
    ...Object.fromEntries(tools),
    ...(actions !== undefined && {
      actions: withActionTools(actions, (tool) => toolId(sending, tool)),
    }),
    ...(approvals !== undefined && { approvals: await approvalsBody(sending, approvals) }),
    ...(skills !== undefined && { skill_ids: skillIds(sending, skills) }),
    ...(guardrails !== undefined && { guardrails: withIds(guardrails, of.there, 'title') }),
    ...(triggers !== undefined && {
      triggers: await Promise.all(
        withIds(triggers, of.there, 'name').map((trigger) =>
          triggerBody(sending, object, { there: of.there, trigger }),
        ),
      ),
    }),
  };
}

async function approvalsBody(sending: Sending, approvals: unknown): Promise<unknown> {
  if (typeof approvals !== 'object' || approvals === null) return approvals;
  const { tools, approvers, ...others } = approvals as Fields;
  const named = asList(approvers).some((name) => /^(member|token):/.test(String(name)));
  const { client, server } = sending;
  const known = named ? await readApprovers(client, server.workspaceId) : new Map();
  const ids = asList(approvers).map((name) => {
    const [id] = [...known].find(([, other]) => other === name) ?? [];
    return id ?? name;
  });
  return {
    ...others,
    ...(tools !== undefined && { tools: toolIds(sending, tools) }),
    ...(approvers !== undefined && { approvers: ids }),
  };
}

async function channelBody(
  sending: Sending,
  object: PlacedObject,
  { fields, there }: { readonly fields: Fields; readonly there: ServerObject | null },
): Promise<Record<string, unknown>> {
  const { inbox_type: inboxType, type, ...body } = fields;
  if (there !== null && type !== undefined && type !== there.shown.type) {
    throw new CliError('its type stays what it is.', { hint: 'Give it another name.' });
  }
  const secrets = there === null ? channelSecrets(sending.env, object.name) : {};
  return {
    ...body,
    ...(there === null && { type }),
    ...(Object.keys(secrets).length > 0 && { secrets }),
    ...(inboxType !== undefined && { inbox_type_id: await inboxTypeId(sending, inboxType) }),
  };
}

function toolIds(sending: Sending, tools: unknown): unknown {
  if (!Array.isArray(tools)) return tools;
  return tools.map((tool: unknown) => (typeof tool === 'string' ? toolId(sending, tool) : tool));
}

function toolId({ ids }: Sending, tool: string): string {
  const id = ids.get(tool.replace(/^agent:/, 'agent '));
  return tool.startsWith('agent:') && id !== undefined ? `agent:${id}` : tool;
}

function skillIds({ server, ids }: Sending, names: unknown): readonly string[] {
  return asList(names).map((name) => {
    const [there] = [...server.names.skills].find((skill) => skill[1] === name) ?? [];
    const id = ids.get(`skill ${String(name)}`) ?? there;
    if (id === undefined) throw new CliError(`There is no skill named "${String(name)}".`);
    return id;
  });
}

/** The id of the inbox type of that name, which is made where there is none. */
async function inboxTypeId(sending: Sending, name: unknown): Promise<string> {
  const { client, server, ids } = sending;
  const [there] = [...server.names.inboxTypes].find((type) => type[1] === name) ?? [];
  const known = ids.get(`inbox_type ${String(name)}`) ?? there;
  if (known !== undefined) return known;
  const made = await client.send<One<{ id: string }>>({
    method: 'POST',
    path: '/v1/inbox-types',
    body: JSON.stringify({ workspace_id: server.workspaceId, name }),
  });
  ids.set(`inbox_type ${String(name)}`, made.body.data.id);
  return made.body.data.id;
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

async function triggerBody(
  sending: Sending,
  object: PlacedObject,
  { there, trigger }: { readonly there: ServerObject | null; readonly trigger: Fields },
): Promise<Fields> {
  const { inboxType, ...given } = (trigger.config ?? {}) as Fields;
  const config: Fields = {
    ...given,
    ...(inboxType !== undefined && { inboxTypeId: await inboxTypeId(sending, inboxType) }),
  };
  const before = (asList(there?.shown.triggers) as Fields[]).find(({ id }) => id === trigger.id);
  const verifiedBefore = ((before?.config ?? {}) as Fields).verify === config.verify;
  const needsSecret =
    trigger.type === 'webhook' &&
    config.verify !== undefined &&
    config.verify !== 'none' &&
    (before === undefined || !verifiedBefore);
  if (!needsSecret) return { ...trigger, config };
  const variable = secretVariable(object.name, String(trigger.name));
  const secret = sending.env[variable];
  if (secret !== undefined && secret !== '') return { ...trigger, config: { ...config, secret } };
  throw new CliError(`The trigger "${String(trigger.name)}" needs its secret.`, {
    hint: `Secrets are in no file: set ${variable}.`,
  });
}
