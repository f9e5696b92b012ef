import { type AgentInput, type AgentPatch, agentPatchSchema } from '../../agents/agent-input.ts';
import type { Agent } from '../../core/agent.ts';
import { type Problems, refuse } from '../../core/validate.ts';
import { autonomyKindOf, type NeoAttributes, neoAttributesOf } from './agent-attributes.ts';
import type { AgentBefore, AgentCreate, AgentUpdate } from './agent-body.ts';
import { changedActions } from './agent-chain.ts';
import { changedTools } from './agent-tools.ts';
import { changedTriggers } from './agent-triggers.ts';
import { unwritable } from './unwritable.ts';

// What a write in this dialect changes of an agent, in the words of the domain.

/** A new agent. Throws `validation_error` and `unwritable_field`. */
export function inputOf(body: AgentCreate, workspaceId: string): AgentInput {
  const problems: Problems = new Map();
  const { autonomy_type: autonomy } = body;
  if (autonomy !== 'CONVERSATIONAL' && body.trigger_type === undefined) {
    problems.set('trigger_type', 'is required');
  }
  refuse(problems);
  const instructions = body.agent_settings?.custom_instructions ?? '';
  if (autonomy === 'AGENTIC' && instructions.trim() === '') {
    problems.set('agent_settings.custom_instructions', 'is required: the model goes by them');
  }
  const kept: NeoAttributes = {
    autonomy_type: autonomy,
    ...(body.entity_type === undefined ? {} : { entity_type: body.entity_type }),
    ...(autonomy !== 'CONVERSATIONAL'
      ? {}
      : { audience: body.audience ?? 'MSP', access: body.access ?? 'ALL_USERS' }),
  };
  if (autonomy === 'CHAINED_ACTIONS' && (body.actions ?? []).length === 0) {
    problems.set('actions', 'are required for an agent of CHAINED_ACTIONS');
  }
  const before = { tools: [], attributes: {}, kept, autonomy, triggers: [], actions: [] };
  const patch = changed(body, { before, problems, isNew: true });
  refuse(problems);
  return {
    ...patch,
    workspace_id: workspaceId,
    instructions: instructions.trim() === '' ? body.name : instructions,
    name: body.name,
    description: body.description?.trim() ? body.description : body.name,
  };
}

/** The changes of a merging update. Throws `validation_error` and `unwritable_field`. */
export function patchOf(agent: Agent, body: AgentUpdate): AgentPatch {
  const { definition } = agent;
  const kept = neoAttributesOf(definition);
  const autonomy = autonomyKindOf(definition, agent.triggers);
  const entity = kept.entity_type ?? 'none';
  immutable('autonomy_type', body.autonomy_type, autonomy);
  immutable('entity_type', body.entity_type, entity);
  immutable('audience', body.audience, kept.audience ?? 'MSP');
  const problems: Problems = new Map();
  const { tools, attributes } = definition;
  const actions = definition.actions ?? [];
  const { triggers } = agent;
  const before = { tools: tools ?? [], attributes, kept, autonomy, triggers, actions };
  const patch = changed(body, { before, problems, isNew: false });
  refuse(problems);
  return {
    ...patch,
    ...(body.name === undefined ? {} : { name: body.name }),
    ...(body.description === undefined
      ? {}
      : {
          description: body.description?.trim() ? body.description : (body.name ?? definition.name),
        }),
    expected_version: body.expected_version ?? agent.version,
  };
}

function immutable(field: string, given: string | undefined, is: string): void {
  if (given === undefined || given === is) return;
  throw unwritable(field, `cannot change from ${is}; create another agent`);
}

function changed(
  body: AgentUpdate,
  at: { readonly before: AgentBefore; readonly problems: Problems; readonly isNew: boolean },
): AgentPatch {
  const { before, isNew } = at;
  const { autonomy } = before;
  if (body.actions !== undefined && autonomy === 'AGENTIC') {
    throw unwritable('actions', 'are made by the server for an AGENTIC agent; leave them out');
  }
  if (body.actions !== undefined && body.actions.length > 0 && autonomy === 'CONVERSATIONAL') {
    throw unwritable('actions', 'do not go with a CONVERSATIONAL agent');
  }
  for (const field of ['ticket_conditions', 'time_entry_conditions'] as const) {
    if (body[field] === undefined || body[field] === null || autonomy !== 'CONVERSATIONAL')
      continue;
    throw unwritable(field, 'do not go with a CONVERSATIONAL agent');
  }
  const { callback_settings: callback, agent_settings: settings } = body;
  const actions = changedActions(body, at);
  const tools = changedTools(body, { ...at, actions: actions ?? [] });
  const triggers = changedTriggers(body, at);
  const kept = { ...tools.kept, ...keptOf(body) };
  return {
    ...(settings === undefined ? {} : settingsOf(settings)),
    ...(tools.names === undefined ? {} : { tools: [...tools.names] }),
    ...(triggers === undefined ? {} : { triggers }),
    ...(actions === undefined ? {} : { actions }),
    ...(body.state === undefined ? {} : { enabled: body.state === 'ENABLED' }),
    ...(callback?.run_only_once_per_entity === undefined
      ? {}
      : { run_only_once_per_entity: callback.run_only_once_per_entity }),
    ...given('process_entities_sequentially', body),
    ...given('execution_order', body),
    ...given('ignore_execution_order', body),
    // Written only where it says something new: to enable an agent makes no version of it.
    ...(isNew || Object.keys(kept).length > 0
      ? { attributes: { ...before.attributes, neo: { ...before.kept, ...kept } } }
      : {}),
  };
}

function given<K extends keyof AgentUpdate>(field: K, body: AgentUpdate) {
  return body[field] === undefined ? {} : { [field]: body[field] };
}

/** What of the body nothing else of the agent says. */
function keptOf(body: AgentUpdate): NeoAttributes {
  const { agent_settings: settings } = body;
  const own = Object.entries(settings ?? {}).filter(([name]) => !isSetting(name));
  return {
    ...(settings === undefined ? {} : { agent_settings: Object.fromEntries(own) }),
    ...(body.integrations === undefined ? {} : { integrations: body.integrations }),
    ...(body.access === undefined ? {} : { access: body.access }),
    ...conditionsKept(body),
  };
}

function conditionsKept(body: AgentUpdate): Partial<NeoAttributes> {
  const { ticket_conditions: ticket, time_entry_conditions: entry } = body;
  return {
    ...(ticket === undefined ? {} : { ticket_conditions: ticket ?? {} }),
    ...(entry === undefined ? {} : { time_entry_conditions: entry ?? {} }),
  };
}

/** Settings that are fields of the agent; a field with a place of its own in the body is none. */
function isSetting(name: string): boolean {
  return name === 'custom_instructions' || settingNames.has(name);
}

const elsewhere = new Set([
  ...[
    'name',
    'description',
    'instructions',
    'tools',
    'triggers',
    'enabled',
    'attributes',
    'actions',
  ],
  ...['test_gate', 'expected_version', 'run_only_once_per_entity', 'process_entities_sequentially'],
  ...['execution_order', 'ignore_execution_order'],
]);
const settingNames: ReadonlySet<string> = new Set(
  Object.keys(agentPatchSchema.shape).filter((name) => !elsewhere.has(name)),
);

function settingsOf(settings: NonNullable<AgentUpdate['agent_settings']>): AgentPatch {
  const { custom_instructions: instructions, ...others } = settings;
  const named = Object.entries(others).filter(([name]) => settingNames.has(name));
  return {
    ...(instructions === undefined ? {} : { instructions }),
    ...Object.fromEntries(named),
  };
}
