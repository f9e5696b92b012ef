import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';
import { storedProvider } from './oauth.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
}, 60_000);
afterAll(() => api[Symbol.asyncDispose]());

test('a refused token is forgotten, and not the one that another process has refreshed meanwhile', async () => {
  const made = await api.request('POST', '/v1/mcp-servers', {
    body: {
      ...{ workspace_id: api.workspace.id, name: 'shared' },
      config: { transport: 'http', url: 'https://mcp.test', auth: { type: 'oauth' } },
    },
  });
  const auth = { type: 'oauth', client_id: 'known', secret: null, scope: null } as const;
  const server = { sourceId: made.json.data.id, auth, clientSecret: null };
  const [one, other] = [storedProvider(api.deps, server), storedProvider(api.deps, server)];
  const tokens = (of: string) => ({
    ...{ access_token: `access-${of}`, refresh_token: `refresh-${of}`, token_type: 'Bearer' },
  });
  await one.saveTokens(tokens('first'));
  await one.tokens();
  await other.tokens();
  await other.saveTokens(tokens('second'));
  await one.invalidateCredentials?.('tokens');
  expect(await one.tokens()).toMatchObject(tokens('second'));
  await one.invalidateCredentials?.('tokens');
  expect(await one.tokens()).toBeUndefined();
});
