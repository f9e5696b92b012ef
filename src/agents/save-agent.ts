import { isDeepStrictEqual } from 'node:util';
import type { Agent, AgentDefinition } from '../core/agent.ts';
import { ApiError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import { type Problems, refuse, validate } from '../core/validate.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import {
  deleteAgent as deleteAgentRows,
  insertAgent,
  lockAgent,
  saveAgentVersion,
  setAgentEnabled,
  setTestGate,
} from '../store/agents.ts';
import type { Database, Queryable } from '../store/connect.ts';
import { readStoredTriggers, type StoredTrigger, type TriggerToSave } from '../store/triggers.ts';
import { type InTransaction, requireWorkspace } from '../store/workspaces.ts';
import type { AgentDeps } from './agent-deps.ts';
import {
  type AgentInput,
  type AgentPatch,
  agentInputSchema,
  agentPatchSchema,
  newDefinition,
  patchedDefinition,
} from './agent-input.ts';
import { checkReferences } from './check-references.ts';
import { withAgentIds } from './name-agents.ts';
import { pinNewTools, pinTools, withoutPins } from './pin-tools.ts';
import { areSameTriggers, keptTrigger, planTriggers } from './plan-triggers.ts';
import { requireTestsPass } from './test-gate.ts';

/**
 * Creates an agent as version 1. Throws `validation_error` with a line for every field, `invalid_workspace`,
 * `forbidden`.
 */
export async function createAgent(
  deps: AgentDeps,
  scope: WorkspaceScope,
  input: AgentInput,
  inTransaction?: InTransaction<Agent>,
): Promise<Agent> {
  const read = validate(agentInputSchema, input);
  const workspaceId = read.workspace_id;
  const given = newDefinition(read);
  const problems: Problems = new Map();
  const { secretBox } = deps;
  const triggers = planTriggers(read.triggers ?? [], { existing: [], secretBox, problems });
  return deps.db.transaction(async (tx) => {
    await requireWorkspace(tx, scope, workspaceId);
    const named = await withAgentIds(tx, { workspaceId, definition: given, problems });
    const of = { workspaceId, definition: named, before: null, triggers, problems };
    await checkReferences(deps, tx, of);
    refuse(problems);
    const definition = read.test_gate === true ? await pinTools(tx, workspaceId, named) : named;
    const id = newId('agent');
    const enabled = read.enabled ?? true;
    const inserted = await insertAgent(tx, { id, workspaceId, definition, triggers, enabled });
    const agent = read.test_gate === true ? await setTestGate(tx, inserted, true) : inserted;
    await inTransaction?.(tx, agent);
    return agent;
  });
}

/**
 * Changes what is given. A change of the definition or the triggers makes a new version; `enabled` alone
 * does not. Patches at the same time are made one after the other. Throws `not_found`, `validation_error`,
 * `agent_update_conflict`.
 */
export async function patchAgent(
  deps: AgentDeps,
  scope: WorkspaceScope,
  idOrNumber: string,
  patch: AgentPatch,
): Promise<Agent> {
  const read = validate(agentPatchSchema, patch);
  return deps.db.transaction(async (tx) => {
    const { agent: locked, existing } = await lockAgentForChange(tx, scope, idOrNumber);
    const { test_gate: gate = locked.testGate, expected_version: expected } = read;
    if (expected !== undefined && expected !== locked.version) {
      throw new ApiError(
        'agent_update_conflict',
        `The agent is at version ${locked.version}, and the change was made on version ${expected}. Read it again.`,
        { details: { expected_version: `is ${expected}, and the agent is at ${locked.version}` } },
      );
    }
    // Taken away in one patch, it would let everything else in that patch pass.
    const testGate = gate || locked.testGate;
    const agent = { ...locked, testGate };
    const problems: Problems = new Map();
    const { secretBox } = deps;
    const triggers =
      read.triggers === undefined
        ? existing.map(keptTrigger)
        : planTriggers(read.triggers, { existing, secretBox, problems });
    const definition = patchedDefinition(agent.definition, read);
    const enabled = read.enabled ?? agent.enabled;
    const change = { agent, existing, definition, triggers, enabled, problems, gate };
    const saved = await saveChange(deps, tx, change);
    return gate === locked.testGate ? saved : await setTestGate(tx, saved, gate);
  });
}

/** Deletes (softly) the agent and its triggers; gives its id. Throws `not_found`. */
export function deleteAgent(
  deps: { readonly db: Database },
  scope: WorkspaceScope,
  idOrNumber: string,
): Promise<string> {
  return deps.db.transaction(async (tx) => {
    const id = await deleteAgentRows(tx, scope, idOrNumber);
    if (id === null) throw notFound(idOrNumber);
    return id;
  });
}

/** The agent and its triggers as stored, held for a change. Throws `not_found`. */
export async function lockAgentForChange(
  tx: Queryable,
  scope: WorkspaceScope,
  idOrNumber: string,
): Promise<{ readonly agent: Agent; readonly existing: readonly StoredTrigger[] }> {
  const agent = await lockAgent(tx, scope, idOrNumber);
  if (agent === null) throw notFound(idOrNumber);
  return { agent, existing: await readStoredTriggers(tx, agent.id) };
}

/** Saves a held agent as it is to be, if that differs from what it is. */
export async function saveChange(
  deps: AgentDeps,
  tx: Queryable,
  change: {
    readonly agent: Agent;
    readonly existing: readonly StoredTrigger[];
    readonly definition: AgentDefinition;
    readonly triggers: readonly TriggerToSave[];
    readonly enabled: boolean;
    readonly problems: Problems;
    /** What the agent's gate is to be; what it is, if absent. */
    readonly gate?: boolean;
  },
): Promise<Agent> {
  const { agent, triggers, enabled, problems, gate = agent.testGate } = change;
  const { workspaceId, definition: before } = agent;
  const given = { workspaceId, definition: change.definition, problems };
  const named = await withAgentIds(tx, { ...given, agent });
  await checkReferences(deps, tx, { ...given, definition: named, before, triggers });
  refuse(problems);
  const definition = gate ? await pinNewTools(tx, workspaceId, named) : withoutPins(named);
  const isSame =
    isDeepStrictEqual(definition, before) && areSameTriggers(triggers, change.existing);
  // A gate that comes or goes brings or takes the pins, and nothing that there is to be tested.
  const isGateNew = gate !== (before.tool_pins !== undefined);
  const live = isGateNew
    ? isDeepStrictEqual(withoutPins(definition), withoutPins(before))
    : isDeepStrictEqual(definition, before);
  const goesLive = enabled && !(agent.enabled && live);
  if (agent.testGate && goesLive) await requireTestsPass(tx, agent, definition);
  if (!isSame) return saveAgentVersion(tx, agent.id, { definition, triggers, enabled });
  return enabled === agent.enabled ? agent : setAgentEnabled(tx, agent, enabled);
}

function notFound(idOrNumber: string): ApiError {
  return new ApiError('not_found', `There is no agent ${idOrNumber}.`);
}
