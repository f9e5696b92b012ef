import { z } from 'zod';
import { ApiError } from '../../core/errors.ts';
import { verifySignature } from '../../core/request-signature.ts';
import { guardedPost } from '../../sandbox/egress/post.ts';
import type { Attempted, ChannelAdapter, Read, ReadItem } from './adapter.ts';
import { cutBody, decodeText, readJson } from './body.ts';
import { failedAttempt } from './failed-attempt.ts';

// Slack: the Events API in (https://docs.slack.dev/apis/events-api), `chat.postMessage` out. A direct message is a
// conversation with its writer; in a channel each thread is one. Slack does not know a message that is posted
// twice for the same one, so what nobody knows the outcome of is left to a person.

const config = z.strictObject({
  /** Slack's, or that of what speaks like it. */
  api_url: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .default('https://slack.com/api'),
});

const event = z.object({
  type: z.string(),
  subtype: z.string().optional(),
  channel: z.string().optional(),
  channel_type: z.string().optional(),
  user: z.string().optional(),
  bot_id: z.string().optional(),
  text: z.string().optional(),
  ts: z.string().optional(),
  thread_ts: z.string().optional(),
  message: z
    .object({
      user: z.string().optional(),
      bot_id: z.string().optional(),
      text: z.string().optional(),
      ts: z.string().optional(),
    })
    .optional(),
});
const envelope = z.object({
  type: z.string(),
  challenge: z.string().optional(),
  team_id: z.string().optional(),
  event: event.optional(),
});

/** What Slack refuses for now; every other error stays one. */
const later = new Set(['ratelimited', 'rate_limited', 'service_unavailable', 'team_added_to_org']);
/** “Some aspect of the operation succeeded before the error”, or may have. */
const unclear = new Set(['internal_error', 'fatal_error', 'request_timeout']);
const maxAnswer = 65_536;

export const slackAdapter: ChannelAdapter = {
  kinds: ['slack'],
  config,
  secrets: z.strictObject({
    signing_secret: z.string().min(8).max(500).optional(),
    bot_token: z
      .string()
      .min(8)
      .max(500)
      .regex(/^[\x21-\x7e]+$/, 'must be a token')
      .optional(),
  }),
  knowsRepeats: false,
  hasUrl: true,
  problems: (_, secrets) => {
    const missing = ['signing_secret', 'bot_token'].filter((name) => secrets[name] === undefined);
    return new Map(missing.map((name) => [`secrets.${name}`, 'is required']));
  },
  async read({ channel, secrets }, request): Promise<Read> {
    const form = { header: null, prefix: '', algorithm: 'sha256', encoding: 'hex' } as const;
    const secret = secrets.signing_secret;
    // An empty secret would sign what anybody can sign.
    if (secret === undefined) throw new ApiError('unauthenticated', 'The channel has no secret.');
    const verdict = verifySignature({ verify: 'slack', ...form }, [secret], request);
    if (!verdict.ok) throw new ApiError('unauthenticated', verdict.why);
    const sent = readJson(envelope, decodeText(request.body));
    if (sent.type === 'url_verification') {
      return { kind: 'greeting', answer: { challenge: sent.challenge ?? '' } };
    }
    const item = sent.event === undefined ? null : itemOf(sent.event, sent.team_id ?? '');
    if (item === null) return { kind: 'items', items: [] };
    return {
      kind: 'items',
      items: [
        item.kind === 'edit' ? item : { ...item, contact: { ...item.contact, scope: channel.id } },
      ],
    };
  },
  async send({ channel, secrets }, message, way): Promise<Attempted> {
    const { api_url } = config.parse(channel.config);
    const [to, thread] = message.threadKey.split(':');
    const body = JSON.stringify({
      channel: to,
      text: message.body,
      ...(thread === undefined ? {} : { thread_ts: thread }),
    });
    const headers = {
      authorization: `Bearer ${secrets.bot_token ?? ''}`,
      'content-type': 'application/json; charset=utf-8',
      'user-agent': way.userAgent,
    };
    try {
      const url = `${api_url.replace(/\/$/, '')}/chat.postMessage`;
      const answer = await guardedPost(way.guard, {
        ...way,
        url,
        headers,
        body,
        maxText: maxAnswer,
      });
      return readAnswer(answer.status, answer.text, answer.header('retry-after'));
    } catch (thrown) {
      return failedAttempt(thrown, way.signal);
    }
  },
};

function itemOf(given: z.output<typeof event>, team: string): ReadItem | null {
  if (given.type !== 'message' && given.type !== 'app_mention') return null;
  const { channel, subtype } = given;
  if (channel === undefined) return null;
  if (subtype === 'message_changed') {
    const { message } = given;
    // What our own app posts is edited by us alone.
    if (message?.ts === undefined || message.bot_id !== undefined) return null;
    return {
      kind: 'edit',
      externalId: `${channel}:${message.ts}`,
      body: cutBody(message.text ?? ''),
    };
  }
  const isPlain =
    subtype === undefined || subtype === 'file_share' || subtype === 'thread_broadcast';
  const { user, ts, text } = given;
  if (!isPlain || given.bot_id !== undefined || user === undefined || ts === undefined) return null;
  if (text === undefined || text === '') return null;
  const isDirect = given.channel_type === 'im';
  const thread = given.thread_ts;
  return {
    kind: 'message',
    externalId: `${channel}:${ts}`,
    threadKey: isDirect
      ? [user, ...(thread === undefined ? [] : [thread])].join(':')
      : `${channel}:${thread ?? ts}`,
    contact: { value: user, scope: '', firstName: null, lastName: null },
    sender: { externalId: `${team}/${user}`, name: null },
    subject: null,
    body: cutBody(text),
    wantsReply: true,
  };
}

function readAnswer(status: number, text: string, retryAfter: string | null): Attempted {
  if (status === 429) return { kind: 'not_sent', error: 'Slack asks to wait.', retryAfter };
  let answer: { ok?: unknown; error?: unknown; ts?: unknown; channel?: unknown };
  try {
    answer = JSON.parse(text) as typeof answer;
  } catch {
    if (status >= 400 && status < 500) {
      return { kind: 'refused', error: `Slack answered ${status}.` };
    }
    return { kind: 'unknown', error: `Slack answered ${status}, and nothing that can be read.` };
  }
  if (answer.ok === true) {
    const { channel, ts } = answer;
    return { kind: 'sent', externalId: typeof ts === 'string' ? `${String(channel)}:${ts}` : null };
  }
  const problem = String(answer.error ?? `status ${status}`).slice(0, 200);
  const error = `Slack refused it: ${problem}.`;
  if (later.has(problem)) return { kind: 'not_sent', error, retryAfter };
  if (unclear.has(problem) || status >= 500) return { kind: 'unknown', error };
  return { kind: 'refused', error };
}
