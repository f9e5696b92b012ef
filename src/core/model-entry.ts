import type { ModelErrorKind } from './model.ts';

// A workspace's own models: a name that agents use in place of `provider/model`, and all that a call needs.

export const modelProviders = [
  'openai',
  'anthropic',
  'google',
  'azure',
  'bedrock',
  'mistral',
  'groq',
  'openrouter',
  'openai-compatible',
] as const;
export type ModelProvider = (typeof modelProviders)[number];

/** A name has no slash, so that it is never taken for `provider/model`. */
export const modelNameForm = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** Whether a model is named by its workspace's own word, rather than as `provider/model`. */
export function isModelName(model: string): boolean {
  return modelNameForm.test(model);
}

export const reasoningEfforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'] as const;

/** How a provider is reached and called, beyond its key and address. */
export interface ModelSettings {
  /** OpenAI and Azure: which of their two wire formats. */
  readonly api?: 'responses' | 'chat' | undefined;
  /** Azure. */
  readonly resource_name?: string | undefined;
  /** Azure. */
  readonly api_version?: string | undefined;
  /** Bedrock. */
  readonly region?: string | undefined;
  /** Bedrock, with AWS keys: the secret is then the secret access key. */
  readonly access_key_id?: string | undefined;
  readonly max_output_tokens?: number | undefined;
  readonly temperature?: number | undefined;
  readonly reasoning_effort?: (typeof reasoningEfforts)[number] | undefined;
}

/** Null is no limit. All processes on one database keep them together. */
export interface ModelLimits {
  readonly requests_per_minute: number | null;
  readonly tokens_per_minute: number | null;
  readonly max_concurrent: number | null;
}

/** Errors of a model after which the next of a chain is asked, unless its entry says otherwise. */
export const defaultFallbackOn = [
  'rate_limited',
  'overloaded',
  'timeout',
  'connection',
  'unauthorized',
  'unknown_model',
  'context_too_long',
  'invalid_answer',
] as const satisfies readonly ModelErrorKind[];

export interface ModelEntry {
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly description: string;
  readonly provider: ModelProvider;
  /** The provider's own name of the model. */
  readonly model: string;
  readonly baseUrl: string | null;
  /** Name of the workspace's secret that holds the key; null: none, or the server's own. */
  readonly secret: string | null;
  /** When the key ends, as people know it; alerts warn before. */
  readonly keyExpiresAt: Date | null;
  readonly settings: ModelSettings;
  readonly limits: ModelLimits;
  /** Asked in this order when the model fails: names of this workspace or `provider/model`. */
  readonly fallbacks: readonly string[];
  readonly fallbackOn: readonly ModelErrorKind[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
