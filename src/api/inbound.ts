import { z } from '@hono/zod-openapi';
import { channelAt, receiveAtChannel } from '../conversations/receive.ts';
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
    const { key } = call.params;
    using _placeOfKey = deps.hookGate.enterHook(key);
    const { open, maxBytes } = await channelAt(deps, key);
    using _place = deps.hookGate.enter(declaredBytes(raw), maxBytes);
    const received = await receiveAtChannel(deps, open, {
      header: (name) => raw.headers.get(name),
      contentType: raw.headers.get('content-type'),
      body: await readBytes(raw, maxBytes),
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
