import type { ServerResponse } from 'node:http';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createTinyServer, type SeenRequest, sendJson } from '../../test/support/tiny-server.ts';
import { createApiClient } from './api-client.ts';
import { type RunEvent, type WatchOptions, watchRun } from './run-stream.ts';

const step = (seq: number) => `id: ${seq}\nevent: step\ndata: {"step_id": "s${seq}"}\n\n`;
const end = (seq: number) => `id: ${seq}\nevent: end\ndata: {"id": "ar1"}\n\n`;

type Answer = (response: ServerResponse, request: SeenRequest) => void;

const stream =
  (text: string, how: 'end' | 'cut' = 'end'): Answer =>
  (response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' });
    response.write(`retry: 1\n\n: beat\n\n${text}`, () => {
      if (how === 'end') response.end();
      else response.destroy();
    });
  };

/** One answer a connection, the last again and again. */
async function watch(answers: readonly Answer[], options: Partial<WatchOptions> = {}) {
  let connection = 0;
  await using server = await createTinyServer((request, response) => {
    const answer = answers[Math.min(connection, answers.length - 1)];
    connection += 1;
    answer?.(response, request);
  });
  const client = createApiClient({ url: server.url, token: 'capi_x', userAgent: 'test' });
  const events: RunEvent[] = [];
  let error: unknown = null;
  try {
    for await (const event of watchRun(client, { agentId: 'ag1', runId: 'ar1', ...options })) {
      events.push(event);
    }
  } catch (thrown) {
    error = thrown;
  }
  const lastIds = server.seen.map(({ headers }) => headers['last-event-id']);
  const shown = events.map((event) => (event.kind === 'step' ? event.step.step_id : 'end'));
  return { shown, lastIds, error, seen: server.seen };
}

describe('watching a run', () => {
  test('gives its steps and then its end', async () => {
    const { shown, seen, error } = await watch([stream(step(1) + step(2) + end(3))]);
    expect(error).toBe(null);
    expect(shown).toEqual(['s1', 's2', 'end']);
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ method: 'GET', path: '/v1/agents/ag1/runs/ar1/events' });
    expect(seen[0]?.headers).toMatchObject({
      accept: 'text/event-stream',
      authorization: 'Bearer capi_x',
    });
  });

  test('goes on after the last whole event when the connection breaks', async () => {
    const { shown, lastIds, error } = await watch([
      stream(`${step(1)}${step(2)}id: 3\nevent: step\nda`, 'cut'),
      stream(step(3), 'cut'),
      stream(end(4)),
    ]);
    expect(error).toBe(null);
    expect(shown).toEqual(['s1', 's2', 's3', 'end']);
    expect(lastIds).toEqual([undefined, '2', '3']);
  });

  test('goes on when the server closes the stream, and while it is not ready', async () => {
    const waits: number[] = [];
    const { shown, lastIds, error } = await watch(
      [
        stream(step(1)),
        (response) => sendJson(response, { error: 'The server is closing.' }, { status: 503 }),
        (response) => response.destroy(),
        stream(end(2)),
      ],
      { onReconnect: (waitMs) => waits.push(waitMs) },
    );
    expect(error).toBe(null);
    expect(shown).toEqual(['s1', 'end']);
    expect(lastIds).toEqual([undefined, '1', '1', '1']);
    expect(waits).toEqual([1, 2, 4]);
  });

  test('ends at once with the reason when the server refuses', async () => {
    const refuse: Answer = (response) =>
      sendJson(response, { error: 'There is no run ar1.' }, { status: 404 });
    const { error, seen } = await watch([refuse]);
    expect(error).toMatchObject({ message: 'There is no run ar1.' });
    expect(seen).toHaveLength(1);
  });

  test('gives up on a server that stays away, and says how to go on later', async () => {
    const { error, shown } = await watch([stream(step(1)), (response) => void response.destroy()], {
      patienceMs: 20,
    });
    expect(shown).toEqual(['s1']);
    expect(error).toMatchObject({
      message: expect.stringContaining('Cannot reach the server at http://127.0.0.1:'),
      hint: expect.stringContaining('signalbox runs watch ar1'),
    });
  });

  test('is as patient after each event as at first', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const after40s =
      (answer: Answer): Answer =>
      (response, request) => {
        vi.advanceTimersByTime(40_000);
        answer(response, request);
      };
    const { shown, error } = await watch([
      stream(step(1)),
      after40s(stream(step(2))),
      after40s(stream(step(3))),
      after40s(stream(end(4))),
    ]);
    expect(error).toBe(null);
    expect(shown).toEqual(['s1', 's2', 's3', 'end']);
  });

  test('gives up on streams that end again and again without a word', async () => {
    const { error, seen } = await watch([stream('')], { patienceMs: 20 });
    expect(error).toMatchObject({ hint: expect.stringContaining('The run goes on') });
    expect(seen.length).toBeGreaterThan(1);
  });

  test('stops with its signal, in the middle of a stream', async () => {
    const controller = new AbortController();
    const { error } = await watch(
      [
        (response) => {
          response.writeHead(200, { 'Content-Type': 'text/event-stream' });
          response.write(step(1), () => controller.abort());
        },
      ],
      { signal: controller.signal },
    );
    expect(error).toMatchObject({ name: 'AbortError' });
  });

  test('says so when what answers is no Signalbox', async () => {
    const { error } = await watch([(response) => response.end('<html>')]);
    expect(error).toMatchObject({
      message: expect.stringContaining('does not answer with a stream of events'),
    });
  });
});
