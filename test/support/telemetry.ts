import { Telemetry, type TelemetryOptions } from '../../src/telemetry/telemetry.ts';
import { silent } from './engine.ts';

const everything: TelemetryOptions = {
  traces: true,
  metrics: true,
  prometheus: true,
  withContent: false,
  traceRatio: 1,
  tracesPerSecond: 0,
  serviceName: 'signalbox',
  version: '0.0.0-test',
  logger: silent,
};

/** Everything on but content, over fixed gauges. */
export const openTelemetry = (change: Partial<TelemetryOptions> = {}) =>
  new Telemetry({ ...everything, ...change }, async () => ({
    queue: { queued: 3, oldestMs: 4_000, sleeping: 2, running: 1, processes: 1 },
    writerDepth: 0,
    pool: { open: 5, idle: 2, waiting: 0 },
    sandbox: { usable: true, backend: 'jail' },
  }));
