import type { LanguageModelV4, LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { ModelRequest } from '../core/model.ts';
import type { ModelSettings } from '../core/model-entry.ts';
import { collectResult, collectStream, type RawAnswer } from './collect.ts';
import { AttemptTimeout } from './failure.ts';
import { followProgress, type Progress } from './progress.ts';
import { toPrompt, toToolDefinitions } from './prompt.ts';
import {
  cachePoint,
  createProviderModel,
  type ProviderTarget,
  providerOptions,
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
  readonly target: ProviderTarget;
  readonly request: ModelRequest;
  /** Of the model, where its entry says something. */
  readonly callSettings?: Pick<
    ModelSettings,
    'max_output_tokens' | 'temperature' | 'reasoning_effort'
  >;
  readonly limits: AttemptLimits;
  readonly streaming: boolean;
  /** Written while the answer comes: what is known of it if it does not come to its end. */
  readonly progress: Progress;
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
      fetch: attempt.target.fetch,
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
  const { target, request, callSettings = {}, progress } = attempt;
  const { provider, name } = target;
  const { temperature, reasoning_effort: reasoning } = callSettings;
  const options: LanguageModelV4CallOptions = {
    prompt: toPrompt(request.messages, `${provider}/${name}`, cachePoint(provider, name)),
    providerOptions: providerOptions(provider, name),
    abortSignal: signal,
    ...(request.tools.length === 0 ? {} : { tools: toToolDefinitions(request.tools) }),
    ...(request.responseSchema === undefined
      ? {}
      : { responseFormat: { type: 'json' as const, schema: request.responseSchema } }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(reasoning === undefined ? {} : { reasoning }),
    ...maxOutputTokens(attempt),
  };
  const modelWith = (through: Fetch): Promise<LanguageModelV4> =>
    createProviderModel(target, through);
  progress.isSent = true;
  if (!attempt.streaming) {
    return collectResult(await (await modelWith(fetch)).doGenerate(options), attempt.onText);
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
    const model = await modelWith(streamed);
    // What was counted so far is in the provider's own chunks only, and is needed if the answer breaks off.
    const includeRawChunks = provider === 'anthropic' || provider === 'google';
    const { stream } = await model.doStream({ ...options, includeRawChunks });
    return await collectStream(followProgress(stream, progress), attempt.onText);
  } catch (error) {
    if (whole === undefined) throw error;
    const response = whole;
    const model = await modelWith(() => Promise.resolve(response));
    const result = await model.doGenerate(options);
    return collectResult(result, attempt.onText);
  }
}

function maxOutputTokens(attempt: Attempt): { maxOutputTokens?: number } {
  const { request, callSettings, target } = attempt;
  const most = request.maxOutputTokens ?? callSettings?.max_output_tokens;
  if (most !== undefined) return { maxOutputTokens: most };
  return target.provider === 'anthropic' ? { maxOutputTokens: anthropicMaxOutputTokens } : {};
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
