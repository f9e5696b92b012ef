import { z } from 'zod';
import { decisionMaxima, type Proposed, type ProposeFields } from '../core/field-decision.ts';
import { recordMaxima } from '../core/record.ts';
import type { Run } from '../core/run.ts';
import { builtIn } from './built-in.ts';
import { checkedBy } from './checked-by.ts';
import { failedCall } from './failed-call.ts';
import type { AgentTool, ToolCallResult } from './tool.ts';

// The built-in tools by which an agent says what a field of a record should hold, and why. Which one an agent
// names in its `tools` says whether a person decides on it; no argument of a model does.

export const proposeFieldToolName = 'propose_field_update';
export const updateFieldToolName = 'update_field';
export const proposeTechnicianToolName = 'propose_technician';

const key = z.string().min(1).max(recordMaxima.key);
const justification = z.string().min(1).max(decisionMaxima.justification);
const text = z.string().max(2_000);

const option = z.strictObject({
  id: key,
  name: z.string().min(1).max(400),
  description: text.optional(),
});

const updateSchema = z.strictObject({
  kind: z.string().min(1).max(64),
  entity_id: key,
  field: key,
  is_custom_field: z.boolean().default(false),
  value: z.unknown().refine((value) => value !== undefined, 'is required; null takes it away'),
  value_id: key.optional(),
  justification,
  options: z.array(option).max(decisionMaxima.options).default([]),
});

const proposalSchema = updateSchema.extend({ should_update: z.boolean().default(true) });

const technicianSchema = z.strictObject({
  kind: z.string().min(1).max(64).default('psa-ticket'),
  entity_id: key,
  technician_id: key.nullable(),
  justification,
  candidates: z
    .array(
      z.strictObject({
        technician_id: key,
        score: z.number().min(0).max(100),
        reason: z.string().min(1).max(2_000),
      }),
    )
    .min(1)
    .max(50),
});

const recordProperties = {
  kind: { type: 'string', description: 'Kind of the record, such as psa-ticket.' },
  entity_id: { type: 'string', description: 'What its system calls the record.' },
};
const why = { type: 'string', description: 'Why, in a sentence or two that a person can check.' };

const updateProperties = {
  ...recordProperties,
  field: { type: 'string', description: 'Name of the field.' },
  is_custom_field: { type: 'boolean', description: 'It is one of the custom fields.' },
  value: { description: 'What the field should hold; null takes its value away.' },
  value_id: { type: 'string', description: 'Id of the option that it is, if it is one.' },
  justification: why,
  options: {
    type: 'array',
    description: 'What there was to choose from, if it was a choice.',
    items: {
      type: 'object',
      properties: {
        id: { type: 'string' },
        name: { type: 'string' },
        description: { type: 'string' },
      },
      required: ['id', 'name'],
      additionalProperties: false,
    },
  },
};
const updateRequired = ['kind', 'entity_id', 'field', 'value', 'justification'];

/** What models and people are told of them. */
export const proposeFieldOffer = {
  description:
    'Says what a field of a record should hold, or that it should stay, and why. Nothing is written before a person accepts it.',
  inputSchema: {
    type: 'object',
    properties: {
      ...updateProperties,
      should_update: {
        type: 'boolean',
        description: 'Default true; false: the field was looked at, and should stay.',
      },
    },
    required: updateRequired,
    additionalProperties: false,
  },
} as const;

export const updateFieldOffer = {
  description: 'Sets a field of a record at once, and keeps why.',
  inputSchema: {
    type: 'object',
    properties: updateProperties,
    required: updateRequired,
    additionalProperties: false,
  },
} as const;

export const proposeTechnicianOffer = {
  description:
    'Proposes the technician who should work on a ticket, with the candidates and how well each fits. A person accepts the proposal, or assigns somebody else.',
  inputSchema: {
    type: 'object',
    properties: {
      ...recordProperties,
      technician_id: {
        type: ['string', 'null'],
        description: 'The one who fits best, of the candidates; null when none does.',
      },
      justification: why,
      candidates: {
        type: 'array',
        minItems: 1,
        maxItems: 50,
        items: {
          type: 'object',
          properties: {
            technician_id: { type: 'string' },
            score: { type: 'number', minimum: 0, maximum: 100, description: '100 fits best.' },
            reason: { type: 'string' },
          },
          required: ['technician_id', 'score', 'reason'],
          additionalProperties: false,
        },
      },
    },
    required: ['entity_id', 'technician_id', 'justification', 'candidates'],
    additionalProperties: false,
  },
} as const;

type OfRun = Pick<Run, 'id' | 'workspaceId' | 'agentId' | 'contactId' | 'parentRunId'>;

/** All three; a call that is repeated after a crash is the same decision. */
export function fieldTools(port: ProposeFields, run: OfRun): readonly AgentTool[] {
  const common = { ...builtIn, hasEffects: true };
  const fieldTool = (
    offer: Pick<AgentTool, 'name' | 'description' | 'inputSchema'>,
    check: AgentTool['check'],
  ): AgentTool => ({
    ...common,
    ...offer,
    check,
    call: async ({ inputJson, key: callKey }) => {
      const startedAt = performance.now();
      const given = proposalSchema.parse(JSON.parse(inputJson));
      const proposed = await port.field({
        ...{ run, callKey, kind: given.kind, entityId: given.entity_id, field: given.field },
        ...{ isCustomField: given.is_custom_field, shouldUpdate: given.should_update },
        ...{ value: given.value, optionId: given.value_id ?? null },
        justification: given.justification,
        options: given.options.map((one) => ({
          ...{ id: one.id, name: one.name, description: one.description ?? null, score: null },
        })),
        isFinal: offer.name === updateFieldToolName,
      });
      return resultOf(proposed, startedAt);
    },
  });
  return [
    fieldTool({ name: proposeFieldToolName, ...proposeFieldOffer }, checkedBy(proposalSchema)),
    fieldTool({ name: updateFieldToolName, ...updateFieldOffer }, checkedBy(updateSchema)),
    {
      ...common,
      name: proposeTechnicianToolName,
      ...proposeTechnicianOffer,
      check: checkedBy(technicianSchema),
      call: async ({ inputJson, key: callKey }) => {
        const startedAt = performance.now();
        const given = technicianSchema.parse(JSON.parse(inputJson));
        const proposed = await port.dispatch({
          ...{ run, callKey, kind: given.kind, entityId: given.entity_id },
          ...{ technicianId: given.technician_id, justification: given.justification },
          candidates: given.candidates.map(({ technician_id: technicianId, score, reason }) => {
            return { technicianId, score, reason };
          }),
        });
        return resultOf(proposed, startedAt);
      },
    },
  ];
}

const said = {
  proposed: 'Proposed: a person decides.',
  accepted: 'Written.',
  not_needed: 'Noted: the field stays as it is.',
  overridden: 'A person has set another value since.',
  rejected: 'A person has rejected it since.',
} as const;

function resultOf(proposed: Proposed, startedAt: number): ToolCallResult {
  const runTimeMs = Math.round(performance.now() - startedAt);
  if (!proposed.ok) return failedCall(proposed.problem, runTimeMs);
  const { id, status, field, currentJson } = proposed.decision;
  const outputJson = JSON.stringify({
    message: said[status],
    rawData: { id, field, status, current_value: JSON.parse(currentJson) as unknown },
  });
  return { ok: true, outputJson, modelText: outputJson, logs: null, runTimeMs };
}
