import type { LanguageModelV4, SharedV4ProviderOptions } from '@ai-sdk/provider';
import type { ModelProvider, ModelSettings } from '../core/model-entry.ts';
import { normaliseCompatible } from './compatible-wire.ts';
import { reasoningDetails } from './reasoning-details.ts';
import type { Fetch } from './watched-fetch.ts';

/** Where a provider is and how it knows us. Settings of single calls are not here. */
export interface ProviderSettings
  extends Pick<
    ModelSettings,
    'api' | 'resource_name' | 'api_version' | 'region' | 'access_key_id'
  > {
  readonly apiKey?: string | undefined;
  /** As in the official clients' environment variables; null or absent is the provider's own. */
  readonly baseUrl?: string | undefined;
}

export type Providers = { readonly [P in ModelProvider]?: ProviderSettings };
export type RemoteProvider = ModelProvider;

/** A model of a provider, as it is reached for one call. */
export interface ProviderTarget {
  readonly provider: RemoteProvider;
  readonly name: string;
  readonly settings: ProviderSettings;
  readonly fetch: Fetch;
}

const openAiUrl = 'https://api.openai.com/v1';
const anthropicUrl = 'https://api.anthropic.com/v1';
const openRouterUrl = 'https://openrouter.ai/api/v1';

/** What is missing before the provider can be called, or null. `place` says where it is to be set. */
export function whyNotConfigured(
  provider: RemoteProvider,
  settings: ProviderSettings,
  place: SettingPlace = environment(provider),
): string | null {
  const { apiKey, baseUrl, resource_name, region } = settings;
  if (baseUrl && !URL.canParse(baseUrl)) return `${place.baseUrl} is not a URL: ${baseUrl}`;
  if (provider === 'openai-compatible') {
    return baseUrl
      ? null
      : `An OpenAI-compatible server needs its address: set ${place.baseUrl}, for Ollama http://127.0.0.1:11434/v1.`;
  }
  if (!apiKey) return `The provider ${provider} needs a key: set ${place.key}.`;
  if (provider === 'azure' && !resource_name && !baseUrl) {
    return `Azure needs the name of its resource: set ${place.resource}.`;
  }
  if (provider === 'bedrock' && !region && !baseUrl) {
    return `Bedrock needs its AWS region: set ${place.region}.`;
  }
  return null;
}

export interface SettingPlace {
  readonly key: string;
  readonly baseUrl: string;
  readonly resource: string;
  readonly region: string;
}

const variablesOf: Readonly<Record<RemoteProvider, string>> = {
  openai: 'OPENAI',
  anthropic: 'ANTHROPIC',
  google: 'GOOGLE_GENERATIVE_AI',
  azure: 'AZURE',
  bedrock: 'BEDROCK',
  mistral: 'MISTRAL',
  groq: 'GROQ',
  openrouter: 'OPENROUTER',
  'openai-compatible': 'OPENAI_COMPATIBLE',
};

function environment(provider: RemoteProvider): SettingPlace {
  const prefix = variablesOf[provider];
  return {
    key: provider === 'bedrock' ? 'AWS_BEARER_TOKEN_BEDROCK' : `${prefix}_API_KEY`,
    baseUrl: `${prefix}_BASE_URL`,
    resource: 'AZURE_RESOURCE_NAME',
    region: 'AWS_REGION',
  };
}

/**
 * Makes the provider package's model for one call through the given fetch. A package is loaded when its
 * provider is first called: together they would take longer to load than the rest of the server.
 */
export async function createProviderModel(
  target: ProviderTarget,
  fetch: Fetch,
): Promise<LanguageModelV4> {
  const { provider, name, settings } = target;
  // Key and URL are always given, or the packages would read the environment on their own.
  const { apiKey = '', baseUrl, api } = settings;
  const ownUrl = baseUrl ? { baseURL: baseUrl.replace(/\/+$/, '') } : {};
  switch (provider) {
    case 'openai': {
      const { createOpenAI } = await import('@ai-sdk/openai');
      const openai = createOpenAI({ apiKey, baseURL: withVersion(baseUrl) ?? openAiUrl, fetch });
      // `responses` at OpenAI itself, because only it takes a model's reasoning back between the
      // calls of a loop; `chat` at any other base URL, because that is what gateways speak.
      const spoken = api ?? (!baseUrl || isOpenAi(baseUrl) ? 'responses' : 'chat');
      return spoken === 'responses' ? openai.responses(name) : openai.chat(name);
    }
    case 'anthropic': {
      const { createAnthropic } = await import('@ai-sdk/anthropic');
      // The official client adds `/v1` to its base URL, whatever that is.
      const trimmed = baseUrl?.replace(/\/+$/, '');
      const baseURL = trimmed ? trimmed.replace(/(\/v1)?$/, '/v1') : anthropicUrl;
      return createAnthropic({ apiKey, baseURL, fetch })(name);
    }
    case 'google': {
      const { createGoogle } = await import('@ai-sdk/google');
      const baseURL = 'https://generativelanguage.googleapis.com/v1beta';
      return createGoogle({ apiKey, baseURL, ...ownUrl, fetch })(name);
    }
    case 'azure': {
      const { createAzure } = await import('@ai-sdk/azure');
      const resource = settings.resource_name ?? '';
      const baseURL = `https://${resource}.openai.azure.com/openai`;
      const version = settings.api_version;
      const azure = createAzure({
        apiKey,
        baseURL,
        ...ownUrl,
        fetch,
        ...(version === undefined ? {} : { apiVersion: version }),
      });
      return api === 'chat' ? azure.chat(name) : azure.responses(name);
    }
    case 'bedrock': {
      const { createAmazonBedrock } = await import('@ai-sdk/amazon-bedrock');
      const { region = 'us-east-1', access_key_id: accessKeyId } = settings;
      const baseURL = `https://bedrock-runtime.${region}.amazonaws.com`;
      const given = { region, baseURL, ...ownUrl, fetch };
      const credentials = { region, accessKeyId: accessKeyId ?? '', secretAccessKey: apiKey };
      return accessKeyId === undefined
        ? createAmazonBedrock({ ...given, apiKey })(name)
        : createAmazonBedrock({ ...given, credentialProvider: async () => credentials })(name);
    }
    case 'mistral': {
      const { createMistral } = await import('@ai-sdk/mistral');
      return createMistral({ apiKey, baseURL: 'https://api.mistral.ai/v1', ...ownUrl, fetch })(
        name,
      );
    }
    case 'groq': {
      const { createGroq } = await import('@ai-sdk/groq');
      return createGroq({ apiKey, baseURL: 'https://api.groq.com/openai/v1', ...ownUrl, fetch })(
        name,
      );
    }
    case 'openrouter':
    case 'openai-compatible': {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
      const isRouter = provider === 'openrouter';
      return createOpenAICompatible({
        name: isRouter ? 'openrouter' : 'openaiCompatible',
        baseURL: withVersion(baseUrl) ?? (isRouter ? openRouterUrl : ''),
        includeUsage: true,
        supportsStructuredOutputs: true,
        metadataExtractor: reasoningDetails,
        fetch: normaliseCompatible(fetch),
        ...(apiKey ? { apiKey } : {}),
      })(name);
    }
  }
}

/**
 * What every call of a model is sent with: caches and reasoning where the provider has to be asked. `cacheKey` is the same
 * for prompts that begin alike.
 */
export function providerOptions(
  provider: RemoteProvider,
  name: string,
  cacheKey: string,
): SharedV4ProviderOptions {
  switch (provider) {
    case 'openai':
      // Nothing is kept at OpenAI: the journal has it all, and reasoning comes back encrypted.
      return { openai: { store: false } };
    case 'azure':
      return { azure: { store: false }, openai: { store: false } };
    case 'anthropic':
      // A loop sends its beginning again with every call; cached, it costs a tenth.
      return { anthropic: { cacheControl: { type: 'ephemeral' } } };
    case 'google':
      // Models before 2.5 refuse to be asked for their thoughts.
      return /gemini-(2\.5|[3-9])/.test(name)
        ? { google: { thinkingConfig: { includeThoughts: true } } }
        : {};
    case 'openrouter':
      // Its own account of what the call cost comes with the counts.
      return {
        openrouter: {
          usage: { include: true },
          // Of the models behind it, Anthropic's cache what is marked; the mark for all of the prompt is the router's.
          ...(name.startsWith('anthropic/') ? { cache_control: { type: 'ephemeral' } } : {}),
        },
      };
    case 'mistral':
      // It looks for a cached beginning where it is given a key, and only there.
      return { mistral: { promptCacheKey: cacheKey } };
    default:
      return {};
  }
}

/** What the end of a prompt's beginning is marked with, where the provider caches up to such a mark. */
export function cachePoint(
  provider: RemoteProvider,
  name: string,
): SharedV4ProviderOptions | undefined {
  const hasCache = provider === 'bedrock' && /anthropic\.claude|amazon\.nova/.test(name);
  return hasCache ? { bedrock: { cachePoint: { type: 'default' } } } : undefined;
}

/** Servers at a bare address have their API below `/v1`. */
function withVersion(baseUrl: string | undefined): string | undefined {
  if (!baseUrl) return undefined;
  const url = new URL(baseUrl);
  const trimmed = baseUrl.replace(/\/+$/, '');
  return url.pathname === '/' ? `${trimmed}/v1` : trimmed;
}

function isOpenAi(baseUrl: string): boolean {
  return new URL(baseUrl).hostname === new URL(openAiUrl).hostname;
}
