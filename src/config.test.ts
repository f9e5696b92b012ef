import { expect, test } from 'vitest';
import { redactedConfig } from './config.ts';
import { readEnv } from './env.ts';

test('shows no secret, wherever a setting can hold one', () => {
  const env = readEnv({
    DATABASE_URL: 'postgresql://app:hidden-1@db.example.com:5433/box?password=hidden-2',
    SIGNALBOX_ADMIN_TOKEN: 'hidden-3-hidden-3',
    SIGNALBOX_SECRET_KEY: 'hidden-4-hidden-4-hidden-4-hidden-4',
    OPENAI_API_KEY: 'hidden-5',
    OPENAI_BASE_URL: 'https://proxy:hidden-6@models.example.com/v1?key=hidden-7',
    OPENAI_COMPATIBLE_API_KEY: 'hidden-8',
    TEMPORAL_ADDRESS: 'temporal.example.com:7233',
    TEMPORAL_API_KEY: 'hidden-9',
    SIGNALBOX_TEMPORAL_UI_URL: 'https://app:hidden-10@temporal.example.com/ui/?key=hidden-11',
  });
  const shown = redactedConfig(env);
  expect(JSON.stringify(shown)).not.toContain('hidden');
  expect(shown).toMatchObject({
    databaseUrl: 'postgresql://app@db.example.com:5433/box',
    adminToken: 'set',
    secretKey: 'set',
    temporal: { apiKey: 'set', uiUrl: 'https://temporal.example.com/ui' },
    openAi: { apiKey: 'set', baseUrl: 'https://proxy@models.example.com/v1' },
    anthropic: { apiKey: 'not set', baseUrl: null },
    openAiCompatible: { apiKey: 'set', baseUrl: null },
  });
});
