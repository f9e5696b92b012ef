import type { ApiClient, ApiRequest, Many, One } from './api-client.ts';
import type {
  AgentView,
  McpServerView,
  RunSummaryView,
  ToolView,
  WorkspaceView,
} from './api-types.ts';
import { CliError } from './cli-error.ts';

// People name agents, tools and servers; the API wants ids.

const idForm = {
  agent: /^(ag[0-9a-z]{30}|\d+)$/,
  tool: /^kg[0-9a-z]{30}$/,
  mcpServer: /^mc[0-9a-z]{30}$/,
  skill: /^ks[0-9a-z]{30}$/,
} as const;

/** The id of the agent with this id, number or name. */
export async function findAgentId(client: ApiClient, given: string): Promise<string> {
  if (idForm.agent.test(given)) return given;
  const agents = await allOf<AgentView>(client, '/v1/agents');
  return onlyNamed(agents, given, { one: 'agent', list: 'signalbox agents list' }).id;
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
  if (idForm.tool.test(given)) return given;
  const tools = await allOf<ToolView>(client, '/v1/custom-tools');
  return onlyNamed(tools, given, { one: 'tool', list: 'signalbox tools list' }).id;
}

/** The id of the MCP server with this id or name. */
export async function findMcpServerId(client: ApiClient, given: string): Promise<string> {
  if (idForm.mcpServer.test(given)) return given;
  const servers = await allOf<McpServerView>(client, '/v1/mcp-servers');
  return onlyNamed(servers, given, { one: 'MCP server', list: 'signalbox mcp list' }).id;
}

/** The id of the skill with this id or name. */
export async function findSkillId(client: ApiClient, given: string): Promise<string> {
  if (idForm.skill.test(given)) return given;
  const skills = await allOf<{ readonly id: string; readonly name: string }>(client, '/v1/skills');
  return onlyNamed(skills, given, { one: 'skill', list: 'signalbox skills list' }).id;
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

function onlyNamed<T extends { readonly id: string; readonly name: string }>(
  items: readonly T[],
  name: string,
  words: { readonly one: string; readonly list: string },
): T {
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
