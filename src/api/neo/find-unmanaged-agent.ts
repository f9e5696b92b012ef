import type { Agent } from '../../core/agent.ts';
import { ApiError } from '../../core/errors.ts';
import type { WorkspaceScope } from '../../core/workspace-scope.ts';
import type { ApiDeps } from '../deps.ts';
import { findAgent } from '../find.ts';

/** An agent that is to change. Throws `not_found`, and `agent_managed_by_neo` for one that is only read here. */
export async function findUnmanagedAgent(
  deps: Pick<ApiDeps, 'reads'>,
  scope: WorkspaceScope,
  idOrNumber: string,
): Promise<Agent> {
  const agent = await findAgent(deps, scope, idOrNumber);
  if (agent.definition.attributes.managed !== true) return agent;
  throw new ApiError(
    'agent_managed_by_neo',
    `Agent ${agent.number} is managed: it cannot be changed here.`,
  );
}
