import type { Logger } from '../core/logger.ts';
import { Deliverer, type DelivererTimes, type DeliveryWork } from '../delivery/deliverer.ts';
import type { Database } from '../store/connect.ts';
import {
  type AttemptOutcome,
  type ClaimedDelivery,
  claimDeliveries,
  recordAttempt,
  releaseClaim,
} from '../store/webhook-claims.ts';
import { disableAfterMs } from './schedule.ts';
import { type SendDeps, sendDelivery } from './send.ts';

// Delivers webhooks out. At least once: an attempt that died with its process is made again when its claim has
// lapsed, under the same id.

export interface DelivererOptions extends SendDeps, Omit<DelivererTimes, 'perLane'> {
  readonly db: Database;
  readonly logger: Logger;
  /** Attempts of one webhook at once, in this process. */
  readonly perWebhook?: number;
  /** The database's clock is read so much ahead; for tests, which do not wait for days. */
  readonly aheadMs?: () => number;
}

export class WebhookDeliverer extends Deliverer<ClaimedDelivery, AttemptOutcome> {
  constructor(options: DelivererOptions) {
    const { logger, perWebhook, ...times } = options;
    super(workOf(options), {
      logger,
      times: { ...times, ...(perWebhook === undefined ? {} : { perLane: perWebhook }) },
    });
  }
}

function workOf(options: DelivererOptions): DeliveryWork<ClaimedDelivery, AttemptOutcome> {
  const { db, logger, aheadMs = () => 0 } = options;
  const about = (delivery: ClaimedDelivery) => ({
    deliveryId: delivery.id,
    webhookId: delivery.webhookId,
  });
  return {
    name: 'Webhooks',
    about,
    laneOf: (delivery) => delivery.webhookId,
    claim: ({ perLane, ...request }) =>
      claimDeliveries(db, { ...request, perWebhook: perLane, aheadMs: aheadMs() }),
    attempt: (delivery, signal) => sendDelivery(options, delivery, signal),
    release: (delivery) => releaseClaim(db, delivery),
    async record(delivery, outcome) {
      const policy = { disableAfterMs, aheadMs: aheadMs() };
      const { disabled } = await recordAttempt(db, delivery, outcome, policy);
      if (!disabled) return;
      logger.warn(
        about(delivery),
        'A webhook was switched off: its receiver is gone or fails for too long',
      );
    },
  };
}
