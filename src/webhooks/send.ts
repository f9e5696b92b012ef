import type { SecretBox } from '../core/secret-box.ts';
import { standardKey, standardRequestHeaders } from '../core/standard-webhooks.ts';
import { EgressFailed, EgressRefused, type Guard } from '../sandbox/egress/guard.ts';
import { guardedPost, type PostAnswer } from '../sandbox/egress/post.ts';
import type { AttemptOutcome, ClaimedDelivery } from '../store/webhook-claims.ts';
import { nextAfter } from './schedule.ts';

export interface SendDeps {
  readonly guard: Guard;
  readonly secretBox: SecretBox;
  /** Addresses that plain HTTP may go to: those that the operator named. */
  readonly mayBePlain: (address: string) => boolean;
  /** `Signalbox/<version>`. */
  readonly userAgent: string;
  /** PEM; by default Node's. */
  readonly authorities?: readonly string[];
  readonly timeoutMs?: number;
  readonly random?: () => number;
}

/** The place that a webhook's sealed secrets belong to. */
export function secretPlace(webhookId: string): string {
  return `webhook/${webhookId}`;
}

/** How long a receiver may take up to the headers of its answer. */
export const sendTimeoutMs = 15_000;

/** Makes one attempt. Never throws but the reason of `stop`, after which nothing is known of it. */
export async function sendDelivery(
  deps: SendDeps,
  delivery: ClaimedDelivery,
  stop: AbortSignal,
): Promise<AttemptOutcome> {
  const { timeoutMs = sendTimeoutMs, random = Math.random } = deps;
  const startedAt = performance.now();
  const limit = AbortSignal.timeout(timeoutMs);
  let answer: PostAnswer | null = null;
  let error: string | null = null;
  try {
    answer = await guardedPost(deps.guard, {
      url: delivery.url,
      headers: { 'user-agent': deps.userAgent, ...signedHeaders(deps.secretBox, delivery) },
      body: delivery.body,
      signal: AbortSignal.any([stop, limit]),
      mayBePlain: deps.mayBePlain,
      ...(deps.authorities === undefined ? {} : { authorities: deps.authorities }),
    });
    error = problemOf(answer);
  } catch (thrown) {
    stop.throwIfAborted();
    error = limit.aborted ? `No answer came within ${timeoutMs / 1_000} s.` : reasonOf(thrown);
  }
  return {
    status: answer?.status ?? null,
    error,
    response: answer === null || answer.text === '' ? null : answer.text,
    durationMs: Math.round(performance.now() - startedAt),
    next: nextAfter(answer, { tries: delivery.tries, nowMs: Date.now(), random }),
  };
}

function signedHeaders(secretBox: SecretBox, delivery: ClaimedDelivery): Record<string, string> {
  const { messageId: id, body, webhookId } = delivery;
  const keys = delivery.sealedSecrets.map((sealed) => {
    const key = standardKey(secretBox.open(sealed, secretPlace(webhookId)));
    if (key === null) throw new Error(`The secret of webhook ${webhookId} has no form.`);
    return key;
  });
  return standardRequestHeaders(keys, { id, body, nowMs: Date.now() });
}

function problemOf({ status, header }: PostAnswer): string | null {
  if (status >= 200 && status <= 299) return null;
  if (status >= 300 && status <= 399) {
    const to = header('location');
    return `Redirects are not followed${to === null ? '' : ` (to ${to.slice(0, 200)})`}; change the webhook's URL.`;
  }
  return `The receiver answered ${status}.`;
}

function reasonOf(thrown: unknown): string {
  if (thrown instanceof EgressRefused || thrown instanceof EgressFailed) return thrown.message;
  return 'The server could not make the request.';
}
