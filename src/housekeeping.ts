import type { Logger } from './core/logger.ts';
import { cancelOrphans } from './runs/cancel.ts';
import { settlePending, trimAudit } from './store/audit.ts';
import { sweepChatTokens } from './store/chat-tokens.ts';
import { sweepUploads } from './store/chat-uploads.ts';
import type { Database } from './store/connect.ts';
import { sweepFormerHooks } from './store/hooks.ts';
import { sweepIdempotency } from './store/idempotency.ts';
import { sweepNotices } from './store/notices.ts';
import { parkRunsOfPaused, sweepParkedRuns } from './store/pauses.ts';
import { sweepRateCounts } from './store/rate-counts.ts';
import { sweepChunks } from './store/run-chunks.ts';
import { copyMissedFigures } from './store/run-figures.ts';
import { copyAllSearched } from './store/run-search.ts';
import { sweepSessions } from './store/sessions.ts';
import { sweepTries } from './store/sign-in-tries.ts';
import { sweepSpills } from './store/spills.ts';
import { foldUsage } from './store/usage.ts';
import { sweepWebhookMessages } from './store/webhook-deliveries.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** What every process does now and then, and any of them alone suffices for. Safe to do twice at once. */
export function keepHouse(given: {
  readonly db: Database;
  readonly logger: Logger;
  /** Of the audit log's chain. */
  readonly chainKey: Buffer;
  readonly auditRetentionDays: Parameters<typeof trimAudit>[1];
}): Disposable {
  const { db, logger, chainKey, auditRetentionDays } = given;
  const chores: readonly (readonly [everyMs: number, work: () => Promise<unknown>])[] = [
    [5_000, () => copyAllSearched(db)],
    [10_000, () => cancelOrphans(db)],
    [minuteMs, () => settlePending(db, chainKey)],
    [minuteMs, () => keepPauses(db)],
    [minuteMs, () => sweepRateCounts(db)],
    [hourMs, () => trimAudit(db, auditRetentionDays)],
    [hourMs, () => sweepIdempotency(db)],
    [hourMs, () => sweepNotices(db)],
    [hourMs, () => sweepSpills(db)],
    [hourMs, () => sweepChunks(db)],
    [hourMs, () => sweepSessions(db)],
    [hourMs, () => sweepTries(db)],
    [hourMs, () => sweepChatTokens(db)],
    [hourMs, () => sweepUploads(db)],
    [hourMs, () => sweepFormerHooks(db)],
    [hourMs, () => sweepWebhookMessages(db)],
    [hourMs, () => foldUsage(db)],
    [hourMs, () => copyMissedFigures(db)],
  ];
  const timers = chores.map(([everyMs, work]) =>
    setInterval(() => {
      work().catch((error: unknown) => logger.warn({ err: error }, 'Housekeeping failed'));
    }, everyMs).unref(),
  );
  return { [Symbol.dispose]: () => timers.forEach((timer) => void clearInterval(timer)) };
}

/** In this order: what a resume has missed is due again at once. */
async function keepPauses(db: Database): Promise<void> {
  try {
    await parkRunsOfPaused(db);
  } finally {
    await sweepParkedRuns(db);
  }
}
