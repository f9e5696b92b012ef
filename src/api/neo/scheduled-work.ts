import { z } from '@hono/zod-openapi';
import type { ScheduledRun } from '../../core/scheduled-run.ts';
import { listScheduledPage, type ScheduledStage } from '../../store/scheduled-lists.ts';
import {
  cancelSchedule,
  createSchedule,
  editSchedule,
  maxEntityIdLength,
  maxInstructionsLength,
  requireSchedule,
} from '../../triggers/schedules.ts';
import { created, ok } from '../answer.ts';
import { findAgent } from '../find.ts';
import { keepAnswer } from '../idempotency.ts';
import { integerParam } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { moment, ofObject } from './fields.ts';

// Scheduled work: single future runs, as Neo's pages document them. Its pages leave open how entries are
// edited and cancelled; here that is PATCH and `/cancel`.

const tag = 'Scheduled work';
const resource = 'schedule';

const statuses = ['PENDING', 'PROCESSING', 'COMPLETED', 'FAILED', 'CANCELLED'] as const;
type Status = (typeof statuses)[number];

const stages: Readonly<Record<Status, ScheduledStage>> = {
  PENDING: 'pending',
  PROCESSING: 'processing',
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
};

const row = z
  .object({
    id: z.number().int(),
    status: z.enum(statuses),
    workflow_id: z.number().int(),
    workflow_name: z.string(),
    ticket_id: z.string().nullable(),
    ticket_number: z.string().nullable(),
    scheduled_for: z.string().openapi({ format: 'date-time' }),
    executed_at: z.string().nullable().openapi({ format: 'date-time' }),
    execution_message: z.string().nullable(),
    execution_temporal_run_id: z
      .string()
      .nullable()
      .openapi({ description: 'Id of the execution that came of it.' }),
    created_by: z.string().nullable(),
    client_id: z.number().int().nullable(),
    additional_custom_instructions: z.string().nullable(),
    created_at: z.string().openapi({ format: 'date-time' }),
    updated_at: z.string().openapi({ format: 'date-time' }),
  })
  .openapi('ScheduledWork');

const params = z.object({
  scheduled_work_id: z.string().openapi({ description: 'Number of the entry, or its `sc…` id.' }),
});

const ticketId = z.string().min(1).max(maxEntityIdLength).nullable();
const instructions = z.string().max(maxInstructionsLength).nullable();

export const scheduledWorkRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/public-api/scheduled-work',
      operationId: 'public_api.scheduled_work_get',
      tag,
      summary: 'List scheduled work, newest first',
      description: 'Page by page, by number; `next_cursor` is the number of the next page.',
      resource,
      right: 'read',
      workspace: { from: 'header', need: 'one' },
      query: z.object({
        status: z.enum(statuses).optional(),
        ticket_id: z.string().max(maxEntityIdLength).optional(),
        search: z
          .string()
          .min(1)
          .max(200)
          .optional()
          .openapi({ description: 'Part of the ticket’s id, the instructions or the name.' }),
        page: integerParam({ min: 1, max: 10_000, default: 1, description: 'From 1.' }),
        page_size: integerParam({ min: 1, max: 200, default: 50, description: 'Rows of a page.' }),
      }),
      responses: { 200: { description: 'Success.', data: row, kind: 'page' } },
    },
    async ({ query, scope }, deps) => {
      const { status, ticket_id, search, page, page_size } = query;
      const filter = {
        scope,
        ...(status !== undefined && { stage: stages[status] }),
        ...(ticket_id !== undefined && { entityId: ticket_id }),
        ...(search !== undefined && { search }),
      };
      const found = await listScheduledPage(deps.db, filter, { number: page, size: page_size });
      const nextCursor = found.hasMore ? String(page + 1) : null;
      return { status: 200, data: found.items.map(show), page: { nextCursor } };
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/public-api/scheduled-work',
      operationId: 'public_api.scheduled_work_post',
      tag,
      summary: 'Schedule work',
      description:
        'One execution of the agent at that time, or as soon as a server is there again. With `ticket_id` its payload is `{entity_id}`. Conversational agents are refused with 400 `invalid_for_conversational`.',
      resource,
      right: 'write',
      workspace: { from: 'header', need: 'one' },
      body: z
        .object({
          scheduled_for: moment('In the future, within ten years.'),
          workflow_id: z
            .union([z.number().int(), z.string().min(1).max(64)])
            .openapi({ description: 'Number of the agent, or its `ag…` id.' }),
          additional_custom_instructions: instructions.default(null),
          ticket_id: ticketId.default(null),
        })
        .openapi('ScheduleWorkRequest'),
      bodyRequired: true,
      bodyExample: { scheduled_for: '2035-04-03T09:00:00Z', workflow_id: 42 },
      idempotent: 'create',
      responses: { 201: { description: 'Success.', data: row } },
    },
    async ({ body, scope, caller, idempotency }, deps) => {
      const agent = await findAgent(deps, scope, String(body.workflow_id));
      const input = {
        scheduledFor: body.scheduled_for,
        payloadJson: null,
        entityId: body.ticket_id,
        additionalInstructions: body.additional_custom_instructions,
      };
      const answerOf = (scheduled: ScheduledRun) => created(show(scheduled));
      const given = { agent, input, tokenId: caller.id };
      const keep = keepAnswer(deps, idempotency, answerOf);
      return answerOf(await createSchedule(deps.db, given, keep));
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/public-api/scheduled-work/{scheduled_work_id}',
      operationId: 'public_api.scheduled_work_detail_get',
      tag,
      summary: 'Get scheduled work',
      resource,
      right: 'read',
      workspace: ofObject,
      params,
      responses: { 200: { description: 'Success.', data: row } },
    },
    async ({ params: { scheduled_work_id: id }, scope }, deps) =>
      ok(show(await requireSchedule(deps.db, scope, id))),
  ),
  defineRoute(
    {
      method: 'patch',
      path: '/public-api/scheduled-work/{scheduled_work_id}',
      operationId: 'public_api.scheduled_work_detail_patch',
      tag,
      summary: 'Edit scheduled work that is pending',
      description: 'Only what is given changes. 409 once it is not pending any more.',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      body: z
        .object({
          scheduled_for: moment('In the future, within ten years.').optional(),
          additional_custom_instructions: instructions.optional(),
          ticket_id: ticketId.optional(),
        })
        .openapi('EditScheduledWorkRequest'),
      bodyRequired: true,
      bodyExample: { scheduled_for: '2035-04-04T09:00:00Z' },
      responses: { 200: { description: 'Success.', data: row } },
    },
    async ({ params: { scheduled_work_id: id }, body, scope }, deps) => {
      const patch = {
        scheduledFor: body.scheduled_for,
        entityId: body.ticket_id,
        additionalInstructions: body.additional_custom_instructions,
      };
      return ok(show(await editSchedule(deps.db, scope, { id, patch })));
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/public-api/scheduled-work/{scheduled_work_id}/cancel',
      operationId: 'public_api.scheduled_work_cancel_post',
      tag,
      summary: 'Cancel scheduled work that is pending',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      responses: { 200: { description: 'Success.', data: row } },
    },
    async ({ params: { scheduled_work_id: id }, scope }, deps) =>
      ok(show(await cancelSchedule(deps.db, scope, id))),
  ),
];

function show(scheduled: ScheduledRun) {
  return {
    id: scheduled.number,
    status: statusOf(scheduled),
    workflow_id: scheduled.agent.number,
    workflow_name: scheduled.agent.name,
    ticket_id: scheduled.entityId,
    ticket_number: null,
    scheduled_for: scheduled.scheduledFor.toISOString(),
    executed_at: scheduled.firedAt?.toISOString() ?? null,
    execution_message: scheduled.reason ?? scheduled.run?.error ?? null,
    execution_temporal_run_id: scheduled.run?.runId ?? null,
    created_by: scheduled.createdBy?.name ?? scheduled.createdByRunId,
    client_id: null,
    additional_custom_instructions: scheduled.additionalInstructions,
    created_at: scheduled.createdAt.toISOString(),
    updated_at: scheduled.updatedAt.toISOString(),
  };
}

function statusOf({ status, isClaimed, run }: ScheduledRun): Status {
  switch (status) {
    case 'scheduled':
      return isClaimed ? 'PROCESSING' : 'PENDING';
    case 'cancelled':
      return 'CANCELLED';
    case 'failed':
      return 'FAILED';
    case 'fired':
      if (run?.status === 'completed') return 'COMPLETED';
      return run?.status === 'failed' || run?.status === 'cancelled' ? 'FAILED' : 'PROCESSING';
  }
}
