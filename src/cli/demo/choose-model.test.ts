import { describe, expect, test } from 'vitest';
import { chooseModel } from './choose-model.ts';

describe('the model of the demo', () => {
  test.each([
    [{}, 'scripted/reservations', 'written answers'],
    [{ OPENAI_API_KEY: '', ANTHROPIC_API_KEY: '' }, 'scripted/reservations', 'written answers'],
    [{ OPENAI_API_KEY: 'k' }, 'openai/gpt-5.5', 'OPENAI_API_KEY is set'],
    [{ ANTHROPIC_API_KEY: 'k' }, 'anthropic/claude-sonnet-5', 'ANTHROPIC_API_KEY is set'],
    [
      { OPENAI_API_KEY: 'k', SIGNALBOX_DEFAULT_MODEL: 'openai-compatible/llama' },
      'openai-compatible/llama',
      'SIGNALBOX_DEFAULT_MODEL is set',
    ],
  ])('with %j is %s', (env, model, reason) => {
    const chosen = chooseModel(env);
    expect(chosen.model).toBe(model);
    expect(chosen.reason).toContain(reason);
    expect(chosen.isScripted).toBe(model.startsWith('scripted/'));
  });
});
