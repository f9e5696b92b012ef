import type { Agent } from '../core/agent.ts';
import { ApiError } from '../core/errors.ts';
import type { Run } from '../core/run.ts';
import type { TriggerEvent } from '../core/trigger-event.ts';
import type { Workspace } from '../core/workspace.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import { findAgentLabel } from '../store/agent-labels.ts';
import { getRun } from '../store/runs.ts';
import { findToolWorkspace } from '../store/tool-versions.ts';
import { getTriggerEvent } from '../store/trigger-events.ts';
import { getWorkspace } from '../store/workspaces.ts';
import type { ApiDeps } from './deps.ts';

// Objects that a path names, or `not_found`: the same whether they do not exist or belong to others.

export async function findWorkspace(
  deps: Pick<ApiDeps, 'db'>,
  scope: WorkspaceScope,
  id: string,
): Promise<Workspace> {
  const workspace = await getWorkspace(deps.db, scope, id);
  if (workspace === null) throw new ApiError('not_found', `There is no workspace ${id}.`);
  return workspace;
}

/** The agent by id or number. */
export async function findAgent(
  deps: Pick<ApiDeps, 'reads'>,
  scope: WorkspaceScope,
  idOrNumber: string,
): Promise<Agent> {
  const agent = await deps.reads.agent(scope, idOrNumber);
  if (agent === null) throw new ApiError('not_found', `There is no agent ${idOrNumber}.`);
  return agent;
}

/** The id of the agent that a filter names by id or number; a deleted one still has its runs. */
export async function findAgentId(
  deps: Pick<ApiDeps, 'db'>,
  scope: WorkspaceScope,
  idOrNumber: string,
): Promise<string> {
  const agent = await findAgentLabel(deps.db, scope, idOrNumber);
  if (agent !== null) return agent.id;
  throw new ApiError('not_found', `There is no agent ${idOrNumber}.`, {
    details: { agent_id: 'is not an agent of this workspace' },
  });
}

export async function findTriggerEvent(
  deps: Pick<ApiDeps, 'db'>,
  scope: WorkspaceScope,
  id: string,
): Promise<TriggerEvent> {
  const event = await getTriggerEvent(deps.db, scope, id);
  if (event === null) throw new ApiError('not_found', `There is no trigger event ${id}.`);
  return event;
}

/** The run by either of its ids. */
export async function findRun(
  deps: Pick<ApiDeps, 'db'>,
  scope: WorkspaceScope,
  idOrRunId: string,
): Promise<Run> {
  const run = await getRun(deps.db, scope, idOrRunId);
  if (run === null) throw new ApiError('not_found', `There is no run ${idOrRunId}.`);
  return run;
}

/** What a list's filter names, as ids: of the agent, and of the run by either of its ids. */
export async function findFiltered(
  deps: Pick<ApiDeps, 'db'>,
  scope: WorkspaceScope,
  named: { readonly agent?: string | undefined; readonly run?: string | undefined },
): Promise<{ readonly agentId: string | undefined; readonly runId: string | undefined }> {
  const { agent, run } = named;
  return {
    agentId: agent === undefined ? undefined : await findAgentId(deps, scope, agent),
    runId: run === undefined ? undefined : (await findRun(deps, scope, run)).id,
  };
}

/** The agent's run. Runs of an agent that was deleted since are still found under its id. */
export async function findRunOfAgent(
  deps: Pick<ApiDeps, 'db' | 'reads'>,
  scope: WorkspaceScope,
  path: { readonly id: string; readonly run_id: string },
): Promise<Run> {
  const run = await findRun(deps, scope, path.run_id);
  if (run.agentId === path.id) return run;
  const agent = await findAgent(deps, scope, path.id);
  if (run.agentId === agent.id) return run;
  throw new ApiError('not_found', `Agent ${path.id} has no run ${path.run_id}.`);
}

/** Passes when the custom tool is in scope, even deleted: its runs and versions are still to be read. */
export async function requireToolEver(
  deps: Pick<ApiDeps, 'db'>,
  scope: WorkspaceScope,
  id: string,
): Promise<void> {
  if ((await findToolWorkspace(deps.db, scope, id)) !== null) return;
  throw new ApiError('not_found', `There is no custom tool ${id}.`);
}
