import { isDeepStrictEqual } from 'node:util';
import type { AgentDefinition } from '../core/agent.ts';
import { isModelName } from '../core/model-entry.ts';
import { fieldName, type Problems } from '../core/validate.ts';
import type { Queryable } from '../store/connect.ts';
import { holdToolNames } from '../store/custom-tools.ts';
import { listInboxTypes } from '../store/inbox-types.ts';
import { getPricesOf } from '../store/model-prices.ts';
import { getModelsByName } from '../store/models.ts';
import { holdSkill } from '../store/skills.ts';
import { listWriters } from '../store/tokens.ts';
import { holdSources } from '../store/tool-sources.ts';
import type { TriggerToSave } from '../store/triggers.ts';
import { agentToolPrefix } from '../tools/agent-tools.ts';
import { findRecordsToolName } from '../tools/find-records.ts';
import { requestApprovalToolName } from '../tools/request-approval.ts';
import { allowedToolsOf, sourceNameIn } from '../tools/sources/tool-names.ts';
import type { AgentDeps } from './agent-deps.ts';

interface Referring {
  readonly workspaceId: string;
  readonly definition: AgentDefinition;
  /** What stood before; null for a new agent. Only what is new in the save is judged. */
  readonly before: AgentDefinition | null;
  readonly triggers: readonly TriggerToSave[];
  readonly problems: Problems;
}

/** Whether everything that a save names is there: models and prices, tools, skills, inbox types. */
export async function checkReferences(
  deps: AgentDeps,
  tx: Queryable,
  agent: Referring,
): Promise<void> {
  await checkModels(deps, tx, agent);
  await checkTools(deps, tx, agent);
  await checkActions(deps, tx, agent);
  await checkAskedTools(deps, tx, agent);
  await checkSkills(tx, agent);
  await checkInboxTypes(tx, agent);
  await checkApprovers(tx, agent);
}

async function checkModels(deps: AgentDeps, tx: Queryable, agent: Referring): Promise<void> {
  const { definition, before, problems, workspaceId } = agent;
  const named = [definition.model, definition.fallback_model, deps.defaultModel];
  const names = named.filter((model) => model !== null && isModelName(model)) as string[];
  const entries = names.length === 0 ? [] : await getModelsByName(tx, workspaceId, names);
  const idOf = (model: string) => {
    const entry = entries.find(({ name }) => name === model);
    return entry === undefined ? model : `${entry.provider}/${entry.model}`;
  };
  for (const field of ['model', 'fallback_model'] as const) {
    const model = definition[field];
    if (model === null || model === before?.[field]) continue;
    if (isModelName(model)) {
      if (entries.some(({ name }) => name === model)) continue;
      const hint = 'add it at /v1/models, or give provider/model';
      problems.set(field, `names no model of this workspace ("${model}"); ${hint}`);
      continue;
    }
    const why = deps.whyUnusable(model);
    if (why !== null) problems.set(field, `cannot be used: ${why.replace(/\.$/, '')}`);
  }
  if ((definition.limits?.max_cost_usd ?? null) === null) return;
  const ids = named.filter((model) => model !== null).map(idOf);
  const own = await getPricesOf(tx, workspaceId, ids);
  const hasPrice = (model: string) =>
    own.some((price) => price.model === idOf(model)) || deps.hasPrice(idOf(model));
  checkMoneyCap({ ...deps, hasPrice }, { definition, before, problems });
}

/** A cap that can never be reached because the price is not known would protect nobody. */
function checkMoneyCap(
  deps: Pick<AgentDeps, 'defaultModel' | 'hasPrice'>,
  agent: Pick<Referring, 'definition' | 'before' | 'problems'>,
): void {
  const { definition, before, problems } = agent;
  if ((definition.limits?.max_cost_usd ?? null) === null) return;
  const isAsBefore =
    before !== null &&
    (before.limits?.max_cost_usd ?? null) !== null &&
    before.model === definition.model &&
    before.fallback_model === definition.fallback_model;
  if (isAsBefore) return;
  const field = 'limits.max_cost_usd';
  const first = definition.model ?? deps.defaultModel;
  if (first === null) {
    problems.set(field, 'needs a model whose price is known; name one in "model"');
    return;
  }
  for (const model of [first, definition.fallback_model]) {
    if (model === null || deps.hasPrice(model)) continue;
    problems.set(
      field,
      `cannot be kept: the price of ${model} is not known; use max_tokens instead`,
    );
  }
}

/** A name that is no tool's would let through what people meant to see. */
async function checkAskedTools(deps: AgentDeps, tx: Queryable, agent: Referring): Promise<void> {
  const { definition, before } = agent;
  const named = definition.approvals?.tools ?? [];
  const unknown = named.filter(
    (name) =>
      definition.tools?.includes(name) !== true &&
      before?.approvals?.tools.includes(name) !== true &&
      !deps.builtInTools.includes(name),
  );
  if (unknown.length === 0) return;
  const there = new Set([
    ...(await holdToolNames(tx, agent.workspaceId, unknown)),
    ...(await holdSourceTools(tx, agent.workspaceId, unknown)),
  ]);
  for (const name of unknown) {
    if (there.has(name)) continue;
    agent.problems.set(
      fieldName(['approvals', 'tools', named.indexOf(name)]),
      name.startsWith(agentToolPrefix)
        ? `names no agent of "tools" ("${name}"); write it as it stands there, with the agent's id`
        : `names no tool of this workspace ("${name}"); GET /v1/tools lists what there is`,
    );
  }
}

/** Nobody but who may write here can ever decide. */
async function checkApprovers(tx: Queryable, agent: Referring): Promise<void> {
  const named = agent.definition.approvals?.approvers ?? [];
  const before = agent.before?.approvals?.approvers ?? [];
  const added = named.filter((id) => !before.includes(id));
  if (added.length === 0) return;
  const known = await listWriters(tx, agent.workspaceId, added);
  for (const id of added) {
    if (known.includes(id)) continue;
    agent.problems.set(
      fieldName(['approvals', 'approvers', named.indexOf(id)]),
      `names nobody who may decide in this workspace ("${id}"); use the id of a token with write access, or of a member who is no viewer`,
    );
  }
}

async function checkTools(deps: AgentDeps, tx: Queryable, agent: Referring): Promise<void> {
  const named = agent.definition.tools ?? [];
  const custom = named.filter(
    (name) => !deps.builtInTools.includes(name) && !name.startsWith(agentToolPrefix),
  );
  if (custom.length === 0) return;
  const there = new Set([
    ...(await holdToolNames(tx, agent.workspaceId, custom)),
    ...(await holdSourceTools(tx, agent.workspaceId, custom)),
  ]);
  for (const [index, name] of named.entries()) {
    if (!custom.includes(name) || there.has(name)) continue;
    if (agent.before?.tools?.includes(name) === true) continue;
    agent.problems.set(
      fieldName(['tools', index]),
      sourceNameIn(name) === null
        ? `names no tool of this workspace ("${name}"); create it first`
        : `names no tool of an MCP server or OpenAPI document of this workspace ("${name}"); GET /v1/tools lists what there is`,
    );
  }
}

/** Which of the names are tools of sources, as they were last read and as people allowed them. */
async function holdSourceTools(
  tx: Queryable,
  workspaceId: string,
  names: readonly string[],
): Promise<readonly string[]> {
  const sources = new Set(names.map(sourceNameIn).filter((name) => name !== null));
  if (sources.size === 0) return [];
  const found = await holdSources(tx, workspaceId, [...sources]);
  return found.flatMap(allowedToolsOf).map(({ name }) => name);
}

/** A chain calls tools of its agent, and no others. */
async function checkActions(
  deps: AgentDeps,
  tx: Queryable,
  { workspaceId, definition, before, problems }: Referring,
): Promise<void> {
  const { actions, tools, process_entities_sequentially: inTurn } = definition;
  const kept = before?.actions ?? [];
  for (const [index, action] of (actions ?? []).entries()) {
    if (action.type === 'find') {
      if (tools?.includes(findRecordsToolName) !== true) {
        problems.set(
          fieldName(['actions', index, 'type']),
          `needs "${findRecordsToolName}" in "tools"`,
        );
      }
      if (kept.some((one) => isDeepStrictEqual(one, action))) continue;
      const why = await deps.whyNotFound(tx, workspaceId, action);
      if (why !== null) problems.set(fieldName(['actions', index, ...why.path]), why.problem);
      continue;
    }
    if (action.type !== 'tool') continue;
    const field = fieldName(['actions', index, 'tool']);
    if (tools?.includes(action.tool) !== true) {
      problems.set(field, `names no tool of "tools" ("${action.tool}"); name it there as well`);
    }
    if (inTurn && action.tool === requestApprovalToolName) {
      problems.set(
        field,
        'does not go with "process_entities_sequentially": all would wait for one',
      );
    }
  }
}

async function checkSkills(tx: Queryable, agent: Referring): Promise<void> {
  for (const [index, id] of agent.definition.skill_ids.entries()) {
    if (agent.before?.skill_ids.includes(id) === true) continue;
    if (await holdSkill(tx, agent.workspaceId, id)) continue;
    agent.problems.set(
      fieldName(['skill_ids', index]),
      `names no skill of this workspace ("${id}"); create it first, or take it out`,
    );
  }
}

async function checkInboxTypes(tx: Queryable, agent: Referring): Promise<void> {
  const named = agent.triggers.flatMap(({ type, config, isChanged }, index) =>
    type === 'message' && typeof config.inboxTypeId === 'string' && isChanged
      ? [{ index, id: config.inboxTypeId }]
      : [],
  );
  if (named.length === 0) return;
  const types = await listInboxTypes(tx, [agent.workspaceId], agent.workspaceId);
  for (const { index, id } of named) {
    if (types.some((type) => type.id === id)) continue;
    const known = types.map((type) => type.id).join(', ');
    agent.problems.set(
      fieldName(['triggers', index, 'config', 'inboxTypeId']),
      `names no inbox type of this workspace ("${id}"); there are ${known}`,
    );
  }
}
