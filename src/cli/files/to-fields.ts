import type { Fields } from './objects.ts';

// What the API shows of an object, as the fields of a file: names in place of ids, and nothing that is the
// server's own. Fields that a newer server shows are taken as they are.

/** Names of what others refer to by id. */
export interface Names {
  readonly agents: ReadonlyMap<string, string>;
  readonly skills: ReadonlyMap<string, string>;
  readonly inboxTypes: ReadonlyMap<string, string>;
  /** `member:<email>`, `token:<name>`. */
  readonly approvers: ReadonlyMap<string, string>;
}

const serversOwn = new Set([
  'id',
  'number',
  'workspace_id',
  'created_at',
  'updated_at',
  'agent_version',
  'version',
  'paused_at',
  'skill_ids',
  'validated',
  'packages',
  'parameters_from',
  'tool_versions',
  'agent_id',
  'revision',
  'from_run_id',
]);

/** Fields of an agent that name tools, other agents among them. */
export const agentToolFields = ['tools', 'tools_when_untrusted'] as const;

/** Actions of a chain with their tools named otherwise; null without a chain. */
export function withActionTools(
  actions: unknown,
  named: (tool: string) => string,
): readonly unknown[] | null {
  return (
    (listOf(actions) as readonly Fields[] | null)?.map((action) =>
      typeof action.tool === 'string' ? { ...action, tool: named(action.tool) } : action,
    ) ?? null
  );
}

const agentOrder = [
  'name',
  'description',
  'enabled',
  'model',
  'instructions',
  'tools',
  'skills',
  'guardrails',
];
const toolOrder = ['name', 'description', 'language', 'parameters'];
const testOrder = ['name', 'description', 'payload', 'conversation', 'tools', 'expect'];
const plainOrder = ['name', 'description', 'type', 'provider', 'model'];

export function agentFields(shown: Fields, names: Names): Fields {
  const fields = without(shown);
  return ordered(
    {
      ...fields,
      ...Object.fromEntries(
        agentToolFields.map((field) => [field, toolNames(shown[field], names)]),
      ),
      actions: actionFields(shown.actions, names),
      approvals: approvalFields(shown.approvals, names),
      skills:
        listOf(shown.skill_ids)?.map((id) => names.skills.get(String(id)) ?? String(id)) ?? [],
      guardrails: listOf(shown.guardrails)?.map((rule) => omit(rule, ['id'])) ?? [],
      triggers: listOf(shown.triggers)?.map((trigger) => triggerFields(trigger, names)) ?? [],
    },
    agentOrder,
  );
}

export function toolFields(shown: Fields): Fields {
  const parameters = shown.parameters_from === 'code' ? null : shown.parameters;
  return ordered({ ...without(shown), parameters }, toolOrder);
}

export function testFields(shown: Fields): Fields {
  return ordered(without(shown), testOrder);
}

export function channelFields(shown: Fields, names: Names): Fields {
  const { inbound_url: _, inbox_type_id: inboxType, ...fields } = without(shown);
  return ordered({ ...fields, inbox_type: nameOf(inboxType, names.inboxTypes) }, plainOrder);
}

export function plainFields(shown: Fields): Fields {
  return ordered(without(shown), plainOrder);
}

/** What a skill has beside its files. */
export function skillExtras({ display_name, enabled, tags }: Fields): Fields {
  return { display_name, enabled, tags };
}

export function knowledgeFields(shown: Fields): Fields {
  const { title, entity_ids, tags, enabled, chunk_body, language, metadata, source } = shown;
  const fields = { title, entity_ids, tags, enabled, chunk_body, language, metadata, source };
  if (shown.is_directory === true) return { ...fields, is_directory: true };
  if (shown.source_type === 'web_page') return { ...fields, url: shown.url };
  return { ...fields, source_type: shown.source_type, body: shown.body };
}

/** The environment variable that holds a webhook trigger's secret, when it has to be created. */
export function secretVariable(agent: string, trigger: string): string {
  const words = `${agent} ${trigger}`.normalize('NFKD').toUpperCase();
  return `SIGNALBOX_SECRET_${words.replace(/[^A-Z0-9]+/g, '_').replace(/^_|_$/g, '')}`;
}

/** Secrets of a channel, by name, as the environment has them: `SIGNALBOX_SECRET_<CHANNEL>_<NAME>`. */
export function channelSecrets(
  env: Readonly<Record<string, string | undefined>>,
  channel: string,
): Readonly<Record<string, string>> {
  const start = secretVariable(channel, '');
  const found = Object.entries(env).flatMap(([name, value]) =>
    name.startsWith(`${start}_`) && value !== undefined && value !== ''
      ? [[name.slice(start.length + 1).toLowerCase(), value]]
      : [],
  );
  return Object.fromEntries(found);
}

function triggerFields(trigger: unknown, names: Names): Fields {
  const { name, type, description, enabled, config } = trigger as Record<string, unknown>;
  const { inboxTypeId, ...others } = omit(config, ['url']);
  const inboxType =
    inboxTypeId === undefined || inboxTypeId === null
      ? {}
      : { inboxType: nameOf(inboxTypeId, names.inboxTypes) };
  return { name, type, description, enabled, config: { ...others, ...inboxType } };
}

function actionFields(actions: unknown, names: Names): readonly unknown[] | null {
  return withActionTools(actions, (tool) => toolName(tool, names));
}

function approvalFields(approvals: unknown, names: Names): Fields | null {
  if (typeof approvals !== 'object' || approvals === null) return null;
  const { tools, approvers, ...others } = approvals as Fields;
  return {
    ...others,
    tools: toolNames(tools, names),
    approvers: listOf(approvers)?.map((id) => nameOf(id, names.approvers)) ?? [],
  };
}

function nameOf(id: unknown, names: ReadonlyMap<string, string>): string {
  return names.get(String(id)) ?? String(id);
}

function toolNames(tools: unknown, names: Names): readonly string[] | null {
  return listOf(tools)?.map((name) => toolName(String(name), names)) ?? null;
}

function toolName(name: string, { agents }: Names): string {
  if (!name.startsWith('agent:')) return name;
  const agent = agents.get(name.slice('agent:'.length));
  return agent === undefined ? name : `agent:${agent}`;
}

function without(shown: Fields): Fields {
  return Object.fromEntries(Object.entries(shown).filter(([name]) => !serversOwn.has(name)));
}

function omit(value: unknown, names: readonly string[]): Fields {
  const entries = Object.entries((value ?? {}) as Fields);
  return Object.fromEntries(entries.filter(([name]) => !names.includes(name)));
}

/** The first ones in their order, then the others by name. */
function ordered(fields: Fields, first: readonly string[]): Fields {
  const rest = Object.keys(fields)
    .filter((name) => !first.includes(name))
    .toSorted();
  const names = [...first.filter((name) => name in fields), ...rest];
  return Object.fromEntries(names.map((name) => [name, fields[name]]));
}

function listOf(value: unknown): readonly unknown[] | null {
  return Array.isArray(value) ? value : null;
}
