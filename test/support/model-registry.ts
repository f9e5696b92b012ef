import { createModelFetch } from '../../src/model-registry/guarded-fetch.ts';
import { ModelLimiter } from '../../src/model-registry/model-limiter.ts';
import {
  createWorkspaceModels,
  type RegistryClient,
} from '../../src/model-registry/workspace-models.ts';
import { createModelClient } from '../../src/models/client.ts';
import { addressesIn, isPublicAddress } from '../../src/sandbox/egress/address.ts';
import { createGuard } from '../../src/sandbox/egress/guard.ts';
import { createTestApi, type TestApi, type TestResponse } from './api.ts';
import { type FakeProvider, fakeApiKey, startFakeProvider } from './fake-provider.ts';
import { createInstantClock } from './instant-clock.ts';

/** An API whose workspaces' models are called, and a provider for them. */
export interface ModelRegistry extends AsyncDisposable {
  readonly api: TestApi;
  readonly fake: FakeProvider;
  readonly client: RegistryClient;
  readonly limiter: ModelLimiter;
  /** Fields of a model of the provider. */
  readonly openai: Readonly<Record<'provider' | 'model' | 'base_url' | 'secret', string>>;
  /** Makes a model of a new name, of the provider unless told otherwise; its `data`. */
  make(fields?: object): Promise<TestResponse['json']>;
}

const isPrivateAllowed = addressesIn(['127.0.0.1']);

export async function openModelRegistry(): Promise<ModelRegistry> {
  await using undo = new AsyncDisposableStack();
  const fake = undo.use(await startFakeProvider());
  const own = { db: null as unknown as TestApi['deps']['db'] };
  let client: RegistryClient;
  const api = undo.use(
    await createTestApi({
      modelRegistry: {
        get db() {
          return own.db;
        },
        reach: { isPublic: isPublicAddress, isPrivateAllowed, hasPrivate: true },
        client: {
          callEntry: (...call) => client.callEntry(...call),
          whyUnusable: (model) => client.whyUnusable(model),
        },
      },
    }),
  );
  const { db, secretBox } = api.deps;
  own.db = db;
  const limiter = undo.use(new ModelLimiter({ db, patienceMs: 100 }));
  client = createWorkspaceModels({
    db,
    secretBox,
    client: createModelClient({
      clock: createInstantClock(),
      retry: { attempts: 2 },
      providers: { openai: { apiKey: 'the key of the server' } },
      fetch: () => Promise.reject(new Error('The server’s own providers are not asked here.')),
    }),
    fetch: modelFetch(),
    limiter,
  });
  await api.request('PUT', '/v1/secrets/FAKE_KEY', { body: { value: fakeApiKey } });
  const openai = {
    provider: 'openai',
    model: 'gpt-5-mini',
    base_url: `${fake.url}/v1`,
    secret: 'FAKE_KEY',
  };
  let count = 0;
  const owned = undo.move();
  return {
    ...{ api, fake, client, limiter, openai },
    async make(fields = {}) {
      const body = { name: `m${++count}`, ...openai, ...fields };
      const made = await api.request('POST', '/v1/models', { body });
      if (made.status !== 201) throw new Error(made.text);
      return made.json.data;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Reaches what is public, and 127.0.0.1. */
export function modelFetch(): ReturnType<typeof createModelFetch> {
  return createModelFetch({
    guard: createGuard({ isAllowedAddress: (at) => isPublicAddress(at) || isPrivateAllowed(at) }),
    plainGuard: createGuard({ isAllowedAddress: isPrivateAllowed }),
    authorities: [],
  });
}
