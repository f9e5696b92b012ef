import type { Agent } from '../core/agent.ts';
import { ApiError } from '../core/errors.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import { getAgent } from '../store/agents.ts';
import type { Database } from '../store/connect.ts';
import { pauseAgentRow, resumeAgentRow } from '../store/pauses.ts';

/** From now on new runs of the agent wait; those that have begun go on. Throws `not_found`. */
export async function pauseAgent(db: Database, scope: WorkspaceScope, id: string): Promise<Agent> {
  return found(await pauseAgentRow(db, scope, id), await getAgent(db, scope, id), id);
}

/** Lets the runs that wait begin. Throws `not_found`. */
export async function resumeAgent(db: Database, scope: WorkspaceScope, id: string): Promise<Agent> {
  return found(await resumeAgentRow(db, scope, id), await getAgent(db, scope, id), id);
}

function found(changed: boolean, agent: Agent | null, id: string): Agent {
  if (changed && agent !== null) return agent;
  throw new ApiError('not_found', `There is no agent ${id}.`);
}
