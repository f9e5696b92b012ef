import { z } from '@hono/zod-openapi';
import { rawMember } from '../../core/json.ts';
import { type ScheduledRun, scheduledStatuses } from '../../core/scheduled-run.ts';
import { listScheduledRuns } from '../../store/scheduled-lists.ts';
import {
  cancelSchedule,
  createSchedule,
  editSchedule,
  maxEntityIdLength,
  maxInstructionsLength,
  requireSchedule,
} from '../../triggers/schedules.ts';
import { created, listed, ok } from '../answer.ts';
import { findAgent, findAgentId } from '../find.ts';
import { keepAnswer } from '../idempotency.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { idParam, listQuery, moment, ofObject, workspaceIdField } from './fields.ts';
import { scheduleShape, showSchedule } from './schedule-view.ts';

const tag = 'schedules';
const resource = 'schedule';
const params = z.object({ id: idParam('Scheduled run', 'sc77c0dy0mgdpzmqz6tesry8w184002s') });
const tooLate = { 409: 'It has started, failed or was cancelled' } as const;

const entityId = z.string().min(1).max(maxEntityIdLength).nullable();
const instructions = z.string().min(1).max(maxInstructionsLength).nullable();
const fields = {
  payload: z.unknown().optional().openapi({
    description: 'The run’s payload. When absent `{"entity_id": …}` if there is one, else `{}`.',
  }),
  entity_id: entityId.optional().openapi({ description: 'What the run is about.' }),
  additional_instructions: instructions.optional(),
};

export const scheduleRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/schedules',
      operationId: 'listSchedules',
      tag,
      summary: 'List scheduled runs, newest first',
      resource,
      right: 'read',
      workspace: { from: 'query', need: 'one' },
      query: z.object({
        status: z.enum(scheduledStatuses).optional(),
        agent_id: z.string().optional(),
        entity_id: z.string().max(maxEntityIdLength).optional(),
        ...listQuery,
      }),
      responses: { 200: { description: 'Scheduled runs', data: scheduleShape, kind: 'page' } },
    },
    async ({ query, scope, workspaceId }, deps) => {
      const { limit, cursor, agent_id, entity_id, status } = query;
      const filters = { workspaceId, agent_id, entity_id, status };
      const paging = pagingOf(deps, { name: 'schedules', filters, limit, cursor });
      const filter = {
        scope,
        ...(status !== undefined && { status }),
        ...(entity_id !== undefined && { entityId: entity_id }),
        ...(agent_id !== undefined && { agentId: await findAgentId(deps, scope, agent_id) }),
      };
      return listed(await listScheduledRuns(deps.db, filter, paging.request), paging, showSchedule);
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/schedules',
      operationId: 'createSchedule',
      tag,
      summary: 'Schedule a run',
      description:
        'The agent runs once at that time, or as soon as a server is there again, as it is then: its version, model and limits of the time. A paused agent’s run waits; of an agent that is then disabled, inactive or deleted it fails, with the reason.',
      resource,
      right: 'write',
      workspace: { from: 'body', need: 'one' },
      body: z.object({
        workspace_id: workspaceIdField.optional(),
        agent_id: z.string().openapi({ description: 'Id or number of the agent.' }),
        scheduled_for: moment.openapi({ description: 'When, in the future, within ten years.' }),
        ...fields,
      }),
      bodyRequired: true,
      bodyExample: {
        agent_id: 'ag77c0dy0mgdpzmqz6tesry8w184002s',
        scheduled_for: '2035-04-03T09:00:00Z',
        payload: { reservation_id: 'res_123' },
      },
      idempotent: 'create',
      responses: { 201: { description: 'Run scheduled', data: scheduleShape } },
    },
    async ({ body, bodyText, scope, caller, idempotency }, deps) => {
      const agent = await findAgent(deps, scope, body.agent_id);
      const input = {
        scheduledFor: body.scheduled_for,
        payloadJson: rawMember(bodyText, 'payload'),
        entityId: body.entity_id ?? null,
        additionalInstructions: body.additional_instructions ?? null,
      };
      const answerOf = (scheduled: ScheduledRun) => created(showSchedule(scheduled));
      const given = { agent, input, tokenId: caller.id };
      const keep = keepAnswer(deps, idempotency, answerOf);
      return answerOf(await createSchedule(deps.db, given, keep));
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/schedules/{id}',
      operationId: 'getSchedule',
      tag,
      summary: 'Get a scheduled run',
      resource,
      right: 'read',
      workspace: ofObject,
      params,
      responses: { 200: { description: 'Scheduled run', data: scheduleShape } },
    },
    async ({ params: { id }, scope }, deps) =>
      ok(showSchedule(await requireSchedule(deps.db, scope, id))),
  ),
  defineRoute(
    {
      method: 'patch',
      path: '/v1/schedules/{id}',
      operationId: 'updateSchedule',
      tag,
      summary: 'Edit a scheduled run',
      description: 'Only what is given changes, and only before it starts.',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      body: z.object({ scheduled_for: moment.optional(), ...fields }),
      bodyRequired: true,
      bodyExample: { scheduled_for: '2035-04-04T09:00:00Z' },
      errors: tooLate,
      responses: { 200: { description: 'Scheduled run', data: scheduleShape } },
    },
    async ({ params: { id }, body, bodyText, scope }, deps) => {
      const patch = {
        scheduledFor: body.scheduled_for,
        payloadJson: rawMember(bodyText, 'payload'),
        entityId: body.entity_id,
        additionalInstructions: body.additional_instructions,
      };
      return ok(showSchedule(await editSchedule(deps.db, scope, { id, patch })));
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/schedules/{id}/cancel',
      operationId: 'cancelSchedule',
      tag,
      summary: 'Cancel a scheduled run',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      errors: tooLate,
      responses: { 200: { description: 'Scheduled run, cancelled', data: scheduleShape } },
    },
    async ({ params: { id }, scope }, deps) =>
      ok(showSchedule(await cancelSchedule(deps.db, scope, id))),
  ),
];
