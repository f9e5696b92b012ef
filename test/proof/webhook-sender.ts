import { Agent, request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { standardKey, standardSignature } from '../../src/core/standard-webhooks.ts';

// The sender of the proof of webhooks: so many at once, each repeated under its id until it is acknowledged.

export interface Acknowledged {
  readonly status: number;
  readonly triggerEventId: string;
  readonly runIds: readonly string[];
}

export interface Sending {
  /** By number of the webhook. */
  readonly acknowledged: ReadonlyMap<number, Acknowledged>;
  /** Of the requests that were acknowledged. */
  readonly latenciesMs: readonly number[];
  /** Requests that were not: they were sent again. */
  readonly repeated: number;
  readonly seconds: number;
}

export interface SendOptions {
  /** Where the receiver is now; it may come back elsewhere. */
  readonly url: () => string;
  readonly secret: string;
  readonly from: number;
  readonly count: number;
  readonly atOnce: number;
  readonly onAcknowledged?: (total: number) => void;
}

/** Sends webhooks `from` to `from + count - 1`, signed as Standard Webhooks say. Throws on an answer of 4xx. */
export async function sendWebhooks(options: SendOptions): Promise<Sending> {
  const key = standardKey(options.secret);
  if (key === null) throw new Error('The secret has no form.');
  const agent = new Agent({ keepAlive: true, maxSockets: options.atOnce });
  const acknowledged = new Map<number, Acknowledged>();
  const latenciesMs: number[] = [];
  let repeated = 0;
  let next = options.from;
  const startedAt = performance.now();
  const sender = async () => {
    while (next < options.from + options.count) {
      const n = next++;
      for (;;) {
        const sentAt = performance.now();
        const answer = await post(agent, options.url(), signed(key, n)).catch(() => null);
        if (answer !== null && answer.status < 300) {
          latenciesMs.push(performance.now() - sentAt);
          acknowledged.set(n, readAnswer(answer));
          options.onAcknowledged?.(acknowledged.size);
          break;
        }
        if (answer !== null && answer.status < 500 && answer.status !== 429) {
          throw new Error(`Webhook ${n} was answered ${answer.status}: ${answer.text}`);
        }
        repeated += 1;
        await sleep(20);
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: options.atOnce }, sender));
  } finally {
    agent.destroy();
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  return { acknowledged, latenciesMs, repeated, seconds };
}

/** The value below which so many of a hundred are, in tenths. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))];
  return Math.round((value ?? Number.NaN) * 10) / 10;
}

interface Signed {
  readonly body: string;
  readonly headers: Readonly<Record<string, string | number>>;
}

function signed(key: Buffer, n: number): Signed {
  const id = `delivery-${n}`;
  const body = JSON.stringify({ n, type: 'reservation.changed', guest: 'Ada Lovelace', nights: 4 });
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const signature = standardSignature(key, { id, timestamp, body }).toString('base64');
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    },
  };
}

function post(
  agent: Agent,
  url: string,
  { body, headers }: Signed,
): Promise<{ readonly status: number; readonly text: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
  const outgoing = httpRequest(url, { method: 'POST', agent, headers }, (answer) => {
    let text = '';
    answer.setEncoding('utf8');
    answer.on('data', (chunk: string) => {
      text += chunk;
    });
    answer.on('error', reject);
    answer.on('aborted', () => reject(new Error('aborted')));
    answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
  });
  outgoing.on('error', reject);
  outgoing.end(body);
  return promise;
}

function readAnswer({ status, text }: { readonly status: number; readonly text: string }) {
  const body = JSON.parse(text) as {
    readonly trigger_event_id?: string;
    readonly runs?: readonly { readonly id: string }[];
  };
  const runIds = body.runs?.map(({ id }) => id) ?? [];
  return { status, triggerEventId: body.trigger_event_id ?? '', runIds };
}
