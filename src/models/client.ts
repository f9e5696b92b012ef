import {
  type ModelAnswer,
  type ModelClient,
  ModelError,
  type ModelRequest,
  type ModelUsage,
} from '../core/model.ts';
import { type AttemptLimits, attemptCall } from './attempt.ts';
import { type Clock, systemClock } from './clock.ts';
import { type ModelId, parseModelId } from './model-id.ts';
import { type PriceTable, priceOf } from './prices.ts';
import type { ProviderData } from './prompt.ts';
import { type Providers, type RemoteProvider, whyNotConfigured } from './provider-model.ts';
import { callWithRetries, defaultRetryPolicy, type RetryPolicy } from './retry.ts';
import { createScriptFinder, type ScriptInput } from './script.ts';
import { answerFromScript, scriptedCost, unusedTurns } from './scripted-model.ts';
import { usageFrom } from './usage.ts';
import type { Fetch } from './watched-fetch.ts';

export interface ModelClientSettings {
  /** Keys and base URLs; nothing is read from the environment here. */
  readonly providers?: Providers;
  /** By `provider/model`; comes before the list prices. */
  readonly prices?: PriceTable;
  /** Where `scripted/<name>` finds `<name>.json`. */
  readonly scriptsDir?: string;
  /** Scripts by name, for tests. */
  readonly scripts?: Readonly<Record<string, ScriptInput>>;
  /** Default true. Off, an answer comes in one piece. */
  readonly streaming?: boolean;
  readonly retry?: Partial<RetryPolicy>;
  readonly limits?: Partial<AttemptLimits>;
  readonly fetch?: Fetch;
  readonly clock?: Clock;
  readonly logger?: ModelLogger;
}

export interface ModelLogger {
  warn(fields: object, message: string): void;
}

const defaultLimits: AttemptLimits = {
  idleTimeoutMs: 120_000,
  attemptTimeoutMs: 600_000,
  maxAnswerBytes: 32 * 1024 * 1024,
};

/** The one client for every model: OpenAI, Anthropic, OpenAI-compatible servers, scripts. */
export function createModelClient(settings: ModelClientSettings = {}): ModelClient {
  const { providers = {}, prices = {}, streaming = true, fetch = globalThis.fetch } = settings;
  const clock = settings.clock ?? systemClock;
  const policy: RetryPolicy = { ...defaultRetryPolicy, ...settings.retry };
  const limits: AttemptLimits = { ...defaultLimits, ...settings.limits };
  const findScript = createScriptFinder(settings);
  const mask = maskSecrets(providers);

  const cost = (model: string, usage: ModelUsage): number | null => {
    try {
      const id = parseModelId(model);
      if (id.provider === 'scripted') return scriptedCost(findScript(id.name), usage);
      return priceOf(id, usage, prices);
    } catch (error) {
      // A model that cannot be called has no price; what is wrong with it is `whyUnusable`'s to say.
      if (error instanceof ModelError) return null;
      throw error;
    }
  };

  const callRemote = async (id: RemoteId, request: ModelRequest): Promise<ModelAnswer> => {
    const missing = whyNotConfigured(id.provider, providers);
    if (missing !== null) throw new ModelError('unauthorized', `${request.model}: ${missing}`);
    const { value: raw, failedAttempts } = await callWithRetries({
      model: request.model,
      policy,
      clock,
      signal: request.signal,
      mask,
      call: (attempt) =>
        attemptCall({
          id,
          request,
          providers,
          limits,
          streaming,
          fetch,
          onText: (delta) => request.onText?.(delta, attempt),
        }),
      onFailure: (failed, attempt) =>
        settings.logger?.warn({ model: request.model, attempt, ...failed }, 'model call failed'),
    });
    const written = raw.toolCalls.map((call) => call.name + call.argumentsText).join('');
    const usage = usageFrom(raw.usage, {
      messages: request.messages,
      tools: request.tools,
      answer: raw.text + (raw.reasoning ?? '') + written,
    });
    const { parts, text, reasoning, toolCalls, finishReason } = raw;
    const providerData: ProviderData | null =
      parts === null ? null : { model: request.model, parts };
    return {
      text,
      reasoning,
      toolCalls,
      finishReason,
      usage,
      costUsd: cost(request.model, usage),
      failedAttempts,
      ...(providerData === null ? {} : { providerData }),
    };
  };

  return {
    cost,
    call: async (request) => {
      const id = parseModelId(request.model);
      if (id.provider === 'scripted') {
        return await answerFromScript(findScript(id.name), request, clock);
      }
      return await callRemote({ ...id, provider: id.provider }, request);
    },
    whyUnusable: (model) => {
      try {
        const id = parseModelId(model);
        if (id.provider !== 'scripted') return whyNotConfigured(id.provider, providers);
        findScript(id.name);
        return null;
      } catch (error) {
        if (error instanceof ModelError) return error.message;
        throw error;
      }
    },
    whyIncomplete: (request) => {
      const id = parseModelId(request.model);
      return id.provider === 'scripted' ? unusedTurns(findScript(id.name), request) : null;
    },
  };
}

type RemoteId = ModelId & { readonly provider: RemoteProvider };

/** Providers repeat keys, or parts of them, in their errors. */
function maskSecrets(providers: Providers): (text: string) => string {
  const keys = Object.values(providers)
    .map((provider: { apiKey?: string | undefined } | undefined) => provider?.apiKey ?? '')
    .filter((key) => key.length >= 8);
  return (text) =>
    keys
      .reduce((masked, key) => masked.replaceAll(key, '***'), text)
      .replace(/\bsk-[A-Za-z0-9_*-]{8,}/g, 'sk-***');
}
