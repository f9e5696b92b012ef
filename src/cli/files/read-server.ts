import type { ApiClient } from '../api-client.ts';
import { CliError } from '../cli-error.ts';
import { parseValue } from './exact-values.ts';
import { type Fields, type Kind, keyOf, type ServerObject } from './objects.ts';
import { agentFields, type Names, testFields, toolFields } from './to-fields.ts';

/** What a workspace holds of what files can hold. */
export interface ServerState {
  readonly workspaceId: string;
  readonly objects: ReadonlyMap<string, ServerObject>;
  readonly names: Names;
}

/** Reads a workspace. Throws `CliError` where two objects share the name that files know them by. */
export async function readServer(client: ApiClient, workspaceId: string): Promise<ServerState> {
  const list = (path: string) => listShown(client, path, workspaceId);
  const [tools, agents, tests, skills] = [
    await list('/v1/custom-tools'),
    await list('/v1/agents'),
    await list('/v1/tests'),
    // A server of before there were skills has none.
    (await client.ask('/v1/skills?limit=1')).status === 404 ? [] : await list('/v1/skills'),
  ];
  const names: Names = { agents: namesOf(agents), skills: namesOf(skills) };
  const objects = new Map<string, ServerObject>();
  const add = (shown: Fields, of: Pick<ServerObject, 'kind' | 'agent' | 'fields' | 'mark'>) => {
    const object: ServerObject = { ...of, shown, id: text(shown.id), name: text(shown.name) };
    const key = keyOf(object);
    const other = objects.get(key);
    if (other !== undefined) {
      throw new CliError(`The workspace has two of ${key}: ${other.id} and ${object.id}.`, {
        hint: 'Files know them by their names: rename one.',
      });
    }
    objects.set(key, object);
  };
  for (const shown of tools) {
    add(shown, {
      kind: 'tool',
      agent: null,
      fields: toolFields(shown),
      mark: markOf('tool', shown),
    });
  }
  for (const shown of agents) {
    const fields = agentFields(shown, names);
    add(shown, { kind: 'agent', agent: null, fields, mark: markOf('agent', shown) });
  }
  for (const shown of tests) {
    const agent = names.agents.get(text(shown.agent_id));
    // Of an agent that was deleted.
    if (agent === undefined) continue;
    add(shown, { kind: 'test', agent, fields: testFields(shown), mark: markOf('test', shown) });
  }
  return { workspaceId, objects, names };
}

export function markOf(kind: Kind, shown: Fields): string {
  return kind === 'agent' ? `${shown.agent_version} ${shown.enabled}` : text(shown.updated_at);
}

async function listShown(
  client: ApiClient,
  path: string,
  workspaceId: string,
): Promise<readonly Fields[]> {
  const found: Fields[] = [];
  let cursor: string | undefined;
  do {
    const query = { workspace_id: workspaceId, limit: 100, cursor };
    const { text: answer } = await client.send<unknown>({ path, query });
    const page = parseValue(answer) as {
      readonly data: readonly Fields[];
      readonly next_cursor: string | null;
    };
    found.push(...page.data);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}

function namesOf(shown: readonly Fields[]): ReadonlyMap<string, string> {
  return new Map(shown.map(({ id, name }) => [text(id), text(name)]));
}

function text(value: unknown): string {
  return String(value);
}
