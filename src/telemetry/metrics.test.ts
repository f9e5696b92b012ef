import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { openTelemetry } from '../../test/support/telemetry.ts';
import { timeOf } from './run-metrics.ts';

describe('metrics', () => {
  test('are read in Prometheus’ form, gauges as they are at that moment', async () => {
    await using telemetry = openTelemetry({ traces: false, metrics: false });
    telemetry.batch(7, 3);
    const text = await telemetry.prometheus();
    expect(text).toContain('signalbox_queue_runs{');
    expect(text).toMatch(/signalbox_queue_age(\{.*\})? 4/);
    expect(text).toMatch(/signalbox_writer_batch_size_bucket\{.*le="8".*\} 1/);
    expect(text).toMatch(/signalbox_sandbox_usable.*1/);
    expect(text).toMatch(/signalbox_database_connections\{.*"used".*\} 3/);
  });

  test('tell where a run’s time went, tools side by side counted once', () => {
    const at = (ms: number) => new Date(1_000_000 + ms);
    const tool = (from: number, to: number) => ({
      type: 'tool',
      state: 'done',
      data: { durationMs: to - from },
      createdAt: at(to),
    });
    const entries = [
      { type: 'model', state: 'done', data: { durationMs: 100 }, createdAt: at(110) },
      tool(120, 220),
      tool(120, 320),
      { type: 'delay', state: 'started', data: {}, createdAt: at(330) },
      { type: 'delay', state: 'done', data: {}, createdAt: at(830) },
    ] as unknown as Parameters<typeof timeOf>[1];
    expect(timeOf({ createdAt: at(0) }, entries, at(850).getTime())).toEqual({
      model: 100,
      tool: 200,
      wait: 500,
      overhead: 50,
    });
  });
});

test('the dashboard asks for metrics that there are', async () => {
  const meterNames =
    (await readFile(new URL('run-metrics.ts', import.meta.url), 'utf8')) +
    (await readFile(new URL('gauges.ts', import.meta.url), 'utf8'));
  const known = [...meterNames.matchAll(/'((?:signalbox|gen_ai\.client)\.[a-z_.]+)'/g)].map(
    ([, name = '']) => name.replaceAll('.', '_'),
  );
  const dashboard = await readFile(
    new URL('../../deploy/grafana-dashboard.json', import.meta.url),
    'utf8',
  );
  const asked = [
    ...dashboard.matchAll(
      /\b((?:signalbox|gen_ai_client)_[a-z_]+?)(?:_(?:total|bucket|count|sum))?(?=[{[) ])/g,
    ),
  ].map(([, name = '']) => name);
  expect(asked.length).toBeGreaterThan(20);
  const labels = /^signalbox_(state|run_status|run_stop_reason|run_part|step_type)$/;
  expect(asked.filter((name) => !labels.test(name) && !known.includes(name))).toEqual([]);
});
