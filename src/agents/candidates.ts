import type { Agent, AgentVersion } from '../core/agent.ts';
import { ApiError } from '../core/errors.ts';
import { type Problems, refusal, refuse, validate } from '../core/validate.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import { getAgentVersion, insertCandidate } from '../store/agent-versions.ts';
import type { AgentDeps } from './agent-deps.ts';
import { type AgentPatch, agentPatchSchema, patchedDefinition } from './agent-input.ts';
import { checkReferences } from './check-references.ts';
import { withAgentIds } from './name-agents.ts';
import { pinTools, withoutPins } from './pin-tools.ts';
import { keptTrigger } from './plan-triggers.ts';
import { lockAgentForChange, saveChange } from './save-agent.ts';

// A candidate is a version that is not live: tests run on it, and it goes live by being enabled. Triggers belong
// to the agent as it is, since each has one URL and one schedule.

const ofAgent = ['enabled', 'triggers', 'test_gate'] as const;

/** Saves the agent's live version with these changes as a candidate. Throws `not_found`, `validation_error`. */
export function saveCandidate(
  deps: AgentDeps,
  scope: WorkspaceScope,
  idOrNumber: string,
  patch: AgentPatch,
): Promise<AgentVersion> {
  const read = validate(agentPatchSchema, patch);
  const given = ofAgent.filter((field) => read[field] !== undefined);
  if (given.length > 0) {
    const problem = 'belongs to the agent, not to a version; set it by a patch of the agent';
    throw refusal(new Map(given.map((field) => [field, problem])));
  }
  return deps.db.transaction(async (tx) => {
    const { agent, existing } = await lockAgentForChange(tx, scope, idOrNumber);
    const { workspaceId, definition: before } = agent;
    const problems: Problems = new Map();
    const named = { workspaceId, definition: patchedDefinition(before, read), problems };
    const definition = await withAgentIds(tx, { ...named, agent });
    const triggers = existing.map(keptTrigger);
    await checkReferences(deps, tx, { workspaceId, definition, before, triggers, problems });
    refuse(problems);
    // What is tried is tried with its tools as they are now, and goes live with these.
    const kept = agent.testGate
      ? await pinTools(tx, workspaceId, definition)
      : withoutPins(definition);
    return await insertCandidate(tx, {
      agentId: agent.id,
      definition: kept,
      triggers: agent.triggers,
    });
  });
}

/**
 * Makes what a version holds live, and the agent enabled: as a new version, unless it is so already. Triggers
 * stay as they are. Throws `not_found`, and `conflict` when the agent's tests do not pass on it.
 */
export function enableVersion(
  deps: AgentDeps,
  scope: WorkspaceScope,
  idOrNumber: string,
  version: number,
): Promise<Agent> {
  return deps.db.transaction(async (tx) => {
    const { agent, existing } = await lockAgentForChange(tx, scope, idOrNumber);
    const target = await getAgentVersion(tx, scope, { agentId: agent.id, version });
    if (target === null) {
      throw new ApiError('not_found', `There is no version ${version} of agent ${idOrNumber}.`);
    }
    const { definition } = target;
    const triggers = existing.map(keptTrigger);
    const problems: Problems = new Map();
    return saveChange(deps, tx, { agent, existing, definition, triggers, enabled: true, problems });
  });
}
