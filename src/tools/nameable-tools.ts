import type { Agent } from '../core/agent.ts';
import { httpToolName } from '../core/http-tool.ts';
import type { Page, PageRequest } from '../core/page.ts';
import { listAgents } from '../store/agents.ts';
import type { Queryable } from '../store/connect.ts';
import { listAllCustomTools } from '../store/custom-tools.ts';
import { listEnabledSources } from '../store/tool-sources.ts';
import { agentToolPrefix, agentToolSchema, describeAgentTool } from './agent-tools.ts';
import { parametersToJsonSchema } from './arguments.ts';
import { builtInOffers } from './built-in-offers.ts';
import { httpRequestSchema } from './http/http-request.ts';
import { getHttpTool } from './http/http-tool-settings.ts';
import { allowedToolsOf } from './sources/tool-names.ts';

// Everything that an agent of a workspace may name in `tools`.

export interface NameableTool {
  readonly name: string;
  readonly kind: 'built_in' | 'custom' | 'mcp' | 'openapi' | 'agent';
  /** The custom tool, source or agent that it is of. */
  readonly id: string | null;
  readonly description: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
  readonly enableGlobally: boolean;
  readonly requiresApproval: boolean;
  readonly idempotent: boolean;
  readonly hasEffects: boolean;
  /** Why runs are not given it although it can be named; null when they are. */
  readonly unusable: string | null;
}

/** By name. */
export async function listNameableTools(
  db: Queryable,
  workspaceId: string,
): Promise<readonly NameableTool[]> {
  const [http, custom, sources, agents] = [
    await getHttpTool(db, workspaceId),
    await listAllCustomTools(db, workspaceId),
    await listEnabledSources(db, workspaceId),
    await listAgentTools(db, workspaceId),
  ];
  const tools: NameableTool[] = [
    {
      name: httpToolName,
      kind: 'built_in',
      id: null,
      description: 'Sends one HTTP request to a host that people allowed.',
      inputSchema: httpRequestSchema,
      enableGlobally: http.enableGlobally,
      requiresApproval: http.requiresApproval,
      idempotent: false,
      hasEffects: true,
      unusable:
        http.hosts.length > 0
          ? null
          : 'No host is allowed: set some with PUT /v1/tools/http-request.',
    },
    ...builtInOffers.map((offer) => ({
      ...{ kind: 'built_in' as const, id: null, enableGlobally: false, requiresApproval: false },
      ...{ idempotent: true, unusable: null },
      ...offer,
    })),
    ...agents,
    ...custom.map((tool) => ({
      name: tool.name,
      kind: 'custom' as const,
      id: tool.id,
      description: tool.description,
      inputSchema: parametersToJsonSchema(tool.parameters),
      enableGlobally: tool.enableGlobally,
      requiresApproval: tool.requiresApproval,
      idempotent: tool.idempotent,
      hasEffects: tool.hasEffects,
      unusable: null,
    })),
    ...sources.flatMap((source) =>
      allowedToolsOf(source).map((tool) => ({
        name: tool.name,
        kind: source.kind,
        id: source.id,
        description: tool.description,
        inputSchema: tool.inputSchema,
        enableGlobally: source.enableGlobally,
        requiresApproval: source.requiresApproval,
        idempotent: tool.idempotent,
        hasEffects: tool.hasEffects,
        unusable: null,
      })),
    ),
  ];
  return tools.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Every agent that is not deleted, as its siblings name it. Read in pages: definitions are large. */
async function listAgentTools(db: Queryable, workspaceId: string): Promise<NameableTool[]> {
  const found: NameableTool[] = [];
  let after: PageRequest['after'] = null;
  do {
    const page: Page<Agent> = await listAgents(db, { scope: [workspaceId] }, { limit: 200, after });
    found.push(...page.items.map(agentTool));
    after = page.next;
  } while (after !== null);
  return found;
}

function agentTool(agent: Agent): NameableTool {
  const isOff = !agent.enabled || agent.definition.operation_mode === 'inactive';
  return {
    name: `${agentToolPrefix}${agent.id}`,
    kind: 'agent',
    id: agent.id,
    description: describeAgentTool(agent),
    inputSchema: agentToolSchema,
    enableGlobally: false,
    requiresApproval: false,
    idempotent: true,
    hasEffects: false,
    unusable: isOff ? 'The agent is disabled or inactive: calls of it are refused.' : null,
  };
}
