import { type AgentInput, type AgentPatch, agentPatchSchema } from '../../agents/agent-input.ts';
import type { Agent, AgentDefinition } from '../../core/agent.ts';
import { ApiError } from '../../core/errors.ts';
import { isObject } from '../../core/is-object.ts';
import { type Problems, refuse } from '../../core/validate.ts';
import type { EntityType } from '../../records/psa-kinds.ts';
import { findRecordsToolName } from '../../tools/find-records.ts';
import { autonomyKindOf, type NeoAttributes, neoAttributesOf } from './agent-attributes.ts';
import type { AgentCreate, AgentUpdate } from './agent-body.ts';
import { comparisonsOf, eventTriggers, targetChangesOf } from './agent-conditions.ts';
import { type AutonomyKind, type TriggerKind, triggerKindOf } from './agent-kind.ts';

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
  const before = { tools: [], attributes: {}, kept, autonomy, triggers: [] };
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
  const before = { tools: tools ?? [], attributes, kept, autonomy, triggers: agent.triggers };
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

function unwritable(field: string, problem: string): ApiError {
  return new ApiError('unwritable_field', `Invalid request: ${field} ${problem}.`, {
    details: { [field]: problem },
  });
}

interface Before {
  readonly tools: readonly string[];
  readonly attributes: AgentDefinition['attributes'];
  readonly kept: NeoAttributes;
  readonly autonomy: AutonomyKind;
  readonly triggers: Agent['triggers'];
}

function changed(
  body: AgentUpdate,
  at: { readonly before: Before; readonly problems: Problems; readonly isNew: boolean },
): AgentPatch {
  const { before } = at;
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
  const tools = changedTools(body, before);
  const triggers = changedTriggers(body, at);
  const attributes = {
    ...before.attributes,
    neo: { ...before.kept, ...tools.kept, ...keptOf(body) },
  };
  return {
    ...(settings === undefined ? {} : settingsOf(settings)),
    ...(tools.names === undefined ? {} : { tools: [...tools.names] }),
    ...(triggers === undefined ? {} : { triggers }),
    ...(body.state === undefined ? {} : { enabled: body.state === 'ENABLED' }),
    ...(callback?.run_only_once_per_entity === undefined
      ? {}
      : { run_only_once_per_entity: callback.run_only_once_per_entity }),
    ...given('process_entities_sequentially', body),
    ...given('execution_order', body),
    ...given('ignore_execution_order', body),
    attributes,
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

const credential = /(?:secret|password|passwd|api_?key|credential|authorization|(?:^|_)token)/i;

function changedTools(
  body: AgentUpdate,
  { tools, kept, autonomy }: Before,
): { readonly names?: readonly string[]; readonly kept: Pick<NeoAttributes, 'tool_settings'> } {
  const entity = body.entity_type ?? kept.entity_type ?? 'none';
  const readsRecords = autonomy !== 'CONVERSATIONAL' && entity !== 'none';
  const names = new Set(tools);
  if (readsRecords) names.add(findRecordsToolName);
  const settings: Record<string, Record<string, unknown>> = { ...kept.tool_settings };
  for (const [tool, setting] of Object.entries(body.toolbox?.tool_settings_by_type ?? {})) {
    if (setting === null) {
      names.delete(tool);
      delete settings[tool];
      continue;
    }
    requireNoCredentials(setting, `toolbox.tool_settings_by_type.${tool}`);
    names.add(tool);
    settings[tool] = merged(settings[tool] ?? {}, setting);
  }
  return {
    ...(names.size === tools.length && tools.every((name) => names.has(name))
      ? {}
      : { names: [...names] }),
    kept: body.toolbox === undefined ? {} : { tool_settings: settings },
  };
}

function requireNoCredentials(setting: unknown, at: string): void {
  if (Array.isArray(setting)) {
    setting.forEach((one, index) => {
      requireNoCredentials(one, `${at}[${index}]`);
    });
  }
  if (!isObject(setting)) return;
  for (const [name, value] of Object.entries(setting)) {
    if (credential.test(name)) {
      throw unwritable(
        `${at}.${name}`,
        'looks like a credential; keep it as a secret of the workspace',
      );
    }
    requireNoCredentials(value, `${at}.${name}`);
  }
}

/** Objects merge, null takes a key away, scalars and lists replace. */
export function merged(
  before: Readonly<Record<string, unknown>>,
  patch: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const after: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(patch)) {
    const old = Object.hasOwn(before, name) ? before[name] : undefined;
    if (value === null) delete after[name];
    else after[name] = isObject(value) ? merged(isObject(old) ? old : {}, value) : value;
  }
  return after;
}

/** The triggers that the body asks for; undefined: those that there are. */
function changedTriggers(
  body: AgentUpdate,
  at: { readonly before: Before; readonly problems: Problems; readonly isNew: boolean },
): AgentPatch['triggers'] {
  const { before, problems, isNew } = at;
  const { kept, autonomy, triggers } = before;
  const isAsked =
    isNew ||
    ['trigger_type', 'schedule', 'ticket_conditions', 'time_entry_conditions'].some(
      (field) => body[field as keyof AgentUpdate] !== undefined,
    ) ||
    body.callback_settings?.target_changes !== undefined;
  if (!isAsked) return undefined;
  const kind: TriggerKind = body.trigger_type ?? (isNew ? 'NONE' : triggerKindOf(triggers));
  const entity = body.entity_type ?? kept.entity_type ?? 'none';
  const conditionsField = entity === 'time_entry' ? 'time_entry_conditions' : 'ticket_conditions';
  const conditions =
    body[conditionsField] === undefined ? kept[conditionsField] : body[conditionsField];
  if (autonomy === 'CONVERSATIONAL' && kind !== 'NONE') {
    problems.set('trigger_type', 'must be NONE for a CONVERSATIONAL agent: people write to it');
  }
  if (autonomy !== 'CONVERSATIONAL' && kind === 'NONE') {
    problems.set('trigger_type', `must be TRIGGERED or SCHEDULED for an agent that is ${autonomy}`);
  }
  const comparisons = comparisonsOf(conditions as AgentUpdate['ticket_conditions'], {
    field: conditionsField,
    problems,
  });
  if (kind === 'NONE') return isNew ? [] : undefined;
  const reuse = reuserOf(triggers);
  if (kind === 'SCHEDULED') {
    const schedule = body.schedule ?? triggers.find(({ type }) => type === 'cron')?.config;
    if (schedule === undefined) problems.set('schedule', 'is required for a SCHEDULED agent');
    if (comparisons.length > 0 && autonomy === 'AGENTIC') {
      problems.set(conditionsField, 'cannot be kept: a schedule has no entity; use instructions');
    }
    return reuse([{ name: 'Schedule', type: 'cron', config: schedule ?? {} }]);
  }
  if (entity === 'none') {
    if (comparisons.length > 0) {
      problems.set(conditionsField, 'need an "entity_type" that they are about');
    }
    return reuse([{ name: 'Callback', type: 'webhook' }]);
  }
  const asked = body.callback_settings?.target_changes ?? targetChangesOf(triggers);
  const targets = asked.length > 0 ? asked : [{ change_type: 'CREATE' as const }];
  return reuse(eventTriggers(entity as EntityType, targets, comparisons));
}

type WrittenTrigger = NonNullable<AgentPatch['triggers']>[number];

/** Triggers keep their ids, and with them the addresses and the history of their kind. */
function reuserOf(triggers: Agent['triggers']) {
  return (wanted: readonly WrittenTrigger[]): WrittenTrigger[] => {
    const left = [...triggers];
    return wanted.map((trigger) => {
      const index = left.findIndex(({ type }) => type === trigger.type);
      const [before] = index === -1 ? [] : left.splice(index, 1);
      return before === undefined ? trigger : { ...trigger, id: before.id };
    });
  };
}
