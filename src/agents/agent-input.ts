import { z } from 'zod';
import {
  type AgentDefinition,
  operationModes,
  plainOrder,
  responseLanguages,
  weekdays,
} from '../core/agent.ts';
import { defaultApprovals, expiryPolicies } from '../core/approval.ts';
import { newId } from '../core/ids.ts';
import { whyNotKeyTemplate } from '../core/key-template.ts';
import { memoryScopes } from '../core/memory.ts';
import { isTimeZone } from '../core/time-zone.ts';
import { chainInput } from './chain-input.ts';
import { outputField } from './output-field.ts';
import { triggerInput } from './trigger-input.ts';

// What may be written of an agent. Unknown fields are ignored but in `limits`, `autopilot_schedule` and
// trigger configs, where they would silently do nothing.

/** Lengths are in characters (UTF-16 units). */
export const agentMaxima = {
  nameLength: 200,
  descriptionLength: 10_000,
  instructionsLength: 200_000,
  guardrails: 100,
  guardrailTitleLength: 200,
  guardrailKnowledgeLength: 20_000,
  outputFields: 100,
  skills: 100,
  tools: 100,
  triggers: 50,
  windows: 100,
  responseDelayMs: 7 * 24 * 3_600_000,
  steps: 10_000,
  tokens: 100_000_000,
  costUsd: 100_000,
  timeoutMs: 30 * 24 * 3_600_000,
  concurrency: 1_000,
  approvers: 100,
  approvalExpiryMs: 365 * 24 * 3_600_000,
  attributesLength: 50_000,
} as const;

function words(most: number) {
  return z.string().min(1).max(most).regex(/\S/, 'must not be blank');
}

function capAt(most: number) {
  return z.number().int().min(1).max(most).nullable().default(null);
}

const model = z
  .string()
  .max(200)
  .regex(
    /^([a-z0-9][a-z0-9_-]*\/\S+|[a-z0-9][a-z0-9._-]{0,63})$/,
    'must look like provider/model, e.g. openai/gpt-5, or be the name of a model of the workspace',
  );

const guardrail = z.object({
  id: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be the id the server gave; leave it out for a new one')
    .optional(),
  title: words(agentMaxima.guardrailTitleLength),
  knowledge: words(agentMaxima.guardrailKnowledgeLength),
});

const time = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
const timeForm = 'must be a time such as 09:30';

const scheduleWindow = z
  .strictObject({
    days: z.array(z.enum(weekdays)).min(1).max(weekdays.length),
    from: z.string().regex(time, timeForm),
    to: z.string().refine((text) => text === '24:00' || time.test(text), timeForm),
  })
  .refine((window) => window.from !== window.to, {
    path: ['to'],
    error: 'must differ from "from"; a whole day is 00:00 to 24:00',
  });

const schedule = z.strictObject({
  timezone: z.string().refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin'),
  windows: z.array(scheduleWindow).min(1).max(agentMaxima.windows),
});

const limits = z.strictObject({
  max_steps: capAt(agentMaxima.steps),
  max_tokens: capAt(agentMaxima.tokens),
  max_cost_usd: z.number().positive().max(agentMaxima.costUsd).nullable().default(null),
  timeout_ms: z.number().int().min(1_000).max(agentMaxima.timeoutMs).nullable().default(null),
});

const memory = z.strictObject({
  scope: z.enum(memoryScopes).default('agent'),
  can_write: z.boolean().default(true),
});

const approvals = z.strictObject({
  run: z.enum(['start', 'reply']).nullable().default(null),
  tools: names(agentMaxima.tools).default([]),
  approvers: names(agentMaxima.approvers).default([]),
  expires_after_ms: z
    .number()
    .int()
    .min(1_000)
    .max(agentMaxima.approvalExpiryMs)
    .default(defaultApprovals.expires_after_ms),
  on_expiry: z.enum(expiryPolicies).default(defaultApprovals.on_expiry),
});

const keyTemplate = z.string().superRefine((text, context) => {
  const message = whyNotKeyTemplate(text);
  if (message !== null) context.addIssue({ code: 'custom', message });
});

const definitionFields = {
  name: words(agentMaxima.nameLength),
  description: words(agentMaxima.descriptionLength),
  instructions: words(agentMaxima.instructionsLength),
  guardrails: z
    .array(guardrail)
    .max(agentMaxima.guardrails)
    .superRefine(noRepeats('id', 'is given to two guardrails')),
  operation_mode: z.enum(operationModes),
  autopilot_schedule: schedule.nullable(),
  custom_response_delay_ms: z.number().min(0).max(agentMaxima.responseDelayMs),
  auto_mark_as_done: z.boolean(),
  response_language: z.enum(responseLanguages),
  responseflow: z.boolean(),
  output_schema: z
    .array(outputField)
    .max(agentMaxima.outputFields)
    .superRefine(noRepeats('name', 'is the name of two fields')),
  skill_ids: names(agentMaxima.skills),
  model: model.nullable(),
  fallback_model: model.nullable(),
  limits: limits.nullable(),
  tools: names(agentMaxima.tools).nullable(),
  concurrency: z.number().int().min(1).max(agentMaxima.concurrency).nullable(),
  concurrency_key: keyTemplate.nullable(),
  run_only_once_per_entity: z.boolean(),
  process_entities_sequentially: z.boolean(),
  execution_order: z.number().int().min(-1_000_000).max(1_000_000).nullable(),
  ignore_execution_order: z.boolean(),
  approvals: approvals.nullable(),
  cite_sources: z.boolean(),
  memory: memory.nullable(),
  tools_when_untrusted: names(agentMaxima.tools).nullable(),
  actions: chainInput.nullable(),
  attributes: z
    .record(z.string().min(1).max(100), z.unknown())
    .refine(
      (given) => JSON.stringify(given).length <= agentMaxima.attributesLength,
      `must have at most ${agentMaxima.attributesLength} characters of JSON`,
    ),
};

/** The body of a patch: only what is given changes; `skill_ids` and `triggers` replace. */
export const agentPatchSchema = z
  .object({
    ...definitionFields,
    enabled: z.boolean(),
    test_gate: z.boolean(),
    triggers: z.array(triggerInput).max(agentMaxima.triggers),
    /** The version that the change was made on: refused when the agent has another by then. */
    expected_version: z.number().int().min(1),
  })
  .partial();

/** The body of a create. */
export const agentInputSchema = agentPatchSchema.extend({
  workspace_id: z.string(),
  name: definitionFields.name,
  description: definitionFields.description,
  instructions: definitionFields.instructions,
});

export type AgentInput = z.input<typeof agentInputSchema>;
export type AgentPatch = z.input<typeof agentPatchSchema>;
export type ReadAgentPatch = z.output<typeof agentPatchSchema>;

type Unnamed = Omit<AgentDefinition, 'name' | 'description' | 'instructions'>;

const unwritten: Unnamed = {
  guardrails: [],
  operation_mode: 'autopilot',
  autopilot_schedule: null,
  custom_response_delay_ms: 0,
  auto_mark_as_done: false,
  response_language: 'Original',
  responseflow: true,
  output_schema: [],
  skill_ids: [],
  model: null,
  fallback_model: null,
  limits: null,
  tools: null,
  concurrency: null,
  ...plainOrder,
};

/** The definition of a new agent: what is given, and defaults. */
export function newDefinition(input: z.output<typeof agentInputSchema>): AgentDefinition {
  const { name, description, instructions } = input;
  return patchedDefinition({ ...unwritten, name, description, instructions }, input);
}

/** The definition with what is given in the patch; new guardrails get their ids here. */
export function patchedDefinition(before: AgentDefinition, patch: ReadAgentPatch): AgentDefinition {
  const given = Object.keys(definitionFields)
    .filter((field) => patch[field as keyof ReadAgentPatch] !== undefined)
    .map((field) => [field, patch[field as keyof ReadAgentPatch]]);
  const definition: AgentDefinition = { ...before, ...Object.fromEntries(given) };
  if (patch.guardrails === undefined) return definition;
  const guardrails = patch.guardrails.map(({ id, title, knowledge }) => ({
    id: id ?? newId('guardrail'),
    title,
    knowledge,
  }));
  return { ...definition, guardrails };
}

function names(most: number) {
  return z
    .array(z.string().min(1).max(200))
    .max(most)
    .superRefine((given, context) => {
      given.forEach((name, index) => {
        if (given.indexOf(name) === index) return;
        context.addIssue({ code: 'custom', path: [index], message: 'is there twice' });
      });
    });
}

function noRepeats<K extends string>(key: K, message: string) {
  return (
    given: readonly { readonly [P in K]?: string | undefined }[],
    context: z.RefinementCtx,
  ) => {
    const seen = new Set<string>();
    for (const [index, each] of given.entries()) {
      const value = each[key];
      if (value === undefined) continue;
      if (seen.has(value)) context.addIssue({ code: 'custom', path: [index, key], message });
      seen.add(value);
    }
  };
}
