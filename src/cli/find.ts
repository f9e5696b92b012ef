import type { ApiClient, ApiRequest, Many, One } from './api-client.ts';
import type { RunSummaryView, WorkspaceView } from './api-types.ts';
import { CliError } from './cli-error.ts';

// People name agents, tools and servers; the API wants ids.

interface Findable {
  readonly idForm: RegExp;
  readonly path: string;
  readonly one: string;
  /** The command that lists them. */
  readonly list: string;
}

const findable = {
  agent: {
    idForm: /^(ag[0-9a-z]{30}|\d+)$/,
    path: '/v1/agents',
    one: 'agent',
    list: 'signalbox agents list',
  },
  tool: {
    idForm: /^kg[0-9a-z]{30}$/,
    path: '/v1/custom-tools',
    one: 'tool',
    list: 'signalbox tools list',
  },
  mcpServer: {
    idForm: /^mc[0-9a-z]{30}$/,
    path: '/v1/mcp-servers',
    one: 'MCP server',
    list: 'signalbox mcp list',
  },
  skill: {
    idForm: /^ks[0-9a-z]{30}$/,
    path: '/v1/skills',
    one: 'skill',
    list: 'signalbox skills list',
  },
} as const satisfies Record<string, Findable>;

/** The id of the agent with this id, number or name. */
export async function findAgentId(client: ApiClient, given: string): Promise<string> {
  return await findId(client, findable.agent, given);
}

/** As `findAgentId`, for an option that may be left out. */
export async function findAgentIdIfGiven(
  client: ApiClient,
  given: string | undefined,
): Promise<string | undefined> {
  return given === undefined ? undefined : await findAgentId(client, given);
}

/** The id of the tool with this id or name. */
export async function findToolId(client: ApiClient, given: string): Promise<string> {
  return await findId(client, findable.tool, given);
}

/** The id of the MCP server with this id or name. */
export async function findMcpServerId(client: ApiClient, given: string): Promise<string> {
  return await findId(client, findable.mcpServer, given);
}

/** The id of the skill with this id or name. */
export async function findSkillId(client: ApiClient, given: string): Promise<string> {
  return await findId(client, findable.skill, given);
}

/** The workspace that the command names, else the one that the token reaches, for what has to be made in one. */
export async function onlyWorkspaceId(client: ApiClient): Promise<string> {
  if (client.workspace !== null) return client.workspace;
  const { body } = await client.send<One<{ readonly workspaces: readonly WorkspaceView[] }>>({
    path: '/v1',
  });
  const [first, ...others] = body.data.workspaces;
  if (first === undefined) throw new CliError('The token reaches no workspace.');
  if (others.length === 0) return first.id;
  const all = [first, ...others].map(({ id, name }) => `${id} (${name})`).join(', ');
  throw new CliError('The token reaches several workspaces.', {
    hint: `Name one with --workspace: ${all}`,
  });
}

/** The agent that a run belongs to: as given, or asked for by the run's id, which is unique by itself. */
export async function findAgentOfRun(
  client: ApiClient,
  run: string,
  agent: string | undefined,
): Promise<string> {
  if (agent !== undefined) return await findAgentId(client, agent);
  const { body } = await client.send<One<RunSummaryView>>({
    path: `/v1/runs/${encodeURIComponent(run)}`,
  });
  return body.data.agent_id;
}

/** The path of a run, which is below its agent. */
export function runPath(agentId: string, run: Pick<RunSummaryView, 'id'> | string): string {
  const id = typeof run === 'string' ? run : run.id;
  return `/v1/agents/${encodeURIComponent(agentId)}/runs/${encodeURIComponent(id)}`;
}

/** All items of a list, page by page. */
export async function allOf<T>(
  client: ApiClient,
  path: string,
  query: ApiRequest['query'] = {},
): Promise<T[]> {
  const found: T[] = [];
  let cursor: string | undefined;
  do {
    const { body } = await client.send<Many<T>>({ path, query: { ...query, limit: 100, cursor } });
    found.push(...body.data);
    cursor = body.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}

interface Named {
  readonly id: string;
  readonly name: string;
}

async function findId(client: ApiClient, kind: Findable, given: string): Promise<string> {
  if (kind.idForm.test(given)) return given;
  return onlyNamed(await allOf<Named>(client, kind.path), given, kind).id;
}

function onlyNamed(
  items: readonly Named[],
  name: string,
  words: Pick<Findable, 'one' | 'list'>,
): Named {
  const exact = items.filter((item) => item.name === name);
  const found =
    exact.length > 0
      ? exact
      : items.filter((item) => item.name.toLowerCase() === name.toLowerCase());
  const [first, ...others] = found;
  if (first === undefined) {
    throw new CliError(`There is no ${words.one} named "${name}".`, {
      hint: `See \`${words.list}\`.`,
    });
  }
  if (others.length > 0) {
    throw new CliError(`${found.length} ${words.one}s are named "${name}".`, {
      hint: `Give the id of one: ${found.map((item) => item.id).join(', ')}`,
    });
  }
  return first;
}
