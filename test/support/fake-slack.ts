import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeSlack extends AsyncDisposable {
  /** Of its Web API, as `api_url` of a channel. */
  readonly apiUrl: string;
  /** Messages that were posted, in order. */
  readonly posted: { channel: string; text: string; thread_ts?: string }[];
  /** What the next requests are answered before they are looked at: `ratelimited` by 429, others by `ok: false`. */
  readonly failures: (string | 'ratelimited' | 'hang_up')[];
  /** The headers of a request of its Events API. */
  sign(body: string): Record<string, string>;
}

/**
 * Slack as its documentation has it (https://docs.slack.dev/reference/methods/chat.postMessage): one workspace with one
 * channel and one user, a bot token, a signing secret. Errors are 200 with `ok: false`, but for the rate limit.
 */
export async function startFakeSlack(of: {
  readonly botToken: string;
  readonly signingSecret: string;
}): Promise<FakeSlack> {
  const posted: FakeSlack['posted'] = [];
  const failures: string[] = [];
  let count = 0;
  const answerOf = (authorization: string | undefined, contentType: string, text: string) => {
    if (authorization === undefined) return { ok: false, error: 'not_authed' };
    if (authorization !== `Bearer ${of.botToken}`) return { ok: false, error: 'invalid_auth' };
    if (!contentType.startsWith('application/json'))
      return { ok: false, error: 'invalid_post_type' };
    const message = JSON.parse(text) as FakeSlack['posted'][number];
    if (!['C0GENERAL', 'U0ADA'].includes(message.channel)) {
      return { ok: false, error: 'channel_not_found' };
    }
    if (!message.text) return { ok: false, error: 'no_text' };
    posted.push(message);
    count += 1;
    const ts = `1700000000.${String(count).padStart(6, '0')}`;
    return { ok: true, channel: message.channel, ts, message: { type: 'message', ts } };
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const failure = failures.shift();
      if (failure === 'hang_up') return request.socket.destroy();
      response.setHeader('content-type', 'application/json; charset=utf-8');
      if (failure === 'ratelimited') {
        response.writeHead(429, { 'retry-after': '30' });
        return response.end(JSON.stringify({ ok: false, error: 'ratelimited' }));
      }
      if (request.url !== '/api/chat.postMessage') {
        return response.end(JSON.stringify({ ok: false, error: 'unknown_method' }));
      }
      const { authorization, 'content-type': type = '' } = request.headers;
      const answer =
        failure === undefined
          ? answerOf(authorization, type, Buffer.concat(chunks).toString())
          : { ok: false, error: failure };
      return response.end(JSON.stringify(answer));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    apiUrl: `http://127.0.0.1:${port}/api`,
    posted,
    failures,
    sign(body) {
      const at = String(Math.floor(Date.now() / 1_000));
      const mac = createHmac('sha256', of.signingSecret).update(`v0:${at}:${body}`);
      const signature = `v0=${mac.digest('hex')}`;
      return { 'x-slack-request-timestamp': at, 'x-slack-signature': signature };
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
