import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../test/support/api.ts';

const listed = 'https://app.example.com';
let api: TestApi;
let closed: TestApi;
beforeAll(async () => {
  [api, closed] = await Promise.all([createTestApi({ corsOrigins: [listed] }), createTestApi()]);
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await closed[Symbol.asyncDispose]();
});

const preflight = { 'Access-Control-Request-Method': 'POST' };

test('pages of listed origins may use a token, and are never given the cookie', async () => {
  const headers = { Origin: listed, ...preflight };
  const asked = await api.request('OPTIONS', '/v1/agents', { token: null, headers });
  expect(asked.status).toBe(204);
  expect(asked.headers.get('access-control-allow-origin')).toBe(listed);
  expect(asked.headers.get('access-control-allow-headers')).toContain('Authorization');
  const answer = await api.request('GET', '/v1', { headers: { Origin: listed } });
  expect(answer.headers.get('access-control-allow-origin')).toBe(listed);
  expect(answer.headers.get('vary')).toContain('Origin');
  for (const { headers } of [asked, answer]) {
    expect(headers.get('access-control-allow-credentials')).toBeNull();
  }
});

test.each(['https://evil.test', 'null', `${listed}.evil.test`, 'http://app.example.com'])(
  'pages of %s are told nothing',
  async (Origin) => {
    for (const server of [api, closed]) {
      const asked = await server.request('OPTIONS', '/v1/agents', {
        token: null,
        headers: { Origin, ...preflight },
      });
      const answer = await server.request('GET', '/v1', { headers: { Origin } });
      for (const { headers } of [asked, answer]) {
        expect(headers.get('access-control-allow-origin')).toBeNull();
      }
    }
  },
);

test('answers load nothing, are framed nowhere, and are taken for what they say', async () => {
  for (const path of ['/v1', '/public-api/agents', '/healthz', '/nothing']) {
    const { headers } = await api.request('GET', path);
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; frame-ancestors 'none'",
    );
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  }
});
