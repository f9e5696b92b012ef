import { Webhook as StandardWebhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createWebhookBench, type WebhookBench } from '../../test/support/webhook-bench.ts';
import { startReceiver, type WebhookReceiver } from '../../test/support/webhook-receiver.ts';
import type { Webhook } from '../core/webhook.ts';
import { getWebhook } from '../store/webhooks.ts';
import type { DelivererOptions, WebhookDeliverer } from './deliverer.ts';
import { patchWebhook, resend, rotateWebhookSecret } from './webhooks.ts';

const hour = 3_600_000;

let bench: WebhookBench;
beforeEach(async () => {
  bench = await createWebhookBench();
});
afterEach(() => bench[Symbol.asyncDispose]());

function stateOf(webhook: Webhook): Promise<Webhook | null> {
  return getWebhook(bench.database.db, 'all', webhook.id);
}

async function withReceiver(
  work: (receiver: WebhookReceiver, sender: WebhookDeliverer) => Promise<void>,
  change: Partial<DelivererOptions> = {},
): Promise<void> {
  await using receiver = await startReceiver();
  await using sender = bench.deliverer(change);
  await work(receiver, sender);
}

describe('a delivery', () => {
  test('is signed so that the library of Standard Webhooks takes it', async () => {
    await withReceiver(async (receiver, sender) => {
      const webhook = await bench.subscribe(receiver.url);
      await bench.happen('run.completed', { agent_id: 'ag1', output: 'é' });
      await bench.deliverAt(sender, 0);
      const [got] = receiver.received;
      expect(
        new StandardWebhook(webhook.secret).verify(got?.body ?? '', got?.headers ?? {}),
      ).toEqual({
        type: 'run.completed',
        timestamp: '2026-04-03T03:14:15.926Z',
        data: { n: bench.lastEvent, agent_id: 'ag1', output: 'é' },
      });
      expect(got?.headers).toMatchObject({
        'content-type': 'application/json',
        'user-agent': 'Signalbox/test',
        'webhook-id': expect.stringMatching(/^msg_[0-9a-f]{32}$/),
      });
      expect(await bench.deliveriesOf(webhook)).toMatchObject([
        {
          state: 'delivered',
          attempts: 1,
          nextAt: null,
          messageId: got?.id,
          last: { n: 1, status: 200, error: null, response: 'taken' },
        },
      ]);
    });
  });

  test('goes to those who subscribed: by name, family and agent, where they are enabled', async () => {
    await withReceiver(async (receiver, sender) => {
      const at = (path: string) => `${receiver.url}/${path}`;
      await bench.subscribe(at('all'), { eventTypes: ['*'] });
      await bench.subscribe(at('family'));
      await bench.subscribe(at('name'), { eventTypes: ['run.failed'] });
      await bench.subscribe(at('other'), { eventTypes: ['run.completed'] });
      await bench.subscribe(at('off'), { enabled: false });
      expect(await bench.happen('run.failed', { agent_id: 'ag1' })).toBe(3);
      await bench.deliverAt(sender, 0);
      expect(receiver.received.map(({ path }) => path).sort()).toEqual([
        '/hooks/all',
        '/hooks/family',
        '/hooks/name',
      ]);
      expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1);
    });
  });

  test('is of one id however often the event is handed over', async () => {
    await withReceiver(async (receiver, sender) => {
      await bench.subscribe(receiver.url);
      expect(await bench.happen()).toBe(1);
      expect(await bench.happen('run.completed', {}, bench.lastEvent)).toBe(0);
      await bench.deliverAt(sender, 0);
      expect(receiver.received).toHaveLength(1);
    });
  });

  test('carries two signatures while a secret is rotated', async () => {
    await withReceiver(async (receiver, sender) => {
      const { id, secret: first } = await bench.subscribe(receiver.url);
      const key = { scope: 'all', id } as const;
      const rotated = await rotateWebhookSecret(bench.deps, { ...key, overlapMs: hour });
      await bench.happen();
      await bench.deliverAt(sender, 0);
      const [got] = receiver.received;
      for (const secret of [first, rotated.secret]) {
        new StandardWebhook(secret).verify(got?.body ?? '', got?.headers ?? {});
      }
      expect(got?.headers['webhook-signature']?.split(' ')).toHaveLength(2);
      await bench.happen();
      await bench.deliverAt(sender, 2 * hour);
      expect(receiver.received[1]?.headers['webhook-signature']?.split(' ')).toHaveLength(1);
      const { body = '', headers = {} } = receiver.received[1] ?? {};
      new StandardWebhook(rotated.secret).verify(body, headers);
      expect(() => new StandardWebhook(first).verify(body, headers)).toThrow();
    });
  });
});

describe('a receiver', () => {
  test('that is down for a day gets each event once it is back, none twice', async () => {
    await withReceiver(async (receiver, sender) => {
      const webhook = await bench.subscribe(receiver.url);
      receiver.respond = (_, response) => void response.destroy();
      for (let n = 0; n < 10; n++) await bench.happen();
      for (let ms = 0; ms < 24 * hour; ms += hour / 4) await bench.deliverAt(sender, ms);
      expect(receiver.acknowledged).toEqual([]);
      const before = receiver.received.length;
      expect(before).toBeGreaterThan(10);
      receiver.respond = () => 204;
      for (let ms = 24 * hour; ms < 72 * hour; ms += hour) await bench.deliverAt(sender, ms);
      expect(new Set(receiver.acknowledged).size).toBe(10);
      expect(receiver.acknowledged).toHaveLength(10);
      expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(10);
      const deliveries = await bench.deliveriesOf(webhook);
      expect(deliveries.map(({ state }) => state)).toEqual(Array(10).fill('delivered'));
      expect(await stateOf(webhook)).toMatchObject({ enabled: true, failingSince: null });
    });
  }, 60_000);

  test('that answers 410 is sent nothing any more', async () => {
    await withReceiver(async (receiver, sender) => {
      const webhook = await bench.subscribe(receiver.url);
      receiver.respond = () => 503;
      for (let n = 0; n < 3; n++) await bench.happen();
      await bench.deliverAt(sender, 0);
      receiver.respond = () => 410;
      await bench.deliverAt(sender, hour);
      expect(await stateOf(webhook)).toMatchObject({
        enabled: false,
        disabledReason: 'The receiver answered 410: it wants no more.',
      });
      const before = receiver.received.length;
      expect(await bench.happen()).toBe(0);
      for (let ms = 2 * hour; ms < 100 * hour; ms += 10 * hour) await bench.deliverAt(sender, ms);
      expect(receiver.received).toHaveLength(before);
      expect((await bench.deliveriesOf(webhook)).map(({ state }) => state)).toEqual(
        Array(3).fill('failed'),
      );
      expect(bench.warnings).toEqual([expect.stringMatching(/switched off/)]);
      const key = { scope: 'all', id: webhook.id } as const;
      await expect(
        resend(bench.deps, {
          ...key,
          deliveryId: (await bench.deliveriesOf(webhook))[0]?.id ?? '',
        }),
      ).rejects.toMatchObject({ problem: 'conflict' });
      receiver.respond = () => 200;
      await patchWebhook(bench.deps, key, { enabled: true });
      expect(await stateOf(webhook)).toMatchObject({ enabled: true, disabledReason: null });
      await bench.happen();
      await bench.deliverAt(sender, 100 * hour);
      expect(receiver.acknowledged).toHaveLength(1);
    });
  });

  test('that fails for five days is switched off, with the reason; a delivery is given up after three', async () => {
    await withReceiver(async (receiver, sender) => {
      const webhook = await bench.subscribe(receiver.url);
      receiver.respond = () => 500;
      await bench.happen();
      for (let ms = 0; ms < 119 * hour; ms += hour / 2) {
        if (ms === 60 * hour) await bench.happen();
        await bench.deliverAt(sender, ms);
      }
      const [second, first] = await bench.deliveriesOf(webhook);
      expect(first).toMatchObject({ state: 'failed', attempts: 12 });
      expect(second).toMatchObject({ state: 'pending' });
      expect(await stateOf(webhook)).toMatchObject({ enabled: true });
      for (let ms = 119 * hour; ms < 150 * hour; ms += hour) await bench.deliverAt(sender, ms);
      expect(await stateOf(webhook)).toMatchObject({
        enabled: false,
        disabledReason: expect.stringMatching(/^Every attempt has failed since \d{4}-.*Z\.$/),
      });
      expect((await bench.deliveriesOf(webhook))[0]).toMatchObject({
        state: 'failed',
        nextAt: null,
      });
    });
  }, 60_000);

  test('that names a time is left alone until then', async () => {
    await withReceiver(async (receiver, sender) => {
      await bench.subscribe(receiver.url);
      receiver.respond = (_, response) => {
        response.writeHead(429, { 'Retry-After': '7200' }).end();
        return undefined;
      };
      await bench.happen();
      await bench.deliverAt(sender, 0);
      for (let ms = 0; ms < 2 * hour; ms += hour / 4) await bench.deliverAt(sender, ms);
      expect(receiver.received).toHaveLength(1);
      await bench.deliverAt(sender, 2 * hour + 60_000);
      expect(receiver.received).toHaveLength(2);
    });
  });

  test('that is slow holds up nobody else, and is given up in time', async () => {
    await withReceiver(
      async (slow, sender) => {
        await using quick = await startReceiver();
        slow.respond = () => undefined;
        const stuck = await bench.subscribe(slow.url);
        await bench.subscribe(quick.url);
        for (let n = 0; n < 8; n++) await bench.happen();
        const quickIsDone = new Promise<number>((resolve) => {
          quick.respond = () => {
            if (quick.received.length === 8) resolve(slow.received.length);
            return 200;
          };
        });
        const delivering = bench.deliverAt(sender, 0);
        expect(await quickIsDone).toBeLessThanOrEqual(4);
        await delivering;
        const delivery = (await bench.deliveriesOf(stuck)).find(({ attempts }) => attempts > 0);
        expect(delivery?.last?.error).toBe('No answer came within 0.5 s.');
      },
      { timeoutMs: 500 },
    );
  });

  test('with an endless answer is read to a bound, and has acknowledged', async () => {
    await withReceiver(async (receiver, sender) => {
      const webhook = await bench.subscribe(receiver.url);
      receiver.respond = (_, response) => {
        response.writeHead(200);
        const write = () => {
          while (!response.destroyed && response.write('x'.repeat(65_536)));
          if (!response.destroyed) response.once('drain', write);
        };
        write();
        return undefined;
      };
      await bench.happen();
      await bench.deliverAt(sender, 0);
      const [delivery] = await bench.deliveriesOf(webhook);
      expect([delivery?.state, delivery?.last?.response?.length]).toEqual(['delivered', 1_024]);
    });
  });
});
