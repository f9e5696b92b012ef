import { z } from '@hono/zod-openapi';
import { receiveAtChannel } from '../conversations/receive.ts';
import { ok } from './answer.ts';
import { readBytes } from './body.ts';
import { declaredBytes } from './hooks.ts';
import { defineRoute } from './route.ts';

/** Takes in what a channel's other side sends. The key is the right, beside whatever signature the channel asks for. */
export const receiveInbound = defineRoute(
  {
    method: 'post',
    path: '/inbound/{key}',
    operationId: 'receiveInbound',
    tag: 'hooks',
    summary: 'Take in messages of a channel',
    resource: 'hook',
    right: 'public',
    workspace: 'none',
    params: z.object({ key: z.string() }),
    errors: { 401: 'The signature is not the channel’s', 404: 'There is no channel at this URL' },
    responses: { 200: { description: 'Committed, or nothing for us in it' } },
  },
  async (call, deps) => {
    const { raw } = call.http.req;
    using _place = deps.hookGate.enter(declaredBytes(raw));
    const { key } = call.params;
    using _placeOfKey = deps.hookGate.enterHook(key);
    const received = await receiveAtChannel(deps, key, {
      header: (name) => raw.headers.get(name),
      contentType: raw.headers.get('content-type'),
      body: await readBytes(raw),
      nowMs: Date.now(),
    });
    if (received.kind === 'greeting') return ok(received.answer);
    return ok({
      messages: received.messages.map((one) => ({
        id: one.messageId,
        conversation_id: one.conversationId,
        repeated: one.kind === 'repeated',
      })),
    });
  },
);
