import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../test/support/api.ts';
import { readDashboard } from './dashboard.ts';

let api: TestApi;
const folder = mkdtempSync(join(tmpdir(), 'signalbox-dashboard-'));
beforeAll(async () => {
  mkdirSync(join(folder, 'assets'));
  const page = '<!doctype html><meta name="csp-nonce" content="%NONCE%">the page';
  writeFileSync(join(folder, 'index.html'), page);
  writeFileSync(join(folder, 'assets', 'index-abc.js'), 'plain');
  writeFileSync(join(folder, 'assets', 'index-abc.js.br'), 'by brotli');
  writeFileSync(join(folder, 'assets', 'index-abc.js.gz'), 'by gzip');
  writeFileSync(join(folder, 'secret.txt'), 'no type of ours');
  api = await createTestApi({ dashboard: readDashboard(folder) });
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const html = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const get = (path: string, headers: Record<string, string> = {}) =>
  api.request('GET', path, { token: null, headers });

test.each(['/', '/runs', '/agents/ag1/runs/ar1', '/v10', '/healthzz'])(
  'a browser that navigates to %s gets the page',
  async (path) => {
    const answer = await get(path, html);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/html; charset=utf-8',
    ]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  },
);

test.each([
  '/v1/nothing',
  '/public-api/nothing',
  '/hooks/unknown',
  '/assets/index-old.js',
  '/assets/..%2fsecret.txt',
  '/secret.txt/',
])('%s is no page, also for a browser', async (path) => {
  const answer = await get(path, path === '/secret.txt/' ? {} : html);
  expect([404, 405]).toContain(answer.status);
  expect(answer.json.error).toBeTruthy();
});

test('health and the API are where they were; a program that asks for a page’s path gets 404', async () => {
  expect((await get('/healthz', html)).json.status).toBe('ok');
  expect((await get('/v1', html)).status).toBe(401);
  expect((await get('/runs')).status).toBe(404);
  expect((await get('/secret.txt')).status).toBe(404);
  expect((await api.request('POST', '/runs', { headers: html })).status).toBe(404);
});

test('scripts come from files only; styles also by a nonce that is new for every page', async () => {
  const nonces = new Set<string>();
  for (let time = 0; time < 2; time++) {
    const answer = await get('/', html);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self';");
    expect(policy).not.toContain('unsafe');
    const nonce = /style-src 'self' 'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
    expect(answer.text).toContain(`content="${nonce}"`);
    nonces.add(nonce);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  }
  expect(nonces.size).toBe(2);
});

test.each([
  ['br, gzip', 'br', 'by brotli'],
  ['gzip;q=0.5, br;q=0', 'gzip', 'by gzip'],
  ['gzip', 'gzip', 'by gzip'],
  ['identity', null, 'plain'],
])('a file is sent as %s takes it, for good', async (accepted, coding, text) => {
  const answer = await get('/assets/index-abc.js', { 'Accept-Encoding': accepted });
  expect([answer.headers.get('content-encoding'), answer.text]).toEqual([coding, text]);
  expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
});

test('without a build there is none', () => {
  expect(readDashboard(join(folder, 'nowhere'))).toBeNull();
});
