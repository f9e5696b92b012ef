import {
  type FailedAttempt,
  ModelError,
  type ModelErrorKind,
  type ModelUsage,
} from '../core/model.ts';
import type { Clock } from './clock.ts';
import { describeFailure, type Failure } from './failure.ts';

export interface RetryPolicy {
  /** Calls at most, the first included. */
  readonly attempts: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  /** A provider that asks for a longer wait than this fails the call. */
  readonly maxRetryAfterMs: number;
  /** No attempt starts later than this after the first. */
  readonly totalMs: number;
}

export const defaultRetryPolicy: RetryPolicy = {
  attempts: 5,
  baseDelayMs: 500,
  maxDelayMs: 20_000,
  maxRetryAfterMs: 60_000,
  totalMs: 15 * 60_000,
};

export interface RetriedCall<T> {
  /** `provider/model`, for the messages. */
  readonly model: string;
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  readonly call: (attempt: number) => Promise<T>;
  readonly onFailure: (failed: FailedAttempt, attempt: number) => void;
  /** Takes secrets out of what a provider said. */
  readonly mask: (text: string) => string;
  /** What the attempt that has just failed is paid for all the same; null when nothing is known of that. */
  readonly spent?: () => Spent | null;
}

export interface Spent {
  readonly usage: ModelUsage;
  readonly costUsd: number | null;
}

export interface Retried<T> {
  readonly value: T;
  readonly failedAttempts: readonly FailedAttempt[];
}

/** Calls until it works or makes no sense any more. Throws `ModelError` with all attempts. */
export async function callWithRetries<T>(retried: RetriedCall<T>): Promise<Retried<T>> {
  const { policy, clock, signal, model } = retried;
  const failedAttempts: FailedAttempt[] = [];
  const startedAt = clock.now();
  const fail = (kind: ModelErrorKind, message: string, cause: unknown): ModelError =>
    new ModelError(kind, message, { failedAttempts, cause });
  for (let attempt = 1; ; attempt++) {
    const attemptAt = clock.now();
    let failure: Failure;
    try {
      return { value: await retried.call(attempt), failedAttempts };
    } catch (error) {
      const spent = retried.spent?.() ?? {};
      const durationMs = Math.round(clock.now() - attemptAt);
      if (signal?.aborted) {
        failedAttempts.push({ error: 'aborted', status: null, durationMs, ...spent });
        throw fail('aborted', `The call of ${model} was aborted.`, error);
      }
      const described = describeFailure(error, clock.wallNow());
      failure = { ...described, text: retried.mask(described.text) };
      const failed: FailedAttempt = {
        error: withStatus(failure),
        status: failure.status,
        durationMs,
        ...spent,
      };
      failedAttempts.push(failed);
      retried.onFailure(failed, attempt);
      const refusal = whyNotAgain({ failure, attempt, policy, elapsedMs: clock.now() - startedAt });
      if (refusal !== null) {
        throw new ModelError(failure.kind, `${model}: ${withStatus(failure)}. ${refusal}`, {
          failedAttempts,
          retryLater: failure.retryable ? { afterMs: failure.retryAfterMs } : null,
          cause: error,
        });
      }
    }
    try {
      await clock.sleep(delayMs({ failure, attempt, policy, clock }), signal);
    } catch (error) {
      throw fail('aborted', `The call of ${model} was aborted.`, error);
    }
  }
}

function whyNotAgain({
  failure,
  attempt,
  policy,
  elapsedMs,
}: {
  failure: Failure;
  attempt: number;
  policy: RetryPolicy;
  elapsedMs: number;
}): string | null {
  if (!failure.retryable) return advice[failure.kind];
  const askedMs = failure.retryAfterMs ?? 0;
  if (askedMs > policy.maxRetryAfterMs) {
    return `The provider asks to wait ${seconds(askedMs)}, longer than the ${seconds(policy.maxRetryAfterMs)} a call waits. Retry the run later or raise the limit at the provider.`;
  }
  if (attempt >= policy.attempts) {
    const tries = attempt === 1 ? '1 attempt' : `${attempt} attempts`;
    return `Gave up after ${tries}. ${advice[failure.kind]}`;
  }
  if (elapsedMs + askedMs >= policy.totalMs) {
    return `Gave up after ${seconds(elapsedMs)}. ${advice[failure.kind]}`;
  }
  return null;
}

/** What a person can do about it. */
const advice: Readonly<Record<ModelErrorKind, string>> = {
  rate_limited: 'Raise the limit or the credit at the provider, or retry the run later.',
  overloaded: 'The provider has trouble; retry the run later or set a fallback_model.',
  timeout: 'The provider is too slow; retry the run later or choose a faster model.',
  connection: "Check the network and the provider's base URL.",
  unauthorized: "Check the provider's API key and what it may be used for.",
  bad_request: 'The provider refuses the request; check the model and the schemas of its tools.',
  context_too_long:
    'The conversation is longer than the model can read; shorten it or choose a model with a larger context.',
  invalid_answer: "The answer cannot be read; check that the base URL speaks the provider's API.",
  unknown_model: 'The provider does not know it; check the name of the model and the base URL.',
  aborted: 'It was aborted.',
  script: 'Correct the script.',
};

/** Full jitter below an exponential ceiling, and never sooner than the provider asked for. */
function delayMs({
  failure,
  attempt,
  policy,
  clock,
}: {
  failure: Failure;
  attempt: number;
  policy: RetryPolicy;
  clock: Clock;
}): number {
  const ceiling = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1));
  // At least half of it: an immediate repeat helps nobody.
  const backoff = ceiling * (0.5 + clock.random() / 2);
  if (failure.retryAfterMs === null) return Math.round(backoff);
  // Those who were told the same moment must not all come at it.
  return Math.round(failure.retryAfterMs + clock.random() * policy.baseDelayMs);
}

function withStatus({ status, text }: Failure): string {
  const said = text.replace(/\.$/, '') || 'no reason given';
  return status === null ? said : `HTTP ${status}: ${said}`;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
