import { z } from '@hono/zod-openapi';
import { ApiError } from '../../core/errors.ts';
import { eventSources } from '../../core/trigger-event.ts';
import { listTriggerEvents } from '../../store/trigger-events.ts';
import { countVerdicts, readVerdicts } from '../../store/verdicts.ts';
import { countReplay, maxReplayed, replayEvent, replayRange } from '../../triggers/replay.ts';
import { listed, ok } from '../answer.ts';
import { findAgentId, findTriggerEvent } from '../find.ts';
import { requireKeyForm } from '../idempotency.ts';
import { pagingOf } from '../paging.ts';
import { type Call, defineRoute, type Route } from '../route.ts';
import { listQuery, moment, ofObject } from './fields.ts';
import {
  eventDetail,
  eventSummary,
  firedEvent,
  showEvent,
  showEventSummary,
  showFired,
} from './trigger-event-view.ts';

const tag = 'trigger-events';
const resource = 'trigger_event';
const eventParams = z.object({ id: z.string().openapi({ description: 'Trigger event id.' }) });

const source = z.enum(eventSources).optional();
const from = moment.optional().openapi({ description: 'Created at or after.' });
const to = moment.optional().openapi({ description: 'Created before.' });
const type = z.string().min(1).max(200).optional().openapi({ description: 'The event’s name.' });

const list = defineRoute(
  {
    method: 'get',
    path: '/v1/trigger-events',
    operationId: 'listTriggerEvents',
    tag,
    summary: 'List trigger events, newest first',
    description:
      'What has fired, whether it started a run or not. Dispatches by hand are in it, with the source `manual`.',
    resource,
    right: 'read',
    workspace: { from: 'query', need: 'one' },
    query: z.object({
      agent_id: z.string().optional().openapi({ description: 'A trigger of it was looked at.' }),
      trigger_id: z.string().max(64).optional(),
      source,
      type,
      entity_id: z.string().max(255).optional(),
      matched: z.enum(['true', 'false']).optional().openapi({
        type: 'boolean',
        description: 'Whether it started a run; of the agent or trigger, where one is named.',
      }),
      from,
      to,
      ...listQuery,
    }),
    responses: { 200: { description: 'Trigger events', data: eventSummary, kind: 'page' } },
  },
  async ({ query, scope, workspaceId }, deps) => {
    const { limit, cursor, ...given } = query;
    const filters = { ...given, workspaceId };
    const paging = pagingOf(deps, { name: 'trigger-events', filters, limit, cursor });
    const page = await listTriggerEvents(
      deps.db,
      {
        scope,
        ...(given.agent_id !== undefined && {
          agentId: await findAgentId(deps, scope, given.agent_id),
        }),
        ...(given.trigger_id !== undefined && { triggerId: given.trigger_id }),
        ...(given.source && { source: given.source }),
        ...(given.type !== undefined && { types: [given.type] }),
        ...(given.entity_id !== undefined && { entityId: given.entity_id }),
        ...(given.matched && { matched: given.matched === 'true' }),
        ...(given.from && { from: given.from }),
        ...(given.to && { to: given.to }),
      },
      paging.request,
    );
    const counts = await countVerdicts(
      deps.db,
      page.items.map((event) => event.id),
    );
    return listed(page, paging, (event) => showEventSummary(event, counts(event.id)));
  },
);

const get = defineRoute(
  {
    method: 'get',
    path: '/v1/trigger-events/{id}',
    operationId: 'getTriggerEvent',
    tag,
    summary: 'Get a trigger event: its payload, and why each agent ran or did not',
    resource,
    right: 'read',
    workspace: ofObject,
    params: eventParams,
    responses: { 200: { description: 'Trigger event', data: eventDetail } },
  },
  async ({ params, scope }, deps) => {
    const event = await findTriggerEvent(deps, scope, params.id);
    const verdicts = (await readVerdicts(deps.db, [event.id])).get(event.id) ?? [];
    return ok(showEvent(event, verdicts));
  },
);

const replayed = firedEvent.extend({ replay_of: z.string() });

const replayOne = defineRoute(
  {
    method: 'post',
    path: '/v1/trigger-events/{id}/replay',
    operationId: 'replayTriggerEvent',
    tag,
    summary: 'Fire a trigger event again',
    description:
      'A new trigger event with the same payload, linked by `replay_of`. A named event is held against all triggers as they are now; a tick, a webhook or a dispatch fires its own trigger again, as it is now. Once-only and overlap rules hold. With `Idempotency-Key` a second replay of the event is a repeat.',
    resource,
    right: 'write',
    workspace: ofObject,
    params: eventParams,
    body: z.object({
      agent_id: z.string().optional().openapi({ description: 'Only for this agent.' }),
    }),
    errors: { 409: 'Its trigger is not there any more' },
    responses: { 202: { description: 'Fired again', data: replayed } },
  },
  async (call, deps) => {
    const { params, body, scope } = call;
    const event = await findTriggerEvent(deps, scope, params.id);
    const agentId =
      body.agent_id === undefined
        ? null
        : await findAgentId(deps, [event.workspaceId], body.agent_id);
    const result = await replayEvent(deps, event, { agentId, ...keyOf(call) });
    return { status: 202, data: { ...showFired(result), replay_of: event.id } };
  },
);

const rangeAnswer = z.object({
  dry_run: z.boolean(),
  count: z.number().int(),
  replayed: z.array(replayed),
  failed: z.array(z.object({ replay_of: z.string(), error: z.string() })),
});

const replaySome = defineRoute(
  {
    method: 'post',
    path: '/v1/trigger-events/replay',
    operationId: 'replayTriggerEvents',
    tag,
    summary: 'Fire a range of trigger events again',
    description: `Up to ${maxReplayed} events, the oldest first, each as a single replay would. Ask with \`dry_run\` how many there are, and give that as \`expected_count\`: if it has changed, nothing is fired. Replays are not replayed unless \`source\` asks for them.`,
    resource,
    right: 'write',
    workspace: { from: 'body', need: 'one' },
    body: z.object({
      workspace_id: z.string().optional(),
      from: moment,
      to: moment,
      source,
      type,
      entity_id: z.string().max(255).optional(),
      matched: z.boolean().optional().openapi({ description: 'Whether it started a run.' }),
      agent_id: z.string().optional().openapi({
        description:
          'Only triggers of this agent are looked at, also by events from before it was there.',
      }),
      dry_run: z.boolean().default(false),
      expected_count: z.number().int().min(0).optional(),
    }),
    bodyRequired: true,
    bodyExample: {
      from: '2026-04-03T00:00:00Z',
      to: '2026-04-04T00:00:00Z',
      type: 'reservation.created',
      dry_run: true,
    },
    errors: { 409: 'There are not as many as expected', 422: 'There are too many' },
    responses: {
      200: { description: 'How many there are', data: rangeAnswer },
      202: { description: 'Fired again', data: rangeAnswer },
    },
  },
  async (call, deps) => {
    const { body, scope } = call;
    const range = {
      scope,
      from: body.from,
      to: body.to,
      ...(body.source && { source: body.source }),
      ...(body.type !== undefined && { types: [body.type] }),
      ...(body.entity_id !== undefined && { entityId: body.entity_id }),
      ...(body.matched !== undefined && { matched: body.matched }),
    };
    const agentId =
      body.agent_id === undefined ? null : await findAgentId(deps, scope, body.agent_id);
    const count = await countReplay(deps, range);
    if (body.dry_run) return ok({ dry_run: true, count, replayed: [], failed: [] });
    if (body.expected_count !== undefined && body.expected_count !== count) {
      throw new ApiError(
        'conflict',
        `There are ${count} trigger events now, not ${body.expected_count}. Nothing was replayed.`,
      );
    }
    const done = await replayRange(deps, range, { agentId, ...keyOf(call) });
    return {
      status: 202,
      data: {
        dry_run: false,
        count: done.length,
        replayed: done.flatMap(({ event, result }) =>
          typeof result === 'string' ? [] : { ...showFired(result), replay_of: event.id },
        ),
        failed: done.flatMap(({ event, result }) =>
          typeof result === 'string' ? { replay_of: event.id, error: result } : [],
        ),
      },
    };
  },
);

function keyOf({ http }: Pick<Call, 'http'>) {
  const key = http.req.header('idempotency-key') ?? null;
  if (key !== null) requireKeyForm(key);
  return { key, traceparent: http.req.header('traceparent') ?? null };
}

export const triggerEventRoutes: readonly Route[] = [list, get, replaySome, replayOne];
