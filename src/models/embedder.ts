import type { EmbeddingModelV4 } from '@ai-sdk/provider';
import { ModelError } from '../core/model.ts';
import { type LocalEmbeddings, localModelPrefix } from './local-embeddings.ts';
import { parseModelId } from './model-id.ts';
import {
  type Providers,
  type ProviderTarget,
  type RemoteProvider,
  whyNotConfigured,
} from './provider-model.ts';
import type { Fetch } from './watched-fetch.ts';

// Vectors from any provider that makes them, or from weights on this machine.

const embedding = ['openai', 'google', 'azure', 'bedrock', 'mistral', 'openai-compatible'] as const;
type EmbeddingProvider = (typeof embedding)[number];

/** Texts of one request, where the provider names no limit. */
const usualBatch = 64;
const timeoutMs = 30_000;

interface Texts {
  readonly texts: readonly string[];
  readonly signal: AbortSignal;
  /** Told of each request's tokens; null where the provider does not count them. */
  readonly onUsed?: (tokens: number | null, texts: readonly string[]) => void;
}

/** Models of the server's own settings. */
export interface ServerEmbedder {
  /** The vectors, in order. Throws when the provider fails. */
  embed(model: string, texts: Texts): Promise<readonly Float32Array[]>;
  /** Why the model cannot be used, or null. */
  whyUnusable(model: string): string | null;
}

/** `local/<name>` is a folder of the data directory; anything else is a provider's. */
export function createEmbedder(given: {
  readonly providers: Providers;
  readonly local: LocalEmbeddings;
  readonly fetch?: Fetch;
}): ServerEmbedder {
  const { providers, local, fetch = globalThis.fetch } = given;
  return {
    whyUnusable: (model) => {
      if (model.startsWith(localModelPrefix)) return local.whyUnusable(model);
      try {
        const { provider } = parseModelId(model);
        if (provider === 'scripted') return 'Scripts make no embeddings.';
        return whyNoEmbeddings(provider) ?? whyNotConfigured(provider, providers[provider] ?? {});
      } catch (error) {
        if (error instanceof ModelError) return error.message;
        throw error;
      }
    },
    embed: async (model, request) => {
      if (model.startsWith(localModelPrefix)) return await local.embed(model, request.texts);
      const { provider, name } = parseModelId(model);
      if (provider === 'scripted') throw new Error('Scripts make no embeddings.');
      return await embedAt({ provider, name, settings: providers[provider] ?? {}, fetch }, request);
    },
  };
}

/** Why no embeddings come from the provider, or null. */
export function whyNoEmbeddings(provider: RemoteProvider): string | null {
  return isEmbedding(provider)
    ? null
    : `${provider} makes no embeddings here; ${embedding.join(', ')} and local do.`;
}

/** The texts' vectors by a provider's model, in order. Throws when the provider fails. */
export async function embedAt(
  target: ProviderTarget,
  { texts, signal, onUsed }: Texts,
): Promise<readonly Float32Array[]> {
  const made = await makeModel(target);
  const most = Math.min((await made.maxEmbeddingsPerCall) ?? usualBatch, usualBatch);
  const vectors: Float32Array[] = [];
  for (let at = 0; at < texts.length; at += most) {
    const values = texts.slice(at, at + most);
    const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    try {
      const { embeddings, usage } = await made.doEmbed({ values, abortSignal });
      onUsed?.(usage?.tokens || null, values);
      vectors.push(...embeddings.map((vector) => Float32Array.from(vector)));
    } catch (error) {
      // Nobody waited for its end, and it is paid for all the same.
      if (abortSignal.aborted) onUsed?.(null, values);
      throw error;
    }
  }
  if (vectors.length !== texts.length) {
    throw new Error(`${target.name} gave ${vectors.length} vectors for ${texts.length} texts.`);
  }
  return vectors;
}

function isEmbedding(provider: string): provider is EmbeddingProvider {
  return (embedding as readonly string[]).includes(provider);
}

/** Key and URL are always given, or the packages would read the environment on their own. */
async function makeModel(target: ProviderTarget): Promise<EmbeddingModelV4> {
  const { provider, name, settings, fetch } = target;
  if (!isEmbedding(provider)) throw new Error(`${provider} makes no embeddings here.`);
  const { apiKey = '', baseUrl } = settings;
  const ownUrl = baseUrl ? { baseURL: baseUrl.replace(/\/+$/, '') } : {};
  switch (provider) {
    case 'openai': {
      const { createOpenAI } = await import('@ai-sdk/openai');
      const baseURL = withVersion(baseUrl) ?? 'https://api.openai.com/v1';
      return createOpenAI({ apiKey, baseURL, fetch }).embeddingModel(name);
    }
    case 'google': {
      const { createGoogle } = await import('@ai-sdk/google');
      const baseURL = 'https://generativelanguage.googleapis.com/v1beta';
      return createGoogle({ apiKey, baseURL, ...ownUrl, fetch }).embeddingModel(name);
    }
    case 'azure': {
      const { createAzure } = await import('@ai-sdk/azure');
      const baseURL = `https://${settings.resource_name ?? ''}.openai.azure.com/openai`;
      return createAzure({ apiKey, baseURL, ...ownUrl, fetch }).embeddingModel(name);
    }
    case 'bedrock': {
      const { createAmazonBedrock } = await import('@ai-sdk/amazon-bedrock');
      const { region = 'us-east-1', access_key_id: accessKeyId } = settings;
      const baseURL = `https://bedrock-runtime.${region}.amazonaws.com`;
      const credentials = { region, accessKeyId: accessKeyId ?? '', secretAccessKey: apiKey };
      const given = { region, baseURL, ...ownUrl, fetch };
      return accessKeyId === undefined
        ? createAmazonBedrock({ ...given, apiKey }).embeddingModel(name)
        : createAmazonBedrock({
            ...given,
            credentialProvider: async () => credentials,
          }).embeddingModel(name);
    }
    case 'mistral': {
      const { createMistral } = await import('@ai-sdk/mistral');
      const baseURL = 'https://api.mistral.ai/v1';
      return createMistral({ apiKey, baseURL, ...ownUrl, fetch }).embeddingModel(name);
    }
    case 'openai-compatible': {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
      return createOpenAICompatible({
        name: 'openaiCompatible',
        baseURL: withVersion(baseUrl) ?? '',
        ...(apiKey ? { apiKey } : {}),
        fetch,
      }).embeddingModel(name);
    }
  }
}

/** `http://host:port` is meant as `http://host:port/v1`; without a slash at its end. */
export function withVersion(baseUrl: string | undefined): string | undefined {
  if (!baseUrl) return undefined;
  const trimmed = baseUrl.replace(/\/+$/, '');
  return new URL(trimmed).pathname === '/' ? `${trimmed}/v1` : trimmed;
}
