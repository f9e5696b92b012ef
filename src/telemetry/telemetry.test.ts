import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as conventions from '@opentelemetry/semantic-conventions/incubating';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { functionTool, insertAgent, silent, startTestEngine } from '../../test/support/engine.ts';
import { openTelemetry } from '../../test/support/telemetry.ts';
import { callTurn, finishTurn } from '../../test/support/turns.ts';
import type { RunObserver } from '../core/run-observer.ts';
import { spanIdOf, traceParts } from '../core/trace-context.ts';
import { cancelRun } from '../runs/cancel.ts';

// OTLP as it goes over the wire, to a receiver that takes it apart.

interface WireSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code?: number; readonly message?: string };
  readonly attributes: readonly { readonly key: string; readonly value: object }[];
}

let database: TestDatabase;
let server: Server;
const spans: WireSpan[] = [];
const metrics: { readonly name: string; readonly unit: string }[] = [];
const bodies: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      bodies.push(text);
      const body = JSON.parse(text);
      for (const { scopeSpans } of body.resourceSpans ?? []) {
        for (const scope of scopeSpans) spans.push(...scope.spans);
      }
      for (const { scopeMetrics } of body.resourceMetrics ?? []) {
        for (const scope of scopeMetrics) metrics.push(...scope.metrics);
      }
      response.setHeader('content-type', 'application/json');
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.close();
  await database[Symbol.asyncDispose]();
});
beforeEach(() => {
  const { port } = server.address() as AddressInfo;
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', `http://127.0.0.1:${port}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const usage = { input_tokens: 100, output_tokens: 20, cached_input_tokens: 40 };
const script = {
  price: { input: 1, output: 1 },
  turns: [
    { answer: { ...callTurn('look').answer, usage } },
    { answer: { ...finishTurn().answer, usage } },
  ],
};

const spansOfTrace = (traceId: string) => spans.filter((span) => span.traceId === traceId);
const attributesOf = (span: WireSpan | undefined) =>
  Object.fromEntries(
    (span?.attributes ?? []).map(({ key, value }) => [key, Object.values(value)[0]]),
  );

/** An engine whose runs end at their first turn. */
async function startFinishing(observer: RunObserver) {
  const { db } = database;
  const scripts = { test: { turns: [finishTurn()] } };
  const engine = await startTestEngine({ db, scripts, observer });
  await engine.start();
  const { agentId } = await insertAgent(db);
  return {
    run: async () => await engine.ended(await engine.dispatch(agentId)),
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}

describe('a run', () => {
  test('is one tree of spans, below its caller’s, with names that the conventions publish', async () => {
    const { db } = database;
    const caller = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const seen: (string | undefined)[] = [];
    const tools = [
      functionTool('look', async (_input, { traceparent }) => {
        seen.push(traceparent);
        return 'found';
      }),
    ];
    await using telemetry = openTelemetry();
    await using engine = await startTestEngine({
      db,
      scripts: { test: script },
      tools,
      observer: telemetry,
    });
    await engine.start();
    const { agentId } = await insertAgent(db);
    const id = await engine.dispatch(agentId, '{"secret":"a payload"}', caller);
    const run = await engine.ended(id);
    expect(traceParts(run.traceId)).toEqual({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      parentSpanId: 'b7ad6b7169203331',
    });
    await telemetry.flush();
    const tree = spansOfTrace('0af7651916cd43dd8448eb211c80319c');
    expect(tree.map(({ name }) => name).toSorted()).toEqual([
      'chat test',
      'chat test',
      'execute_tool look',
      'invoke_agent Tester',
    ]);
    const root = tree.find(({ name }) => name.startsWith('invoke_agent'));
    expect(root).toMatchObject({ parentSpanId: 'b7ad6b7169203331', spanId: spanIdOf(id) });
    for (const span of tree.filter((one) => one !== root)) {
      expect(span.parentSpanId).toBe(root?.spanId);
      expect(BigInt(span.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(span.startTimeUnixNano));
    }
    const chat = attributesOf(tree.find(({ name }) => name.startsWith('chat')));
    expect(chat).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'test',
      'gen_ai.usage.input_tokens': 100,
      'gen_ai.usage.output_tokens': 20,
      'gen_ai.usage.cache_read.input_tokens': 40,
      'gen_ai.response.finish_reasons': expect.anything(),
    });
    expect(attributesOf(root)).toMatchObject({
      'gen_ai.usage.input_tokens': 200,
      'signalbox.cost.usd': expect.any(Number),
    });
    const tool = tree.find(({ name }) => name === 'execute_tool look');
    expect(seen).toEqual([`00-0af7651916cd43dd8448eb211c80319c-${tool?.spanId}-01`]);
    const published = new Set<unknown>(Object.values(conventions));
    const names = new Set(tree.flatMap((span) => span.attributes.map(({ key }) => key)));
    for (const name of names) {
      if (!name.startsWith('signalbox.')) expect([name, published.has(name)]).toEqual([name, true]);
    }
    for (const { name } of metrics.filter((metric) => metric.name.startsWith('gen_ai.'))) {
      expect([name, published.has(name)]).toEqual([name, true]);
    }
    expect(metrics.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'gen_ai.client.operation.duration',
        'gen_ai.client.token.usage',
        'signalbox.runs.ended',
        'signalbox.run.overhead',
      ]),
    );
    // Content is off unless it is asked for.
    expect(bodies.join()).not.toMatch(/a payload|found/);
  });

  test('goes on in its trace under another process after a crash', async () => {
    const { db } = database;
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const { promise: forever } = Promise.withResolvers<never>();
    let calls = 0;
    const tools = [
      functionTool(
        'look',
        async () => {
          if (calls++ > 0) return 'found';
          begin();
          return await forever;
        },
        { idempotent: true },
      ),
    ];
    const processName = 'telemetry that crashes';
    await using before = openTelemetry();
    const { agentId } = await insertAgent(db);
    const first = await startTestEngine({
      ...{ db, tools, processName, observer: before, scripts: { test: script } },
    });
    await first.start();
    const id = await first.dispatch(agentId);
    await begun;
    await first[Symbol.asyncDispose]();
    await using after = openTelemetry();
    await using second = await startTestEngine({
      ...{ db, tools, processName, observer: after, scripts: { test: script } },
    });
    await second.start();
    const run = await second.ended(id);
    await before.flush();
    await after.flush();
    const tree = spansOfTrace(traceParts(run.traceId).traceId);
    expect(tree.map(({ name }) => name).toSorted()).toEqual([
      'chat test',
      'chat test',
      'execute_tool look',
      'invoke_agent Tester',
    ]);
    expect(new Set(tree.map(({ spanId }) => spanId)).size).toBe(4);
  });

  test('that fails or is cancelled says so, and content goes out where it is asked for', async () => {
    const { db } = database;
    await using telemetry = openTelemetry({ withContent: true });
    const failing = { turns: [{ answer: { error: { kind: 'bad_request', message: 'No.' } } }] };
    const waiting = { turns: [{ answer: { text: 'late', delay_ms: 60_000 } }] };
    await using engine = await startTestEngine({
      db,
      scripts: { test: failing as never, slow: waiting },
      observer: telemetry,
    });
    await engine.start();
    const { agentId } = await insertAgent(db);
    const failed = await engine.ended(await engine.dispatch(agentId, '{"order":"visible"}'));
    const slow = await insertAgent(db, { model: 'scripted/slow' });
    const id = await engine.dispatch(slow.agentId);
    await cancelRun(engine.deps, { scope: 'all', id, by: 'a test' });
    const cancelled = await engine.ended(id);
    await telemetry.flush();
    const [chat, root] = spansOfTrace(traceParts(failed.traceId).traceId);
    expect([chat?.status.code, root?.status.code]).toEqual([2, 2]);
    expect(attributesOf(chat)['error.type']).toBe('bad_request');
    expect(attributesOf(root)['gen_ai.input.messages']).toContain('visible');
    const ended = spansOfTrace(traceParts(cancelled.traceId).traceId);
    expect(ended).toHaveLength(1);
    expect(attributesOf(ended[0])['signalbox.run.stop_reason']).toBe('cancelled');
  });

  test('leaves nothing out, and takes part of the traces where that is asked for', async () => {
    await using telemetry = openTelemetry({ traceRatio: 0 });
    await using engine = await startFinishing(telemetry);
    const run = await engine.run();
    await telemetry.flush();
    expect(spansOfTrace(traceParts(run.traceId).traceId)).toEqual([]);
    expect(await telemetry.prometheus()).toMatch(/signalbox_runs_ended_total\{.*"completed".*\} 1/);
  });

  test('is measured even where the limit leaves its trace out, which is counted', async () => {
    await using telemetry = openTelemetry({ tracesPerSecond: 1 });
    await using engine = await startFinishing(telemetry);
    const traces: string[] = [];
    const value = async (name: string) =>
      Number((await telemetry.prometheus())?.match(new RegExp(`^${name}.* (\\d+)$`, 'm'))?.[1]);
    while (!((await value('signalbox_telemetry_left_out')) >= 3)) {
      const run = await engine.run();
      traces.push(traceParts(run.traceId).traceId);
    }
    await telemetry.flush();
    expect(await value('signalbox_runs_ended_total')).toBe(traces.length);
    const sizes = traces.map((id) => spansOfTrace(id).length);
    // Each whole or not at all.
    expect(sizes.filter((size) => size !== 0 && size !== 2)).toEqual([]);
    expect(sizes.filter((size) => size === 0)).toHaveLength(
      await value('signalbox_telemetry_left_out'),
    );
  });
});

test('a line of the log about a run has the run’s id and its trace’s', async () => {
  const { db } = database;
  const lines: object[] = [];
  const note = (fields: object, message: string) => void lines.push({ ...fields, message });
  let loads = 0;
  await using engine = await startTestEngine({
    db,
    scripts: { test: script },
    tools: [functionTool('look', async () => 'found')],
    logger: { ...silent, warn: note, error: note },
    toolsOfContext: () => {
      if (loads++ === 0) throw new Error('It cannot be loaded now.');
      return [];
    },
  });
  await engine.start();
  const { agentId } = await insertAgent(db);
  const run = await engine.ended(await engine.dispatch(agentId));
  expect(lines).toContainEqual({
    message: 'The engine met an error',
    err: expect.any(Error),
    run: run.id,
    run_id: run.runId,
    trace_id: traceParts(run.traceId).traceId,
  });
});

test('what OTLP asks for since the last time is told since the last time, and to Prometheus as it adds up', async () => {
  vi.stubEnv('OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE', 'delta');
  await using telemetry = openTelemetry({ traces: false });
  const sent = async (units: number) => {
    telemetry.batch(units, 3);
    const before = bodies.length;
    await telemetry.flush();
    const sizes = bodies
      .slice(before)
      .flatMap((body) => JSON.parse(body).resourceMetrics)
      .flatMap(({ scopeMetrics }) => scopeMetrics)
      .flatMap((scope) => scope.metrics)
      .find(({ name }) => name === 'signalbox.writer.batch.size');
    const [point] = sizes.histogram.dataPoints;
    return { kind: sizes.histogram.aggregationTemporality, count: point.count, sum: point.sum };
  };
  expect(await sent(7)).toEqual({ kind: 1, count: 1, sum: 7 });
  expect(await sent(9)).toEqual({ kind: 1, count: 1, sum: 9 });
  expect(await telemetry.prometheus()).toMatch(/signalbox_writer_batch_size_sum(\{.*\})? 16/);
});

test('calls of models outside of runs are told apart by their operation', async () => {
  await using telemetry = openTelemetry({ traces: false });
  const call = { operation: 'embeddings', model: 'openai/text-embedding-3-small', costUsd: 0.5 };
  const used = { inputTokens: 20, outputTokens: 0, durationMs: 40, isFailed: false };
  telemetry.knowledgeCall({ ...call, ...used });
  telemetry.knowledgeCall({ ...call, ...used, inputTokens: 0, costUsd: null, isFailed: true });
  const text = (await telemetry.prometheus()) ?? '';
  const labels = '[^}]*gen_ai_operation_name="embeddings"[^}]*';
  const value = (name: string, more = '') =>
    text.match(new RegExp(`^${name}\\{${labels}${more}[^}]*\\} (\\S+)`, 'm'))?.[1];
  expect(value('gen_ai_client_token_usage_sum', 'gen_ai_token_type="input"')).toBe('20');
  expect(value('signalbox_cost_total')).toBe('0.5');
  expect(value('gen_ai_client_operation_duration_count')).toBe('1');
  expect(value('gen_ai_client_operation_duration_count', 'error_type="_OTHER"')).toBe('1');
});
