import { describe, expect, test } from 'vitest';
import { createTestApi } from '../../test/support/api.ts';
import { createHookGate } from './hook-gate.ts';

describe('back-pressure', () => {
  test('sends requests away with Retry-After, and lets them in again', async () => {
    const gate = createHookGate({ requests: 1, bytes: 2_000_000 });
    await using own = await createTestApi({ hookGate: gate });
    const url = `/hooks/${'0'.repeat(32)}`;
    const held = gate.enter(10);
    const away = await own.request('POST', url, { token: null, body: '{}' });
    expect([away.status, away.headers.get('retry-after')]).toEqual([503, '1']);
    held[Symbol.dispose]();
    held[Symbol.dispose]();
    expect((await own.request('POST', url, { token: null, body: '{}' })).status).toBe(404);
  });

  test('counts the memory that bodies may take, unknown lengths at the full limit', () => {
    const gate = createHookGate({ bytes: 1_048_576 + 100 });
    using _first = gate.enter(100);
    {
      using _second = gate.enter(null);
      expect(() => gate.enter(1)).toThrow(/Too many webhooks/);
    }
    using _third = gate.enter(1_000_000);
    expect(() => gate.enter(50_000)).toThrow(/Too many webhooks/);
  });

  test('keeps one trigger from taking all places', () => {
    const gate = createHookGate({ perHook: 1 });
    const held = gate.enterHook('a');
    expect(() => gate.enterHook('a')).toThrow(/under way/);
    gate.enterHook('b')[Symbol.dispose]();
    held[Symbol.dispose]();
    gate.enterHook('a')[Symbol.dispose]();
  });
});

test('the log names no key', async () => {
  const lines: string[] = [];
  const info = (fields: unknown) => lines.push(JSON.stringify(fields));
  const logger = { debug: info, info, warn: info, error: info };
  await using own = await createTestApi({ logger });
  const key = 'k'.repeat(32);
  const places = ['/hooks/', '/inbound/', '/unsubscribe/', '/public-api/shared-agents/'];
  for (const place of places) {
    await own.request('POST', place + key, { token: null, body: '{}' });
    await own.request('GET', `${place.toUpperCase()}${key}/more`, { token: null });
    expect(lines.join()).toContain(`${place}…`);
  }
  expect(lines.join()).not.toContain(key);
});
