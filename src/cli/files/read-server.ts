import type { ApiClient } from '../api-client.ts';
import { CliError } from '../cli-error.ts';
import { type Fields, hashOf, type Kind, keyOf, type ServerObject } from './objects.ts';
import { readAll } from './read-all.ts';
import { readKnowledge } from './read-knowledge.ts';
import { readNames } from './read-names.ts';
import { skillFields } from './skill-folders.ts';
import {
  agentFields,
  channelFields,
  knowledgeFields,
  type Names,
  plainFields,
  skillExtras,
  testFields,
  toolFields,
} from './to-fields.ts';

/** What a workspace holds of what files can hold. */
export interface ServerState {
  readonly workspaceId: string;
  readonly objects: ReadonlyMap<string, ServerObject>;
  readonly names: Names;
}

/** Where the API lists the objects of a kind, and has each below its id. */
export const paths = {
  model: '/v1/models',
  channel: '/v1/channels',
  tool: '/v1/custom-tools',
  skill: '/v1/skills',
  knowledge: '/v1/kb/nodes',
  agent: '/v1/agents',
  test: '/v1/tests',
} as const satisfies Record<Kind, string>;

/** Reads a workspace. Throws `CliError` where two objects share the name that files know them by. */
export async function readServer(
  client: ApiClient,
  workspaceId: string,
  only: ReadonlySet<Kind>,
): Promise<ServerState> {
  const list = (path: string) =>
    readAll(client, (cursor) => ({
      path,
      query: { workspace_id: workspaceId, limit: 100, cursor },
    }));
  // What a server of before does not have, it has none of.
  const listIfKnown = async (kind: Kind) =>
    (await client.ask(`${paths[kind]}?limit=1`)).status === 404 ? [] : await list(paths[kind]);
  const [agents, skills] = [await list(paths.agent), await listIfKnown('skill')];
  const names = await readNames({ client, workspaceId, agents, skills });
  const objects = new Map<string, ServerObject>();
  const add = (kind: Kind, shown: Fields, of: Partial<ServerObject>) => {
    if (!only.has(kind)) return;
    const named = { kind, agent: null, name: text(shown.name), id: text(shown.id), shown, ...of };
    const fields = of.fields ?? fieldsOf(kind, shown, names);
    const object: ServerObject = { ...named, fields, mark: markOf(kind, shown) };
    const key = keyOf(object);
    const other = objects.get(key);
    if (other !== undefined) {
      throw new CliError(`The workspace has two of ${key}: ${other.id} and ${object.id}.`, {
        hint: `Files know them by their names: rename one, or leave them out with --without ${kind}.`,
      });
    }
    objects.set(key, object);
  };
  for (const kind of ['model', 'channel'] as const) {
    if (only.has(kind)) for (const shown of await listIfKnown(kind)) add(kind, shown, {});
  }
  if (only.has('tool')) for (const shown of await list(paths.tool)) add('tool', shown, {});
  for (const shown of only.has('skill') ? skills : []) {
    const files = await client.send<{ readonly data: Parameters<typeof skillFields>[0] }>({
      path: `${paths.skill}/${text(shown.id)}/files`,
    });
    const fields = { ...skillExtras(shown), ...skillFields(files.body.data) };
    add('skill', shown, { fields });
  }
  for (const { name, shown } of only.has('knowledge')
    ? await readKnowledge(client, workspaceId)
    : []) {
    add('knowledge', shown, { name });
  }
  for (const shown of agents) add('agent', shown, {});
  for (const shown of only.has('test') ? await list(paths.test) : []) {
    const agent = names.agents.get(text(shown.agent_id));
    // None: of an agent that was deleted.
    if (agent !== undefined) add('test', shown, { agent });
  }
  return { workspaceId, objects, names };
}

/** What changes with every change of it: an agent's version, a skill's files; else what it says. */
export function markOf(kind: Kind, shown: Fields): string {
  if (kind === 'agent') return `${text(shown.agent_version)} ${text(shown.enabled)}`;
  // Indexing changes the row, and nothing that is in a file.
  if (kind === 'knowledge') return hashOf({ ...knowledgeFields(shown), place: shown.parent_id });
  return `${text(shown.hash)} ${text(shown.updated_at)}`;
}

function fieldsOf(kind: Kind, shown: Fields, names: Names): Fields {
  switch (kind) {
    case 'agent':
      return agentFields(shown, names);
    case 'channel':
      return channelFields(shown, names);
    case 'tool':
      return toolFields(shown);
    case 'test':
      return testFields(shown);
    case 'knowledge':
      return knowledgeFields(shown);
    default:
      return plainFields(shown);
  }
}

function text(value: unknown): string {
  return String(value);
}
