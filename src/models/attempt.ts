import type { LanguageModelV4, LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { ModelRequest } from '../core/model.ts';
import { collectResult, collectStream, type RawAnswer } from './collect.ts';
import { AttemptTimeout } from './failure.ts';
import type { ModelId } from './model-id.ts';
import { toPrompt, toToolDefinitions } from './prompt.ts';
import {
  createProviderModel,
  type Providers,
  providerOptions,
  type RemoteProvider,
} from './provider-model.ts';
import { type Fetch, watchFetch } from './watched-fetch.ts';

export interface AttemptLimits {
  /** A streamed answer that sends nothing for this long is given up. */
  readonly idleTimeoutMs: number;
  /** One attempt, from request to last byte. */
  readonly attemptTimeoutMs: number;
  readonly maxAnswerBytes: number;
}

export interface Attempt {
  readonly id: ModelId & { readonly provider: RemoteProvider };
  readonly request: ModelRequest;
  readonly providers: Providers;
  readonly limits: AttemptLimits;
  readonly streaming: boolean;
  readonly fetch: Fetch;
  readonly onText: (delta: string) => void;
}

/** Anthropic demands a limit; this bounds what one call can cost and fits every current model. */
const anthropicMaxOutputTokens = 16_384;

/** Calls the provider once. Throws what `describeFailure` sorts, or the signal's reason. */
export async function attemptCall(attempt: Attempt): Promise<RawAnswer> {
  const { request, limits, streaming } = attempt;
  // A process that may not go on has aborted the signal by saying so.
  request.mayStart?.();
  request.signal?.throwIfAborted();
  const stop = new AbortController();
  const onAbort = () => stop.abort(request.signal?.reason);
  request.signal?.addEventListener('abort', onAbort, { once: true });
  const total = timeoutAfter(limits.attemptTimeoutMs, () =>
    stop.abort(new AttemptTimeout(`no complete answer within ${limits.attemptTimeoutMs} ms`)),
  );
  // Without streaming nothing comes until all is ready, so silence says nothing.
  const idle = streaming
    ? timeoutAfter(limits.idleTimeoutMs, () =>
        stop.abort(new AttemptTimeout(`nothing arrived for ${limits.idleTimeoutMs} ms`)),
      )
    : null;
  try {
    const watched = watchFetch({
      fetch: attempt.fetch,
      onActivity: () => idle?.refresh(),
      maxBytes: limits.maxAnswerBytes,
    });
    // The race lets go at once even if the provider package does not.
    return await Promise.race([run(attempt, watched, stop.signal), rejectedBy(stop.signal)]);
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    clearTimeout(total);
    if (idle !== null) clearTimeout(idle);
    request.signal?.removeEventListener('abort', onAbort);
    // Lets go of a connection whose stream was not read to its end.
    stop.abort(new AttemptTimeout('the attempt is over'));
  }
}

async function run(attempt: Attempt, fetch: Fetch, signal: AbortSignal): Promise<RawAnswer> {
  const { id, providers, request } = attempt;
  const options: LanguageModelV4CallOptions = {
    prompt: toPrompt(request.messages, request.model),
    providerOptions: providerOptions(id.provider),
    abortSignal: signal,
    ...(request.tools.length === 0 ? {} : { tools: toToolDefinitions(request.tools) }),
    ...maxOutputTokens(attempt),
  };
  const modelWith = (through: Fetch): LanguageModelV4 =>
    createProviderModel(id, providers, through);
  if (!attempt.streaming) {
    return collectResult(await modelWith(fetch).doGenerate(options), attempt.onText);
  }
  // A server that was asked to stream and answered at once: its whole answer is in this response.
  let whole: Response | undefined;
  const streamed: Fetch = async (input, init) => {
    const response = await fetch(input, init);
    if (!response.ok || !response.headers.get('content-type')?.includes('application/json')) {
      return response;
    }
    whole = response;
    throw new Error('The server did not stream.');
  };
  try {
    const { stream } = await modelWith(streamed).doStream(options);
    return await collectStream(stream, attempt.onText);
  } catch (error) {
    if (whole === undefined) throw error;
    const response = whole;
    const result = await modelWith(() => Promise.resolve(response)).doGenerate(options);
    return collectResult(result, attempt.onText);
  }
}

function maxOutputTokens({ id, request }: Attempt): { maxOutputTokens?: number } {
  if (request.maxOutputTokens !== undefined) return { maxOutputTokens: request.maxOutputTokens };
  return id.provider === 'anthropic' ? { maxOutputTokens: anthropicMaxOutputTokens } : {};
}

function timeoutAfter(ms: number, act: () => void): NodeJS.Timeout {
  return setTimeout(act, ms);
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  if (signal.aborted) reject(signal.reason);
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  // The losing side of the race must not count as unhandled.
  promise.catch(() => {});
  return promise;
}
