import {
  type ModelAnswer,
  type ModelClient,
  ModelError,
  type ModelRequest,
  type ModelUsage,
} from '../core/model.ts';
import type { ModelSettings } from '../core/model-entry.ts';
import { type AttemptLimits, attemptCall } from './attempt.ts';
import { type Clock, systemClock } from './clock.ts';
import { AttemptTimeout } from './failure.ts';
import { parseModelId } from './model-id.ts';
import { costOfUsage, type PriceTable } from './prices.ts';
import { newProgress, usageSoFar } from './progress.ts';
import type { ProviderData } from './prompt.ts';
import { type Providers, type ProviderTarget, whyNotConfigured } from './provider-model.ts';
import { callWithRetries, defaultRetryPolicy, type RetryPolicy } from './retry.ts';
import { createScriptFinder, type ScriptInput } from './script.ts';
import { answerFromScript, scriptedCost, unusedTurns } from './scripted-model.ts';
import { reportedCostUsd, usageFrom } from './usage.ts';
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

/** A model that is called with what somebody else knows of it. */
export interface CallTarget extends ProviderTarget {
  readonly callSettings?: Pick<
    ModelSettings,
    'max_output_tokens' | 'temperature' | 'reasoning_effort'
  >;
  readonly prices: PriceTable;
  readonly retry?: Partial<RetryPolicy>;
}

/** The client, and the way to models that its own settings do not know. */
export interface RemoteModelClient extends ModelClient {
  /** Calls the target; `request.model` only names it in messages. Throws `ModelError`. */
  callAt(target: CallTarget, request: ModelRequest): Promise<ModelAnswer>;
  /** The server's own target for `provider/model`; null for a script. Throws `ModelError`. */
  targetOf(model: string): CallTarget | null;
}

const defaultLimits: AttemptLimits = {
  idleTimeoutMs: 120_000,
  attemptTimeoutMs: 600_000,
  maxAnswerBytes: 32 * 1024 * 1024,
};

/** The one client for every model: those of all providers, and scripts. */
export function createModelClient(settings: ModelClientSettings = {}): RemoteModelClient {
  const { providers = {}, prices = {}, streaming = true, fetch = globalThis.fetch } = settings;
  const clock = settings.clock ?? systemClock;
  const policy: RetryPolicy = { ...defaultRetryPolicy, ...settings.retry };
  const limits: AttemptLimits = { ...defaultLimits, ...settings.limits };
  const findScript = createScriptFinder(settings);

  const cost = (model: string, usage: ModelUsage): number | null => {
    try {
      const id = parseModelId(model);
      if (id.provider === 'scripted') return scriptedCost(findScript(id.name), usage);
      return costOfUsage(model, usage, prices);
    } catch (error) {
      // A model that cannot be called has no price; what is wrong with it is `whyUnusable`'s to say.
      if (error instanceof ModelError) return null;
      throw error;
    }
  };

  const targetOf = (model: string): CallTarget | null => {
    const { provider, name } = parseModelId(model);
    if (provider === 'scripted') return null;
    return { provider, name, settings: providers[provider] ?? {}, fetch, prices };
  };

  const callAt = async (target: CallTarget, request: ModelRequest): Promise<ModelAnswer> => {
    const model = `${target.provider}/${target.name}`;
    const { messages, tools } = request;
    let progress = newProgress();
    let attemptAt = 0;
    let thrown: unknown;
    const { value: raw, failedAttempts } = await callWithRetries({
      model: request.model === model ? model : `${request.model} (${model})`,
      policy: { ...policy, ...target.retry },
      clock,
      signal: request.signal,
      mask: (text) => maskSecrets(target.settings.apiKey, text),
      spent: () => {
        const wasGivenUp = thrown instanceof AttemptTimeout || request.signal?.aborted === true;
        const usage = usageSoFar(progress, { wasGivenUp, text: { messages, tools } });
        return usage && { usage, costUsd: costOfUsage(model, usage, target.prices) };
      },
      call: async (attempt) => {
        progress = newProgress();
        attemptAt = performance.now();
        try {
          return await attemptCall({
            target,
            request,
            ...(target.callSettings === undefined ? {} : { callSettings: target.callSettings }),
            limits,
            streaming,
            progress,
            onText: (delta) => request.onText?.(delta, attempt),
          });
        } catch (error) {
          thrown = error;
          throw error;
        }
      },
      onFailure: (failed, attempt) =>
        settings.logger?.warn(
          { model: request.model, attempt, ...request.labels, ...failed },
          'model call failed',
        ),
    });
    const { parts, meta, text, reasoning, toolCalls, finishReason } = raw;
    const written = toolCalls.map((call) => call.name + call.argumentsText).join('');
    const usage = usageFrom(raw.usage, {
      messages,
      tools,
      answer: text + (reasoning ?? '') + written,
    });
    const providerData: ProviderData | null =
      parts === null ? null : { model, parts, ...(meta === undefined ? {} : { meta }) };
    const { firstChunkAt } = progress;
    return {
      text,
      reasoning,
      toolCalls,
      finishReason,
      usage,
      costUsd:
        reportedCostUsd(target.provider, raw.usage) ?? costOfUsage(model, usage, target.prices),
      failedAttempts,
      model,
      ...(firstChunkAt === null ? {} : { firstChunkMs: Math.round(firstChunkAt - attemptAt) }),
      ...(providerData === null ? {} : { providerData }),
    };
  };

  return {
    cost,
    targetOf,
    callAt,
    call: async (request) => {
      const target = targetOf(request.model);
      if (target === null) {
        return await answerFromScript(findScript(parseModelId(request.model).name), request, clock);
      }
      const missing = whyNotConfigured(target.provider, target.settings);
      if (missing !== null) throw new ModelError('unauthorized', `${request.model}: ${missing}`);
      return await callAt(target, request);
    },
    whyUnusable: (model) => {
      try {
        const target = targetOf(model);
        if (target !== null) return whyNotConfigured(target.provider, target.settings);
        findScript(parseModelId(model).name);
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

/** Providers repeat keys, or parts of them, in their errors. */
function maskSecrets(key: string | undefined, text: string): string {
  const masked = key !== undefined && key.length >= 8 ? text.replaceAll(key, '***') : text;
  return masked.replace(/\bsk-[A-Za-z0-9_*-]{8,}/g, 'sk-***');
}
