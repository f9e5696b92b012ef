import { once } from 'node:events';
import { Hono } from 'hono';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { eventStream, type ServerSentEvent } from './event-stream.ts';
import type { ApiEnv } from './request-log.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function respond(open: (signal: AbortSignal) => AsyncGenerator<ServerSentEvent>) {
  const app = new Hono<ApiEnv>();
  app.get('/', (c) => eventStream(c, new AbortController().signal, open));
  return app.request('/');
}

test('writes events in the order they come, and ends with them', async () => {
  async function* events() {
    yield { id: '1', event: 'step', data: '{"a":1}' };
    yield { id: '2', event: 'end', data: '{}' };
  }
  const response = await respond(events);
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(await response.text()).toBe(
    'retry: 1000\nid: 1\nevent: step\ndata: {"a":1}\n\nid: 2\nevent: end\ndata: {}\n\n',
  );
});

test('a quiet stream beats, and loses no event by it', async () => {
  const gate = Promise.withResolvers<void>();
  async function* events() {
    await gate.promise;
    yield { id: '1', event: 'step', data: '{}' };
  }
  const response = await respond(events);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toBe('retry: 1000\n');
  const beat = reader?.read();
  await vi.advanceTimersByTimeAsync(15_000);
  expect((await beat)?.value).toBe(': beat\n\n');
  gate.resolve();
  expect((await reader?.read())?.value).toBe('id: 1\nevent: step\ndata: {}\n\n');
  expect((await reader?.read())?.done).toBe(true);
});

test.each([
  ['between two events', false],
  ['while the next is awaited', true],
])('a reader that goes away %s ends the generator', async (_, isAsking) => {
  const waiting = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  async function* events(signal: AbortSignal) {
    try {
      yield { id: '1', event: 'step', data: '{}' };
      const aborted = once(signal, 'abort');
      waiting.resolve();
      await aborted;
    } finally {
      ended.resolve();
    }
  }
  const response = await respond(events);
  const reader = response.body?.getReader();
  await reader?.read();
  await reader?.read();
  if (isAsking) {
    void reader?.read();
    await waiting.promise;
  }
  await reader?.cancel();
  await ended.promise;
});
