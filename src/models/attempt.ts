import { createHash } from 'node:crypto';
import {
  APICallError,
  type LanguageModelV4,
  type LanguageModelV4CallOptions,
} from '@ai-sdk/provider';
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
  // A process that may not go on has aborted the signal by saying so. It may have been frozen since it was asked
  // first, or while the provider's package was loaded: what counts is the moment at which the request leaves.
  const requireStart = () => {
    request.mayStart?.();
    request.signal?.throwIfAborted();
  };
  requireStart();
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
      onSend: requireStart,
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

/** Not every model takes a schema. What is asked for one says its form in words as well, so it is asked again without. */
async function run(attempt: Attempt, fetch: Fetch, signal: AbortSignal): Promise<RawAnswer> {
  const { responseSchema, ...unbound } = attempt.request;
  try {
    return await ask(attempt, fetch, signal);
  } catch (error) {
    if (responseSchema === undefined || !refusesSchema(error)) throw error;
    return await ask({ ...attempt, request: unbound }, fetch, signal);
  }
}

function refusesSchema(error: unknown): boolean {
  if (!APICallError.isInstance(error)) return false;
  if (error.statusCode !== 400 && error.statusCode !== 422) return false;
  const said = `${error.message} ${error.responseBody ?? ''}`;
  return /response.?(format|schema)|json.?schema|output.?(config|format)|structured.?output/i.test(
    said,
  );
}

async function ask(attempt: Attempt, fetch: Fetch, signal: AbortSignal): Promise<RawAnswer> {
  const { target, request, callSettings = {}, progress } = attempt;
  const { provider, name } = target;
  const { temperature, reasoning_effort: reasoning } = callSettings;
  const options: LanguageModelV4CallOptions = {
    prompt: toPrompt(request.messages, `${provider}/${name}`, cachePoint(provider, name)),
    providerOptions: providerOptions(provider, name, cacheKeyOf(request)),
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

/** Runs of an agent begin with the same instructions. A digest, because the provider may keep it. */
function cacheKeyOf({ messages }: ModelRequest): string {
  const beginning = messages[0]?.text ?? '';
  return createHash('sha256').update(beginning).digest('hex').slice(0, 32);
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
