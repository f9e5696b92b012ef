import { ModelError } from '../core/model.ts';
import { modelProviders } from '../core/model-entry.ts';

const providerNames = [...modelProviders, 'scripted'] as const;
export type ProviderName = (typeof providerNames)[number];

export interface ModelId {
  readonly provider: ProviderName;
  /** The provider's own name of the model; may hold slashes. */
  readonly name: string;
}

/** Splits `provider/model`. Throws `ModelError` of kind `unknown_model`. */
export function parseModelId(model: string): ModelId {
  const slash = model.indexOf('/');
  const provider = model.slice(0, Math.max(slash, 0));
  const name = model.slice(slash + 1);
  if (slash < 1 || name === '') {
    throw new ModelError(
      'unknown_model',
      `Model "${model}" is not of the form provider/model, such as openai/gpt-5-mini.`,
    );
  }
  if (!isProviderName(provider)) {
    throw new ModelError(
      'unknown_model',
      `Model "${model}" names an unknown provider "${provider}"; known are ${providerNames.join(', ')}.`,
    );
  }
  return { provider, name };
}

function isProviderName(text: string): text is ProviderName {
  return (providerNames as readonly string[]).includes(text);
}
