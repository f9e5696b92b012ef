import type { Delay, JournalEntry } from '../core/journal.ts';
import type { ModelError } from '../core/model.ts';
import type { Addition, DrivenRun } from './driven-run.ts';
import { capsOf } from './limits.ts';

// A run that can do nothing for now gives itself up: it is a row with a time, costs no memory, and any
// process goes on with it. A wait is a step of its own, `started` when it began and `done` when it was over.

type DelayStarted = JournalEntry & { readonly type: 'delay'; readonly data: Delay };

/** Waits for one call of a model, one after the other, before the run fails. */
const maxWaits = 8;
const firstWaitMs = 5_000;
const longestWaitMs = 600_000;

/** The wait that the run is waking from. */
export function openDelay(entries: readonly JournalEntry[]): DelayStarted | null {
  const last = entries.findLast((entry) => entry.type === 'delay');
  return last?.type === 'delay' && last.state === 'started' ? (last as DelayStarted) : null;
}

export function delayOver({ step, data }: DelayStarted): Addition {
  return { type: 'delay', state: 'done', step, data };
}

/**
 * How long a run waits for a model whose provider is not available, longer each time; null when a later try
 * makes no sense, it has waited often enough, or its time would be over.
 */
export function waitForModel(
  driven: DrivenRun,
  error: ModelError,
  now: Date,
): { readonly step: Addition; readonly forMs: number } | null {
  if (error.retryLater === null) return null;
  // A limit of our own is kept for as long as the run has time: nothing is wrong with the provider.
  const isOwnLimit = error.retryLater.isOwnLimit === true;
  const waits = isOwnLimit ? 0 : waitsSinceAnswer(driven.entries);
  if (waits >= maxWaits) return null;
  const backoffMs = Math.min(longestWaitMs, firstWaitMs * 2 ** waits);
  // Runs that failed together do not all come back together.
  const spreadMs = Math.random() * 0.1 * backoffMs;
  const forMs = Math.round(Math.max(backoffMs, error.retryLater.afterMs ?? 0) + spreadMs);
  const untilMs = now.getTime() + forMs;
  const { timeoutMs } = capsOf(driven.definition, driven.run);
  if (untilMs >= driven.run.createdAt.getTime() + timeoutMs) return null;
  const until = new Date(untilMs).toISOString();
  return {
    forMs,
    step: {
      type: 'delay',
      state: 'started',
      data: { until, reason: error.message, ...(isOwnLimit ? { isOwnLimit } : {}) },
    },
  };
}

function waitsSinceAnswer(entries: readonly JournalEntry[]): number {
  const answered = entries.findLastIndex(
    (entry) => entry.type === 'model' && entry.state === 'done',
  );
  return entries
    .slice(answered + 1)
    .filter(
      (entry) =>
        entry.type === 'delay' &&
        entry.state === 'started' &&
        !entry.data.copied &&
        entry.data.isOwnLimit !== true,
    ).length;
}
