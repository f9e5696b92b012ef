import { z } from 'zod';
import { ApiError } from '../../core/errors.ts';
import { verifySignature } from '../../core/request-signature.ts';
import {
  standardHeaders,
  standardKey,
  standardRequestHeaders,
} from '../../core/standard-webhooks.ts';
import { guardedPost } from '../../sandbox/egress/post.ts';
import type { ChannelAdapter, Read } from './adapter.ts';
import { cutBody, decodeText, malformed, namesOf, readJson } from './body.ts';
import { failedAttempt } from './failed-attempt.ts';

// A bridge to whatever speaks HTTP: signed as Standard Webhooks say in both directions, by one secret. Both sides
// know a message by its `webhook-id`, so one that is sent again is taken once.

const config = z.strictObject({
  /** Where messages go out to; null: nothing does. */
  url: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .nullable()
    .default(null),
});

const text = (most: number) => z.string().max(most);
const inbound = z.object({
  type: z.enum(['message', 'edit']).default('message'),
  id: text(500).min(1).optional(),
  thread_id: text(500).min(1).optional(),
  from: z.object({ id: text(500).min(1), name: text(400).nullish() }).optional(),
  subject: text(1_000).nullish(),
  body: z.string().min(1),
  wants_reply: z.boolean().default(true),
});

/** Characters of an answer that its id is looked for in. */
const maxAnswer = 4_096;

export const webhookAdapter: ChannelAdapter = {
  kinds: ['webhook', 'sms', 'whatsapp', 'teams', 'widget'],
  config,
  secrets: z.strictObject({ secret: z.string().max(200).optional() }),
  knowsRepeats: true,
  hasUrl: true,
  problems: (_, secrets) => {
    const isKey = secrets.secret !== undefined && standardKey(secrets.secret) !== null;
    const problem = 'must be "whsec_" and the base64 of 16 to 64 bytes';
    return new Map(isKey ? [] : [['secrets.secret', problem]]);
  },
  async read({ channel, secrets }, request): Promise<Read> {
    const way = { verify: 'standard_webhooks', header: null, prefix: '' } as const;
    const form = { algorithm: 'sha256', encoding: 'base64' } as const;
    const verdict = verifySignature({ ...way, ...form }, [secrets.secret ?? ''], request);
    if (!verdict.ok) throw new ApiError('unauthenticated', verdict.why);
    const read = readJson(inbound, decodeText(request.body));
    const externalId = read.id ?? request.header(standardHeaders.id);
    if (read.type === 'edit') {
      if (read.id === undefined) throw malformed('id: is required for an edit.');
      return { kind: 'items', items: [{ kind: 'edit', externalId: read.id, body: read.body }] };
    }
    const { from } = read;
    if (from === undefined) throw malformed('from: is required for a message.');
    return {
      kind: 'items',
      items: [
        {
          kind: 'message',
          externalId,
          threadKey: read.thread_id ?? from.id,
          contact: { value: from.id, scope: channel.id, ...namesOf(from.name) },
          sender: { externalId: from.id, name: from.name ?? null },
          subject: read.subject ?? null,
          body: cutBody(read.body),
          wantsReply: read.wants_reply,
        },
      ],
    };
  },
  async send({ channel, secrets }, message, way) {
    const { url } = config.parse(channel.config);
    if (url === null) return { kind: 'refused', error: 'The channel has no URL to send to.' };
    const body = JSON.stringify({
      type: 'message',
      timestamp: message.createdAt.toISOString(),
      data: {
        id: message.id,
        conversation_id: message.conversationId,
        thread_id: message.threadKey,
        to: message.to,
        subject: message.subject ?? message.conversationSubject,
        body: message.body,
        ...(message.template === null
          ? {}
          : {
              whatsapp_template: {
                content_sid: message.template.contentSid,
                variables: message.template.variables,
              },
            }),
      },
    });
    try {
      const headers = {
        'user-agent': way.userAgent,
        ...signed(secrets.secret ?? '', message.id, body),
      };
      const answer = await guardedPost(way.guard, {
        ...way,
        url,
        headers,
        body,
        maxText: maxAnswer,
      });
      if (answer.status >= 200 && answer.status <= 299) {
        return { kind: 'sent', externalId: idIn(answer.text) };
      }
      const error = `The receiver answered ${answer.status}.`;
      if (answer.status === 410) return { kind: 'refused', error };
      return { kind: 'not_sent', error, retryAfter: answer.header('retry-after') };
    } catch (thrown) {
      return failedAttempt(thrown, way.signal);
    }
  },
};

function signed(secret: string, id: string, body: string): Record<string, string> {
  const key = standardKey(secret);
  if (key === null) throw new Error('The secret of a webhook channel has no form.');
  return standardRequestHeaders([key], { id, body, nowMs: Date.now() });
}

/** The receiver's own id for the message, if it answers with one. */
function idIn(answer: string): string | null {
  try {
    const { id } = JSON.parse(answer) as { id?: unknown };
    return typeof id === 'string' && id !== '' ? id.slice(0, 500) : null;
  } catch {
    return null;
  }
}
