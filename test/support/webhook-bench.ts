import { createSecretBox } from '../../src/core/secret-box.ts';
import { newStandardSecret } from '../../src/core/standard-webhooks.ts';
import type { Webhook, WebhookDelivery } from '../../src/core/webhook.ts';
import { addressesIn, isPublicAddress } from '../../src/sandbox/egress/address.ts';
import { createGuard } from '../../src/sandbox/egress/guard.ts';
import { listDeliveries } from '../../src/store/webhook-deliveries.ts';
import { createWorkspace } from '../../src/store/workspaces.ts';
import { type DelivererOptions, WebhookDeliverer } from '../../src/webhooks/deliverer.ts';
import { publishEvent } from '../../src/webhooks/message.ts';
import { createWebhook, type WebhookDeps } from '../../src/webhooks/webhooks.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

/**
 * A workspace whose webhooks go to receivers on loopback, which counts as a network that the operator named.
 * Days pass by reading the database's clock ahead.
 */
export interface WebhookBench extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly deps: WebhookDeps;
  readonly warnings: readonly string[];
  deliverer(change?: Partial<DelivererOptions>): WebhookDeliverer;
  /** Makes everything that is due so much later, and waits for the end of it. */
  deliverAt(sender: WebhookDeliverer, ms: number): Promise<void>;
  subscribe(
    url: string,
    change?: Partial<Parameters<typeof createWebhook>[1]>,
  ): Promise<Webhook & { readonly secret: string }>;
  /** Something new happens, or (by number) something that has; the deliveries that it adds. */
  happen(type?: string, payload?: object, n?: number): Promise<number>;
  /** Of the last that happened. */
  readonly lastEvent: number;
  deliveriesOf(webhook: Webhook): Promise<readonly WebhookDelivery[]>;
}

export async function createWebhookBench(): Promise<WebhookBench> {
  const database = await createTestDatabase({ max: 10 });
  const { db } = database;
  const { id: workspaceId } = await createWorkspace(db, { name: 'W', rateLimit: null });
  const deps: WebhookDeps = {
    db,
    secretBox: createSecretBox('a secret key of the tests'),
    reach: {
      isPublic: isPublicAddress,
      isPrivateAllowed: addressesIn(['127.0.0.1']),
      hasPrivate: true,
    },
    nudge: () => undefined,
  };
  const warnings: string[] = [];
  const quiet = () => undefined;
  let aheadMs = 0;
  let events = 0;
  return {
    database,
    deps,
    warnings,
    get lastEvent() {
      return events;
    },
    deliverer: (change = {}) =>
      new WebhookDeliverer({
        db,
        secretBox: deps.secretBox,
        logger: {
          debug: quiet,
          info: quiet,
          error: quiet,
          warn: (_, text) => warnings.push(text ?? ''),
        },
        guard: createGuard({
          isAllowedAddress: (address) => address === '127.0.0.1' || isPublicAddress(address),
          resolve: async (name) => (name.endsWith('.test') ? ['127.0.0.1'] : ['10.0.0.1']),
        }),
        mayBePlain: (address) => address === '127.0.0.1',
        userAgent: 'Signalbox/test',
        pollMs: 600_000,
        aheadMs: () => aheadMs,
        random: () => 0,
        ...change,
      }),
    async deliverAt(sender, ms) {
      aheadMs = ms;
      sender.start();
      sender.nudge();
      await sender.idle();
    },
    async subscribe(url, change = {}) {
      const secret = newStandardSecret();
      const fields = { url, description: '', eventTypes: ['run.*'], agentIds: null, enabled: true };
      const webhook = await createWebhook(deps, { ...fields, workspaceId, secret, ...change });
      return { ...webhook, secret };
    },
    async happen(type = 'run.completed', payload = {}, n = events + 1) {
      events = Math.max(events, n);
      const event = {
        id: `event${n}`,
        workspaceId,
        type,
        runId: null,
        payloadJson: null,
        entityId: null,
        causedByRunId: null,
        createdAt: new Date('2026-04-03T03:14:15.926Z'),
      };
      return await publishEvent(db, event, JSON.stringify({ n, ...payload }));
    },
    async deliveriesOf(webhook) {
      const page = { limit: 100, after: null };
      return (await listDeliveries(db, { webhookId: webhook.id }, page)).items;
    },
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}
