import type { Fields } from './objects.ts';

// What the API shows of an object, as the fields of a file: names in place of ids, and nothing that is the
// server's own. Fields that a newer server shows are taken as they are.

/** Names of what others refer to by id. */
export interface Names {
  readonly agents: ReadonlyMap<string, string>;
  readonly skills: ReadonlyMap<string, string>;
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
  'agent_id',
  'revision',
  'from_run_id',
]);

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

export function agentFields(shown: Fields, names: Names): Fields {
  const fields = without(shown);
  return ordered(
    {
      ...fields,
      tools: listOf(shown.tools)?.map((name) => toolName(String(name), names)) ?? null,
      skills:
        listOf(shown.skill_ids)?.map((id) => names.skills.get(String(id)) ?? String(id)) ?? [],
      guardrails: listOf(shown.guardrails)?.map((rule) => omit(rule, ['id'])) ?? [],
      triggers: listOf(shown.triggers)?.map(triggerFields) ?? [],
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

/** The environment variable that holds a webhook trigger's secret, when it has to be created. */
export function secretVariable(agent: string, trigger: string): string {
  const words = `${agent} ${trigger}`.normalize('NFKD').toUpperCase();
  return `SIGNALBOX_SECRET_${words.replace(/[^A-Z0-9]+/g, '_').replace(/^_|_$/g, '')}`;
}

function triggerFields(trigger: unknown): Fields {
  const { name, type, description, enabled, config } = trigger as Record<string, unknown>;
  return { name, type, description, enabled, config: omit(config, ['url']) };
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
