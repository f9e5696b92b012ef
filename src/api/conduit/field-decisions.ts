import { z } from '@hono/zod-openapi';
import {
  decisionActions,
  decisionPurposes,
  decisionStatuses,
  type FieldDecision,
} from '../../core/field-decision.ts';
import { RawJson, rawOr } from '../../core/raw-json.ts';
import { decideField, requireFieldDecision } from '../../records/field-decisions.ts';
import { listFieldDecisions } from '../../store/field-decisions.ts';
import { listed, ok } from '../answer.ts';
import { findFiltered } from '../find.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { anyJson, idParam, listQuery, moment, ofObject } from './fields.ts';
import { iso, isoOrNull } from './times.ts';

// What runs propose for fields of records, and what becomes of it.

const tag = 'field_decisions';
const resource = 'record';
const params = z.object({ id: idParam('Decision', 'fd77c0dy0mgdpzmqz6tesry8w184002s') });

const shape = z.object({
  id: z.string(),
  workspace_id: z.string(),
  agent_id: z.string(),
  run_id: z.string(),
  step_id: z.string(),
  purpose: z.enum(decisionPurposes),
  kind: z.string(),
  entity_id: z.string().openapi({ description: 'What its source calls the record.' }),
  record_id: z.string(),
  field: z.string(),
  is_custom_field: z.boolean(),
  should_update: z.boolean().openapi({ description: 'False: the field was to stay as it was.' }),
  current_value: anyJson.openapi({ description: 'As it was when the run proposed.' }),
  proposed_value: anyJson,
  proposed_option_id: z.string().nullable(),
  justification: z.string(),
  options: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      description: z.string().nullable(),
      score: z.number().nullable(),
    }),
  ),
  status: z.enum(decisionStatuses),
  final_value: anyJson.openapi({ description: 'What was written; null as long as nothing was.' }),
  note: z.string().nullable(),
  decided_by: z.object({ id: z.string(), name: z.string().nullable() }).nullable().openapi({
    description: 'A token, a member, or the agent, where its word is final.',
  }),
  decided_at: z.string().nullable(),
  created_at: z.string(),
});

function show(decision: FieldDecision): z.input<typeof shape> {
  return {
    id: decision.id,
    workspace_id: decision.workspaceId,
    agent_id: decision.agent.id,
    run_id: decision.run.id,
    step_id: decision.run.stepId,
    purpose: decision.purpose,
    kind: decision.kind,
    entity_id: decision.entityId,
    record_id: decision.recordId,
    field: decision.field,
    is_custom_field: decision.isCustomField,
    should_update: decision.shouldUpdate,
    current_value: new RawJson(decision.currentJson),
    proposed_value: new RawJson(decision.proposedJson),
    proposed_option_id: decision.proposedOptionId,
    justification: decision.justification,
    options: [...decision.options],
    status: decision.status,
    final_value: rawOr(decision.finalJson, null),
    note: decision.note,
    decided_by: decision.decidedBy,
    decided_at: isoOrNull(decision.decidedAt),
    created_at: iso(decision.createdAt),
  };
}

export const fieldDecisionRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/field-decisions',
      operationId: 'listFieldDecisions',
      tag,
      summary: 'List what runs decided about fields of records, newest first',
      resource,
      right: 'read',
      workspace: { from: 'query', need: 'one' },
      query: z.object({
        purpose: z.enum(decisionPurposes).optional(),
        status: z.enum(decisionStatuses).optional(),
        agent_id: z.string().optional(),
        run_id: z.string().optional().openapi({ description: 'Either id of a run.' }),
        kind: z.string().max(64).optional(),
        entity_id: z.string().max(200).optional(),
        field: z.string().max(200).optional(),
        from: moment.optional(),
        to: moment.optional(),
        ...listQuery,
      }),
      responses: { 200: { description: 'Decisions', data: shape, kind: 'page' } },
    },
    async ({ query, scope, workspaceId }, deps) => {
      const { limit, cursor, ...given } = query;
      const { status, agent_id, run_id, entity_id: entityId, ...rest } = given;
      const filters = { workspaceId, ...given };
      const paging = pagingOf(deps, { name: 'field-decisions', filters, limit, cursor });
      const filter = {
        ...{ scope, entityId, ...rest, statuses: status === undefined ? undefined : [status] },
        ...(await findFiltered(deps, scope, { agent: agent_id, run: run_id })),
      };
      return listed(await listFieldDecisions(deps.db, filter, paging.request), paging, show);
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/field-decisions/{id}',
      operationId: 'getFieldDecision',
      tag,
      summary: 'Get a decision about a field',
      resource,
      right: 'read',
      workspace: ofObject,
      params,
      responses: { 200: { description: 'Decision', data: shape } },
    },
    async ({ params: { id }, scope }, deps) =>
      ok(show(await requireFieldDecision(deps.db, { scope, id }))),
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/field-decisions/{id}/decide',
      operationId: 'decideField',
      tag,
      summary: 'Accept, override or reject what a run proposed for a field',
      description:
        'Once. What is accepted, or the `value` that overrides it, is written into the record in the same transaction, and fires its event.',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      body: z.object({
        action: z.enum(decisionActions),
        value: z
          .unknown()
          .optional()
          .openapi({ description: 'Only of an override; null takes it away.' }),
        note: z.string().min(1).max(10_000).nullable().optional(),
      }),
      bodyRequired: true,
      bodyExample: { action: 'accept' },
      errors: { 409: 'It is decided, or the record is no more' },
      responses: { 200: { description: 'Decision, made', data: shape } },
    },
    async ({ params: { id }, body, scope, caller }, deps) => {
      const { action, value, note = null } = body;
      const by = { id: caller.id, name: caller.name };
      const given = { action, value, valueName: 'value', note, by };
      return ok(show(await decideField(deps.db, { scope, id }, given)));
    },
  ),
];
