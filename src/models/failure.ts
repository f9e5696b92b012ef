import { AISDKError, APICallError } from '@ai-sdk/provider';
import type { ModelErrorKind } from '../core/model.ts';
import { readRetryAfterMs } from './retry-after.ts';

/** Why one attempt failed, and whether another makes sense. */
export interface Failure {
  readonly kind: ModelErrorKind;
  readonly retryable: boolean;
  readonly status: number | null;
  /** One line of what the provider or the network said. */
  readonly text: string;
  readonly retryAfterMs: number | null;
}

/** An attempt stopped by us because nothing came for too long. */
export class AttemptTimeout extends Error {
  override readonly name = 'AttemptTimeout';
}

/** A connection that ended before the answer was complete. */
export class AnswerCutOff extends Error {
  override readonly name = 'AnswerCutOff';
}

/** No connection could be made; `mayPass`: another try may do better. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
  readonly mayPass: boolean;

  constructor(message: string, options: { readonly cause: unknown; readonly mayPass: boolean }) {
    super(message, { cause: options.cause });
    this.mayPass = options.mayPass;
  }
}

/** An answer that is complete and makes no sense; a repeat would be paid for again. */
export class UnreadableAnswer extends Error {
  override readonly name = 'UnreadableAnswer';
}

const maxTextChars = 500;

/** Sorts what a provider package threw, or sent as an error within a stream. */
export function describeFailure(error: unknown, wallNowMs: number): Failure {
  if (error instanceof AttemptTimeout) return failure('timeout', true, error.message);
  if (error instanceof AnswerCutOff) return failure('connection', true, error.message);
  if (error instanceof UnreadableAnswer) return failure('invalid_answer', false, error.message);
  const unreachable = unreachableIn(error);
  if (unreachable !== null) {
    return failure('connection', unreachable.mayPass, unreachable.message);
  }
  if (APICallError.isInstance(error)) return describeCallError(error, wallNowMs);
  if (AISDKError.isInstance(error)) return failure('invalid_answer', false, error.message);
  if (error instanceof Error) {
    const network = networkErrorText(error);
    return network === null
      ? failure('invalid_answer', false, error.message)
      : failure('connection', true, network);
  }
  return describeStreamError(error);
}

function describeCallError(error: APICallError, wallNowMs: number): Failure {
  const status = error.statusCode ?? null;
  const network = networkErrorText(error);
  if (status === null || network !== null) {
    const text = network ?? error.message;
    return failure('connection', true, text, status);
  }
  // A 2xx reaches this place when its body was not what the wire format promises.
  if (status < 400) {
    const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
    return failure('invalid_answer', false, `${error.message}${cause}`, status);
  }
  // The packages mark every 5xx of a server as retryable; what they do not is an answer without
  // content, for which they make a status up.
  const asked = error.responseHeaders?.['x-should-retry'];
  if (status >= 500 && !error.isRetryable && asked === undefined) {
    return failure('invalid_answer', false, error.message);
  }
  const body = `${error.message} ${error.responseBody ?? ''}`;
  const text = error.message === '' ? (error.responseBody ?? '') : error.message;
  const byStatus = { ...judgeStatus(status, body), text: oneLine(text), status };
  return {
    ...byStatus,
    retryable: asked === 'true' || (asked !== 'false' && byStatus.retryable),
    retryAfterMs: readRetryAfterMs(error.responseHeaders, wallNowMs),
  };
}

/** Errors sent in a stream that began with 200: an object of the provider's, with or without a status. */
function describeStreamError(error: unknown): Failure {
  const fields = isRecord(error) ? error : { message: String(error) };
  const text = typeof fields.message === 'string' ? fields.message : JSON.stringify(error);
  const label = `${fields.type ?? ''} ${fields.code ?? ''}`;
  const known = statusFrom(fields.statusCode) ?? statusFrom(fields.code);
  const status = known ?? statusFromLabel(label);
  return {
    ...judgeStatus(status, `${label} ${text}`),
    text: oneLine(text),
    status: known,
    retryAfterMs: null,
  };
}

function judgeStatus(status: number, body: string): Pick<Failure, 'kind' | 'retryable'> {
  if (status === 401 || status === 403) return { kind: 'unauthorized', retryable: false };
  if (status === 429) {
    return { kind: 'rate_limited', retryable: !/insufficient_quota/.test(body) };
  }
  if (status === 413 || ((status === 400 || status >= 500) && isContextTooLong(body))) {
    return { kind: 'context_too_long', retryable: false };
  }
  if (status === 404) return { kind: 'unknown_model', retryable: false };
  if (status === 408) return { kind: 'timeout', retryable: true };
  // 409 and 425 are how providers say "locked, try again"; 501 will not change by trying.
  if (status === 409 || status === 425) return { kind: 'overloaded', retryable: true };
  if (status >= 500 && status !== 501) return { kind: 'overloaded', retryable: true };
  return { kind: 'bad_request', retryable: false };
}

/** OpenAI, Anthropic, vLLM, llama.cpp and Ollama each say it in their own words. */
function isContextTooLong(body: string): boolean {
  return /context_length_exceeded|exceed_context_size|maximum context length|prompt is too long|context (window|length|size).{0,40}exceed|exceeds? .{0,40}context/i.test(
    body,
  );
}

function statusFrom(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && number >= 400 && number <= 599 ? number : null;
}

function statusFromLabel(label: string): number {
  if (/rate_limit|insufficient_quota/.test(label)) return 429;
  if (/authentication|permission/.test(label)) return 401;
  if (/invalid|bad_request|context_length/.test(label)) return 400;
  if (/not_found/.test(label)) return 404;
  return 500;
}

function unreachableIn(error: unknown): Unreachable | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 6; depth++) {
    if (at instanceof Unreachable) return at;
    at = at.cause;
  }
  return null;
}

/** What went wrong on the network if that is what went wrong, looking down the causes. */
function networkErrorText(error: Error): string | null {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 6; depth++) {
    const code = (at as { code?: unknown }).code;
    if (typeof code === 'string' && /^(E[A-Z]{3,}|UND_ERR_)/.test(code)) {
      return at.message === '' ? code : at.message;
    }
    if (at instanceof TypeError && /^(terminated|fetch failed|network error)$/i.test(at.message)) {
      const inner = at.cause instanceof Error ? `: ${at.cause.message}` : '';
      return `${at.message}${inner}`;
    }
    at = at.cause;
  }
  return null;
}

function failure(
  kind: ModelErrorKind,
  retryable: boolean,
  text: string,
  status: number | null = null,
): Failure {
  return { kind, retryable, status, text: oneLine(text), retryAfterMs: null };
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > maxTextChars ? `${line.slice(0, maxTextChars)}…` : line;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
