import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeCertificate } from '../../test/support/certificate.ts';
import { createWebhookBench, type WebhookBench } from '../../test/support/webhook-bench.ts';
import { startReceiver, type WebhookReceiver } from '../../test/support/webhook-receiver.ts';
import { getDelivery } from '../store/webhook-deliveries.ts';
import type { DelivererOptions, WebhookDeliverer } from './deliverer.ts';
import { removeWebhook, resend } from './webhooks.ts';

let bench: WebhookBench;
beforeEach(async () => {
  bench = await createWebhookBench();
});
afterEach(() => bench[Symbol.asyncDispose]());

async function withReceiver(
  work: (receiver: WebhookReceiver, sender: WebhookDeliverer) => Promise<void>,
  change: Partial<DelivererOptions> = {},
): Promise<void> {
  await using receiver = await startReceiver();
  await using sender = bench.deliverer(change);
  await work(receiver, sender);
}

describe('processes', () => {
  test('that deliver side by side send everything once', async () => {
    await using receiver = await startReceiver();
    await bench.subscribe(receiver.url);
    for (let n = 0; n < 40; n++) await bench.happen();
    await using one = bench.deliverer();
    await using other = bench.deliverer();
    await Promise.all([bench.deliverAt(one, 0), bench.deliverAt(other, 0)]);
    expect(receiver.received).toHaveLength(40);
    expect(new Set(receiver.acknowledged).size).toBe(40);
  });

  test('that die in an attempt leave it to another, under the same id', async () => {
    await withReceiver(async (receiver, sender) => {
      const webhook = await bench.subscribe(receiver.url);
      await bench.happen();
      // What a process that was killed leaves: a claim, and nothing else.
      await bench.database.db.execute(
        `UPDATE webhook_deliveries SET claim = 1, next_at = clock_timestamp() + interval '60 seconds'`,
      );
      await bench.deliverAt(sender, 0);
      expect(receiver.received).toEqual([]);
      await bench.deliverAt(sender, 61_000);
      expect(receiver.acknowledged).toEqual([(await bench.deliveriesOf(webhook))[0]?.messageId]);
    });
  });

  test('that close give back what they were doing at once', async () => {
    await using receiver = await startReceiver();
    const webhook = await bench.subscribe(receiver.url);
    await bench.happen();
    {
      await using closing = bench.deliverer();
      const came = new Promise<void>((resolve) => {
        receiver.respond = () => void resolve();
      });
      closing.start();
      await came;
    }
    expect(await bench.deliveriesOf(webhook)).toMatchObject([{ state: 'pending', attempts: 0 }]);
    receiver.respond = () => 200;
    await using next = bench.deliverer();
    await bench.deliverAt(next, 0);
    expect(receiver.acknowledged).toHaveLength(1);
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1);
  });
});

describe('what was sent', () => {
  test('is sent again by hand, under the id it had, and logged as another attempt', async () => {
    await withReceiver(async (receiver, sender) => {
      const webhook = await bench.subscribe(receiver.url);
      await bench.happen();
      await bench.deliverAt(sender, 0);
      const [delivery] = await bench.deliveriesOf(webhook);
      const key = { scope: 'all', id: webhook.id, deliveryId: delivery?.id ?? '' } as const;
      const again = await resend(bench.deps, key);
      expect(again.delivery).toMatchObject({ state: 'pending', endedAt: null });
      await bench.deliverAt(sender, 0);
      const [first, second] = receiver.received;
      expect([second?.id, second?.body]).toEqual([first?.id, first?.body]);
      const detail = await getDelivery(bench.database.db, {
        webhookId: webhook.id,
        id: key.deliveryId,
      });
      expect(detail?.attempts.map(({ n, status }) => [n, status])).toEqual([
        [1, 200],
        [2, 200],
      ]);
    });
  });

  test('by hand during an attempt is sent once more after it', async () => {
    await withReceiver(async (receiver, sender) => {
      const webhook = await bench.subscribe(receiver.url);
      await bench.happen();
      const [delivery] = await bench.deliveriesOf(webhook);
      receiver.respond = async () => {
        receiver.respond = () => 200;
        await resend(bench.deps, { scope: 'all', id: webhook.id, deliveryId: delivery?.id ?? '' });
        return 200;
      };
      await bench.deliverAt(sender, 0);
      expect(receiver.received).toHaveLength(2);
      expect(await bench.deliveriesOf(webhook)).toMatchObject([
        { state: 'delivered', attempts: 2 },
      ]);
    });
  });
});

describe('the way out', () => {
  const errorOf = async (url: string, change: Partial<DelivererOptions> = {}) => {
    const webhook = await bench.subscribe('https://example.com/');
    // Set past the check on write, as a name that leads elsewhere since would be.
    await bench.database.db.execute({
      text: 'UPDATE webhooks SET url = $2 WHERE id = $1',
      values: [webhook.id, url],
    });
    await bench.happen();
    await using sender = bench.deliverer(change);
    await bench.deliverAt(sender, 0);
    const [delivery] = await bench.deliveriesOf(webhook);
    expect(delivery?.state).toBe('pending');
    await removeWebhook(bench.database.db, { scope: 'all', id: webhook.id });
    return delivery?.last?.error;
  };

  test('does not follow redirects', async () => {
    await using receiver = await startReceiver();
    receiver.respond = (webhook, response) => {
      if (webhook.path === '/to') return 200;
      response.writeHead(308, { Location: '/to' }).end();
      return undefined;
    };
    expect(await errorOf(receiver.url)).toMatch(/Redirects are not followed \(to \/to\)/);
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hooks']);
  });

  test('leads to no private address, in numbers or by name', async () => {
    expect(await errorOf('https://10.0.0.1/')).toMatch(/not a public address/);
    expect(await errorOf('https://[::ffff:10.0.0.1]/')).toMatch(/not a public address/);
    expect(await errorOf('https://0x7f.2/')).toMatch(/127.0.0.2, which is not a public/);
    expect(await errorOf('https://evil.example/')).toMatch(/leads to 10.0.0.1/);
    expect(await errorOf('https://metadata.google.internal/')).toMatch(/name of this machine/);
  });

  test('is encrypted but to where the operator allows it', async () => {
    await using receiver = await startReceiver();
    const url = receiver.url.replace('127.0.0.1', 'api.test');
    expect(await errorOf(url, { mayBePlain: () => false })).toMatch(/use https/);
    expect(receiver.received).toEqual([]);
  });

  test('ends at a certificate that is not trusted, or is of another name', async () => {
    const certificate = makeCertificate(['api.test']);
    await using receiver = await startReceiver(certificate);
    const at = (name: string) => `https://${name}:${receiver.port}/hooks`;
    expect(await errorOf(at('api.test'))).toMatch(/self-signed certificate/);
    const authorities = [certificate.cert];
    expect(await errorOf(at('other.test'), { authorities })).toMatch(/does not match/);
    expect(receiver.received).toEqual([]);
    const webhook = await bench.subscribe(at('api.test'));
    await bench.happen();
    await using sender = bench.deliverer({ authorities });
    await bench.deliverAt(sender, 0);
    expect((await bench.deliveriesOf(webhook))[0]?.state).toBe('delivered');
  });
});
