import type { ModelMessage, ModelRequest } from '../../src/core/model.ts';
import type { ModelProvider } from '../../src/core/model-entry.ts';
import { createModelClient, type ModelClientSettings } from '../../src/models/client.ts';
import { createInstantClock } from './instant-clock.ts';

export interface AskedProvider {
  readonly provider: ModelProvider;
  readonly name: string;
  readonly api?: 'chat' | 'responses' | undefined;
}

/** A client for one provider, with a key and all that it needs to be reached, whose requests end in `fetch`. */
export function clientFor(
  asked: AskedProvider,
  fetch: typeof globalThis.fetch,
  settings: ModelClientSettings = {},
) {
  const { provider, api } = asked;
  return createModelClient({
    clock: createInstantClock(),
    retry: { attempts: 1 },
    streaming: false,
    providers: {
      [provider]: {
        ...{ apiKey: 'key', baseUrl: 'https://models.example.com', resource_name: 'r' },
        ...{ region: 'us-east-1', ...(api === undefined ? {} : { api }) },
      },
    },
    fetch,
    ...settings,
  });
}

/** The body of the request that a provider is asked with. */
export async function requestTo(
  asked: AskedProvider,
  request: Partial<ModelRequest> & { readonly messages: readonly ModelMessage[] },
): Promise<string> {
  const bodies: string[] = [];
  const client = clientFor(asked, async (_url, init) => {
    bodies.push(Buffer.from(await new Response(init?.body ?? '').arrayBuffer()).toString());
    return new Response('{}', { status: 400 });
  });
  const model = `${asked.provider}/${asked.name}`;
  const refused = await client.call({ tools: [], ...request, model }).then(
    () => false,
    () => true,
  );
  if (!refused) throw new Error('A refused request was taken for an answer.');
  return bodies.join();
}
