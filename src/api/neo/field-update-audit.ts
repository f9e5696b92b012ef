import { z } from '@hono/zod-openapi';
import { decisionStatuses, type FieldDecision } from '../../core/field-decision.ts';
import { RawJson, rawOr } from '../../core/raw-json.ts';
import { listFieldDecisions } from '../../store/field-decisions.ts';
import { listed } from '../answer.ts';
import { findRun } from '../find.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { executionParams } from './executions.ts';
import { ofObject, pageQuery, upperCased } from './fields.ts';

// What an execution said that fields should hold, as Neo's pages document it.

export const shownStatuses = upperCased(decisionStatuses);

const anyValue = z.unknown();

/** What is common to the views of a decision. */
export const decisionShape = {
  id: z.string(),
  agent_id: z.number().int(),
  agent_name: z.string(),
  execution_id: z.string(),
  step_id: z.string().openapi({ description: 'With what the model was asked and answered.' }),
  entity_id: z.string(),
  entity_kind: z.string(),
  status: z.enum(shownStatuses),
  final_value: anyValue.openapi({ description: 'What was written; null as long as nothing was.' }),
  note: z.string().nullable(),
  decided_by: z.object({ id: z.string(), name: z.string().nullable() }).nullable(),
  decided_at: z.string().nullable().openapi({ format: 'date-time' }),
  created_at: z.string().openapi({ format: 'date-time' }),
};

export function showDecision(decision: FieldDecision) {
  return {
    id: decision.id,
    agent_id: decision.agent.number,
    agent_name: decision.agent.name,
    execution_id: decision.run.runId,
    step_id: decision.run.stepId,
    entity_id: decision.entityId,
    entity_kind: decision.kind,
    status: decision.status.toUpperCase() as Uppercase<FieldDecision['status']>,
    final_value: rawOr(decision.finalJson, null),
    note: decision.note,
    decided_by: decision.decidedBy,
    decided_at: decision.decidedAt?.toISOString() ?? null,
    created_at: decision.createdAt.toISOString(),
  };
}

const notKept = '`N/A`: it is in the execution’s steps, under `step_id`.';

const entry = z
  .object({
    ...decisionShape,
    custom_field_name: z.string().openapi({ description: 'Of the field, custom or not.' }),
    is_custom_field: z.boolean(),
    current_value: anyValue,
    predicted_value: anyValue,
    predicted_value_id: z.string().nullable(),
    should_update_field: z.boolean(),
    ai_justification: z.string(),
    options_to_choose_from: z.array(
      z.object({ id: z.string(), name: z.string(), description: z.string().nullable() }),
    ),
    system_prompt: z.string().openapi({ description: notKept }),
    user_prompt: z.string().openapi({ description: notKept }),
    gpt_response: z.string().openapi({ description: notKept }),
  })
  .openapi('FieldUpdateAuditEntry');

function show(decision: FieldDecision): z.input<typeof entry> {
  const inSteps = 'N/A';
  return {
    ...showDecision(decision),
    custom_field_name: decision.field,
    is_custom_field: decision.isCustomField,
    current_value: new RawJson(decision.currentJson),
    predicted_value: new RawJson(decision.proposedJson),
    predicted_value_id: decision.proposedOptionId,
    should_update_field: decision.shouldUpdate,
    ai_justification: decision.justification,
    options_to_choose_from: decision.options.map(({ id, name, description }) => {
      return { id, name, description };
    }),
    ...{ system_prompt: inSteps, user_prompt: inSteps, gpt_response: inSteps },
  };
}

export const getFieldUpdateAudit = defineRoute(
  {
    method: 'get',
    path: '/public-api/executions/{execution_id}/field-update-audit',
    operationId: 'public_api.executions_field_update_audit_get',
    tag: 'Executions',
    summary: 'List what an execution decided for fields, newest first',
    description:
      'One entry for each field that a tool of the execution wrote, proposed to write, or looked at and left.',
    resource: 'run',
    right: 'read',
    workspace: ofObject,
    params: executionParams,
    query: z.object(pageQuery),
    responses: { 200: { description: 'Success.', data: entry, kind: 'page' } },
  },
  async ({ params: { execution_id: id }, query, scope }, deps) => {
    const run = await findRun(deps, scope, id);
    const { page_size: limit, cursor } = query;
    const filters = { runId: run.id };
    const paging = pagingOf(deps, { name: 'field-update-audit', filters, limit, cursor });
    const page = await listFieldDecisions(deps.db, { scope, runId: run.id }, paging.request);
    return listed(page, paging, show);
  },
);
