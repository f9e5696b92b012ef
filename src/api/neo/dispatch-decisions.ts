import { z } from '@hono/zod-openapi';
import {
  type DecisionStatus,
  decisionActions,
  type FieldDecision,
} from '../../core/field-decision.ts';
import { decideField, requireFieldDecision } from '../../records/field-decisions.ts';
import { listFieldDecisions } from '../../store/field-decisions.ts';
import { listed, ok } from '../answer.ts';
import { findFiltered } from '../find.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { decisionShape, showDecision, shownStatuses } from './field-update-audit.ts';
import { agentFilter, commaSeparated, moment, ofObject, pageQuery } from './fields.ts';

// Whom executions propose for tickets. No page documents the paths; what a decision says is what Neo's pages say of
// every field that a model predicts.

const tag = 'Dispatch';
const resource = 'record';
const purpose = 'dispatch';

const row = z
  .object({
    ...decisionShape,
    current_technician_id: z.string().nullable(),
    proposed_technician_id: z.string().nullable().openapi({ description: 'Null: none fits.' }),
    proposed_technician_name: z.string().nullable(),
    justification: z.string(),
    candidates: z.array(
      z.object({
        technician_id: z.string(),
        technician_name: z.string(),
        score: z.number().nullable().openapi({ description: '0 to 100; 100 fits best.' }),
        reason: z.string().nullable(),
      }),
    ),
  })
  .openapi('DispatchDecision');

const params = z.object({
  decision_id: z.string().openapi({ description: 'Id of the decision, `fd…`.' }),
});

const idIn = (json: string): string | null => {
  const value: unknown = JSON.parse(json);
  return value === null ? null : String(value);
};

function show(decision: FieldDecision): z.input<typeof row> {
  const proposed = idIn(decision.proposedJson);
  return {
    ...showDecision(decision),
    current_technician_id: idIn(decision.currentJson),
    proposed_technician_id: proposed,
    proposed_technician_name: decision.options.find(({ id }) => id === proposed)?.name ?? null,
    justification: decision.justification,
    candidates: decision.options.map(({ id, name, score, description }) => {
      return { technician_id: id, technician_name: name, score, reason: description };
    }),
  };
}

export const dispatchRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/public-api/dispatch/decisions',
      operationId: 'public_api.dispatch_decisions_get',
      tag,
      summary: 'List whom executions proposed for tickets, newest first',
      resource,
      right: 'read',
      workspace: { from: 'header', need: 'one' },
      query: z.object({
        status: commaSeparated(shownStatuses).optional(),
        agent_id: agentFilter,
        execution_id: z.string().optional(),
        entity_id: z.string().max(200).optional(),
        created_after: moment('At or after.').optional(),
        created_before: moment('Before.').optional(),
        ...pageQuery,
      }),
      responses: { 200: { description: 'Success.', data: row, kind: 'page' } },
    },
    async ({ query, scope, workspaceId }, deps) => {
      const { page_size: limit, cursor, ...given } = query;
      const filters = { ...given, workspaceId };
      const paging = pagingOf(deps, { name: 'dispatch-decisions', filters, limit, cursor });
      const { status, agent_id, execution_id, entity_id, created_after, created_before } = given;
      const filter = {
        ...({
          scope,
          purpose,
          entityId: entity_id,
          from: created_after,
          to: created_before,
        } as const),
        statuses: status?.map((one) => one.toLowerCase() as DecisionStatus),
        ...(await findFiltered(deps, scope, { agent: agent_id, run: execution_id })),
      };
      return listed(await listFieldDecisions(deps.db, filter, paging.request), paging, show);
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/public-api/dispatch/decisions/{decision_id}',
      operationId: 'public_api.dispatch_decisions_detail_get',
      tag,
      summary: 'Get a dispatch decision',
      resource,
      right: 'read',
      workspace: ofObject,
      params,
      responses: { 200: { description: 'Success.', data: row } },
    },
    async ({ params: { decision_id: id }, scope }, deps) =>
      ok(show(await requireFieldDecision(deps.db, { scope, id }, { lock: false, purpose }))),
  ),
  defineRoute(
    {
      method: 'post',
      path: '/public-api/dispatch/decisions/{decision_id}/decision',
      operationId: 'public_api.dispatch_decisions_decision_post',
      tag,
      summary: 'Accept a proposed technician, assign another one, or reject',
      description:
        'Once: 409 `already_decided` for a second decision. The ticket’s owner is written in the same transaction.',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      body: z.object({
        action: z.enum(decisionActions),
        technician_id: z
          .string()
          .min(1)
          .max(200)
          .optional()
          .openapi({ description: 'Who gets the ticket instead; only of `override`.' }),
        note: z.string().max(10_000).nullable().default(null),
      }),
      bodyRequired: true,
      bodyExample: { action: 'accept' },
      responses: { 200: { description: 'Success.', data: row } },
    },
    async ({ params: { decision_id: id }, body, scope, caller }, deps) => {
      const by = { id: caller.id, name: caller.name };
      const given = {
        ...{ action: body.action, note: body.note || null, by },
        ...{ value: body.technician_id, valueName: 'technician_id' },
      };
      return ok(show(await decideField(deps.db, { scope, id, purpose }, given)));
    },
  ),
];
