import type { Body, Model } from '../api/types.ts';
import { commaList } from '../ui/comma-list.ts';

type ModelInput = Body<'createModel'>;

/** The provider’s way of naming a model, and what it needs besides a key. */
export const providers = [
  ['openai', 'OpenAI', 'gpt-5-mini'],
  ['anthropic', 'Anthropic', 'claude-sonnet-4-5'],
  ['google', 'Google', 'gemini-2.5-flash'],
  ['azure', 'Azure OpenAI', 'the deployment'],
  ['bedrock', 'Amazon Bedrock', 'anthropic.claude-sonnet-4-5-v1:0'],
  ['mistral', 'Mistral', 'mistral-large-latest'],
  ['groq', 'Groq', 'llama-3.3-70b-versatile'],
  ['openrouter', 'OpenRouter', 'openai/gpt-5-mini'],
  ['openai-compatible', 'OpenAI-compatible server', 'qwen3:8b'],
] as const;

export type Provider = (typeof providers)[number][0];

export interface ModelDraft {
  readonly provider: Provider;
  readonly name: string;
  readonly model: string;
  readonly base_url: string;
  readonly settings: NonNullable<ModelInput['settings']>;
  readonly limits: Readonly<
    Record<'requests_per_minute' | 'tokens_per_minute' | 'max_concurrent', string>
  >;
  readonly fallbacks: string;
}

export function draftOf(model: Model | null): ModelDraft {
  const limit = (value: number | null | undefined) => (value ? String(value) : '');
  return {
    provider: (model?.provider ?? 'openai') as Provider,
    name: model?.name ?? '',
    model: model?.model ?? '',
    base_url: model?.base_url ?? '',
    settings: (model?.settings ?? {}) as ModelDraft['settings'],
    limits: {
      requests_per_minute: limit(model?.limits.requests_per_minute),
      tokens_per_minute: limit(model?.limits.tokens_per_minute),
      max_concurrent: limit(model?.limits.max_concurrent),
    },
    fallbacks: (model?.fallbacks ?? []).join(', '),
  };
}

/** What is sent, without its secret. */
export function bodyOf(draft: ModelDraft) {
  const limit = (text: string) => (text === '' ? null : Number(text));
  return {
    name: nameOf(draft),
    provider: draft.provider,
    model: draft.model.trim(),
    base_url: draft.base_url.trim() || null,
    settings: draft.settings,
    limits: {
      requests_per_minute: limit(draft.limits.requests_per_minute),
      tokens_per_minute: limit(draft.limits.tokens_per_minute),
      max_concurrent: limit(draft.limits.max_concurrent),
    },
    fallbacks: commaList(draft.fallbacks),
  };
}

/** The name that was given, or one made of the model’s own. */
export function nameOf({ name, model }: Pick<ModelDraft, 'name' | 'model'>): string {
  if (name.trim() !== '') return name.trim();
  const own = model.trim().toLowerCase().split('/').at(-1) ?? '';
  return own.replace(/[^a-z0-9._-]+/g, '-').slice(0, 64);
}

/** Where the key of a model is kept. */
export function secretNameOf(name: string): string {
  return `MODEL_${name.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}_KEY`.slice(0, 64);
}
