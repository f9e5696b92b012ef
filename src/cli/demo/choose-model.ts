type Variables = Readonly<Record<string, string | undefined>>;

export interface ChosenModel {
  /** `provider/model`. */
  readonly model: string;
  /** Why this one, in words for the person at the terminal. */
  readonly reason: string;
  readonly isScripted: boolean;
}

/** What a provider's key alone chooses: its capable everyday model. */
const modelsByKey = {
  ANTHROPIC_API_KEY: 'anthropic/claude-sonnet-5',
  OPENAI_API_KEY: 'openai/gpt-5.5',
} as const;

export const scriptedModel = 'scripted/reservations';

/** A real model if one is configured, else the scripted one, which needs no key and no network. */
export function chooseModel(env: Variables): ChosenModel {
  if (env.SIGNALBOX_DEFAULT_MODEL) {
    const model = env.SIGNALBOX_DEFAULT_MODEL;
    const isScripted = model.startsWith('scripted/');
    return { model, isScripted, reason: 'SIGNALBOX_DEFAULT_MODEL is set' };
  }
  for (const [key, model] of Object.entries(modelsByKey)) {
    if (env[key]) return { model, isScripted: false, reason: `${key} is set` };
  }
  return {
    model: scriptedModel,
    isScripted: true,
    reason: 'written answers: no key, no network',
  };
}
