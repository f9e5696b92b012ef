import { createHash } from 'node:crypto';
import { RawJson, stringifyJson } from '../core/raw-json.ts';
import type { Queryable } from '../store/connect.ts';
import type { InternalEvent } from '../store/internal-events.ts';
import { publishMessage } from '../store/webhooks.ts';

/** The body of a message, in the form of Standard Webhooks: what happened, when, and to what. */
export function messageBody(message: {
  readonly type: string;
  readonly at: Date;
  readonly data: unknown;
}): string {
  return stringifyJson({
    type: message.type,
    timestamp: message.at.toISOString(),
    data: message.data,
  });
}

/**
 * Hands an event of ours to the webhooks that subscribed to it. Its message is made of its own id, so that
 * it is told under one id however often this is called. The number of deliveries that it adds.
 */
export async function publishEvent(
  db: Queryable,
  event: InternalEvent,
  payloadJson: string,
): Promise<number> {
  const { workspaceId, type, createdAt: at } = event;
  return await publishMessage(db, {
    id: `msg_${createHash('sha256').update(`event/${event.id}`).digest('hex').slice(0, 32)}`,
    workspaceId,
    type,
    agentId: agentIdOf(payloadJson),
    body: messageBody({ type, at, data: new RawJson(payloadJson) }),
  });
}

/** The agent that an event is about: what its payload says. */
function agentIdOf(payloadJson: string): string | null {
  const payload: unknown = JSON.parse(payloadJson);
  if (typeof payload !== 'object' || payload === null || !('agent_id' in payload)) return null;
  return typeof payload.agent_id === 'string' ? payload.agent_id : null;
}
