import { z } from '@hono/zod-openapi';
import { ApiError } from '../../core/errors.ts';
import { fireEvent } from '../../triggers/fire-event.ts';
import type { FireResult } from '../../triggers/firing.ts';
import { defineRoute } from '../route.ts';
import { plainEvent, readGivenEvents } from './given-events.ts';
import { firedEvent, showFired } from './trigger-event-view.ts';

export const sendEvents = defineRoute(
  {
    method: 'post',
    path: '/v1/events',
    operationId: 'sendEvents',
    tag: 'trigger-events',
    summary: 'Send an event',
    description:
      'Runs every agent with an event trigger that listens to the event’s `type` and whose filter its payload passes. Also takes CloudEvents 1.0: `application/cloudevents+json`, `application/cloudevents-batch+json` (up to 100), or binary with `ce-…` headers; `subject` is the entity then. Each event is kept as a trigger event, with the reason why each agent ran or did not. A repeat, by `source` and `id`, starts nothing and gets the first answer’s ids.',
    resource: 'trigger_event',
    right: 'write',
    workspace: { from: 'query', need: 'one' },
    body: plainEvent,
    readsBody: true,
    bodyRequired: true,
    bodyExample: {
      type: 'reservation.created',
      id: 'evt-4711',
      payload: { reservation: { id: 'res_123', status: 'confirmed' } },
    },
    responses: {
      202: {
        description: 'Events kept, and their runs accepted',
        data: z.object({ trigger_event_ids: z.array(z.string()), events: z.array(firedEvent) }),
      },
    },
  },
  async ({ workspaceId, http }, deps) => {
    if (workspaceId === null) throw new ApiError('invalid_workspace', 'Invalid workspace id');
    const given = await readGivenEvents(http.req.raw);
    const results: FireResult[] = [];
    for (const event of given) {
      const { id, source, type, ...rest } = event;
      results.push(
        await fireEvent(deps, {
          ...rest,
          workspaceId,
          source: 'event',
          eventType: type,
          onceKey: id === null ? null : `event:${JSON.stringify([source, id])}`,
          causedByRunId: null,
          depth: 0,
          traceparent: http.req.header('traceparent') ?? null,
        }),
      );
    }
    return {
      status: 202,
      data: {
        trigger_event_ids: results.map((result) => result.triggerEventId),
        events: results.map(showFired),
      },
    };
  },
);
