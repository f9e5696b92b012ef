import { Hono } from 'hono';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { eventStream, type ServerSentEvent } from './event-stream.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function respond(events: AsyncGenerator<ServerSentEvent>) {
  const app = new Hono();
  app.get('/', (c) => eventStream(c, events));
  return app.request('/');
}

test('writes events in the order they come, and ends with them', async () => {
  async function* events() {
    yield { id: '1', event: 'step', data: '{"a":1}' };
    yield { id: '2', event: 'end', data: '{}' };
  }
  const response = await respond(events());
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(await response.text()).toBe(
    'retry: 1000\n\nid: 1\nevent: step\ndata: {"a":1}\n\nid: 2\nevent: end\ndata: {}\n\n',
  );
});

test('a quiet stream beats, and loses no event by it', async () => {
  const gate = Promise.withResolvers<void>();
  async function* events() {
    await gate.promise;
    yield { id: '1', event: 'step', data: '{}' };
  }
  const response = await respond(events());
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toBe('retry: 1000\n\n');
  const beat = reader?.read();
  await vi.advanceTimersByTimeAsync(15_000);
  expect((await beat)?.value).toBe(': beat\n\n');
  gate.resolve();
  expect((await reader?.read())?.value).toBe('id: 1\nevent: step\ndata: {}\n\n');
  expect((await reader?.read())?.done).toBe(true);
});

test('a reader that goes away ends the generator', async () => {
  const ended = Promise.withResolvers<void>();
  async function* events() {
    try {
      for (let id = 1; ; id++) yield { id: String(id), event: 'step', data: '{}' };
    } finally {
      ended.resolve();
    }
  }
  const response = await respond(events());
  const reader = response.body?.getReader();
  await reader?.read();
  await reader?.read();
  await reader?.cancel();
  await ended.promise;
});
