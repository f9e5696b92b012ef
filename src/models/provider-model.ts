import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { LanguageModelV4, SharedV4ProviderOptions } from '@ai-sdk/provider';
import { normaliseCompatible } from './compatible-wire.ts';
import type { ModelId, ProviderName } from './model-id.ts';
import type { Fetch } from './watched-fetch.ts';

export interface ProviderSettings {
  readonly apiKey?: string | undefined;
  /** As in the official clients' environment variables; null or absent is the provider's own. */
  readonly baseUrl?: string | undefined;
}

export interface OpenAiSettings extends ProviderSettings {
  /**
   * Default: `responses` at OpenAI itself, because only it takes a model's reasoning back between
   * the calls of a loop; `chat` at any other base URL, because that is what gateways speak.
   */
  readonly api?: 'responses' | 'chat' | undefined;
}

export interface Providers {
  readonly openai?: OpenAiSettings;
  readonly anthropic?: ProviderSettings;
  readonly 'openai-compatible'?: ProviderSettings;
}

export type RemoteProvider = Exclude<ProviderName, 'scripted'>;

const openAiUrl = 'https://api.openai.com/v1';
const anthropicUrl = 'https://api.anthropic.com/v1';

/** What is missing before the provider can be called, with the variable to set, or null. */
export function whyNotConfigured(provider: RemoteProvider, providers: Providers): string | null {
  const { apiKey, baseUrl } = providers[provider] ?? {};
  const variables = variablesOf[provider];
  if (baseUrl && !URL.canParse(baseUrl)) return `${variables}_BASE_URL is not a URL: ${baseUrl}`;
  if (provider === 'openai-compatible') {
    return baseUrl
      ? null
      : `An OpenAI-compatible server needs its address: set ${variables}_BASE_URL, for Ollama http://127.0.0.1:11434/v1.`;
  }
  return apiKey ? null : `The provider ${provider} needs a key: set ${variables}_API_KEY.`;
}

const variablesOf: Readonly<Record<RemoteProvider, string>> = {
  openai: 'OPENAI',
  anthropic: 'ANTHROPIC',
  'openai-compatible': 'OPENAI_COMPATIBLE',
};

/** Makes the provider package's model for one call through the given fetch. */
export function createProviderModel(
  id: ModelId & { readonly provider: RemoteProvider },
  providers: Providers,
  fetch: Fetch,
): LanguageModelV4 {
  // Key and URL are always given, or the packages would read the environment on their own.
  switch (id.provider) {
    case 'openai': {
      const { apiKey = '', baseUrl, api } = providers.openai ?? {};
      const openai = createOpenAI({ apiKey, baseURL: withVersion(baseUrl) ?? openAiUrl, fetch });
      const spoken = api ?? (!baseUrl || isOpenAi(baseUrl) ? 'responses' : 'chat');
      return spoken === 'responses' ? openai.responses(id.name) : openai.chat(id.name);
    }
    case 'anthropic': {
      const { apiKey = '', baseUrl } = providers.anthropic ?? {};
      // The official client adds `/v1` to its base URL, whatever that is.
      const trimmed = baseUrl?.replace(/\/+$/, '');
      const baseURL = trimmed ? trimmed.replace(/(\/v1)?$/, '/v1') : anthropicUrl;
      return createAnthropic({ apiKey, baseURL, fetch })(id.name);
    }
    case 'openai-compatible': {
      const { apiKey, baseUrl = '' } = providers['openai-compatible'] ?? {};
      return createOpenAICompatible({
        name: 'openaiCompatible',
        baseURL: withVersion(baseUrl) ?? baseUrl,
        includeUsage: true,
        fetch: normaliseCompatible(fetch),
        ...(apiKey ? { apiKey } : {}),
      })(id.name);
    }
  }
}

/** What every call of a provider is sent with. */
export function providerOptions(provider: RemoteProvider): SharedV4ProviderOptions {
  switch (provider) {
    case 'openai':
      // Nothing is kept at OpenAI: the journal has it all, and reasoning comes back encrypted.
      return { openai: { store: false } };
    case 'anthropic':
      // A loop sends its beginning again with every call; cached, it costs a tenth.
      return { anthropic: { cacheControl: { type: 'ephemeral' } } };
    case 'openai-compatible':
      return {};
  }
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
