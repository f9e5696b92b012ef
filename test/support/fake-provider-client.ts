import { createModelClient, type ModelClientSettings } from '../../src/models/client.ts';
import { type FakeProvider, fakeApiKey } from './fake-provider.ts';
import { createInstantClock } from './instant-clock.ts';

/** A client whose every provider is the fake one. */
export function clientOf(
  fake: FakeProvider,
  settings: ModelClientSettings & { readonly api?: 'responses' | 'chat' } = {},
) {
  const { api = 'responses', ...rest } = settings;
  return createModelClient({
    clock: createInstantClock(),
    providers: {
      openai: { apiKey: fakeApiKey, baseUrl: `${fake.url}/v1`, api },
      anthropic: { apiKey: fakeApiKey, baseUrl: fake.url },
      'openai-compatible': { apiKey: fakeApiKey, baseUrl: fake.url },
    },
    ...rest,
  });
}
