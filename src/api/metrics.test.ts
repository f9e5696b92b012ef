import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../test/support/api.ts';

let api: TestApi;
const token = 'a token of the metrics';
beforeAll(async () => {
  api = await createTestApi({ metrics: { token, read: async () => 'runs 1\n' } });
});
afterAll(() => api[Symbol.asyncDispose]());

test('metrics are for who has their own token, which opens nothing else', async () => {
  const read = await api.request('GET', '/metrics', { token });
  expect([read.status, read.text]).toEqual([200, 'runs 1\n']);
  expect(read.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  for (const other of [null, 'another token', api.tokens.admin]) {
    const refused = await api.request('GET', '/metrics', { token: other });
    expect([refused.status, refused.text]).toEqual([
      401,
      expect.stringContaining('SIGNALBOX_METRICS_TOKEN'),
    ]);
  }
  expect((await api.request('GET', '/v1/agents', { token })).status).toBe(401);
});

test('metrics that are not switched on are not there', async () => {
  await using without = await createTestApi();
  const answer = await without.request('GET', '/metrics', { token });
  expect([answer.status, answer.json.error]).toEqual([404, expect.stringContaining('set SIGNAL')]);
});
