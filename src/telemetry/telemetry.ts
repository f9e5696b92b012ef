import { DiagLogLevel, diag } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  AggregationTemporality,
  MeterProvider,
  MetricReader,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import type { Logger } from '../core/logger.ts';
import type { Run } from '../core/run.ts';
import type { RunObserver } from '../core/run-observer.ts';
import { traceParts } from '../core/trace-context.ts';
import { type Gauges, observeGauges } from './gauges.ts';
import { createRunMetrics, type MeasuredCall, type RunMetrics } from './run-metrics.ts';
import { cancelledSpan, spansOf } from './run-spans.ts';
import { Series } from './series.ts';
import { TraceSampler } from './trace-sampler.ts';
import { TraceSender } from './trace-sender.ts';

// Traces and metrics by OpenTelemetry. What runs commit is noted here and worked on behind it, so that no commit waits for
// it: a run that ended as soon as the process is done with what it does, before the garbage collector has moved the journal
// to where memory is dear, one that goes on twice a second. Endpoints, headers and the like are read by the exporters from the OTEL_ variables.
//
// Not kept: spans of the last moments of a process that is killed. What is exported is a copy; the journal is the trace.

export interface TelemetryOptions {
  readonly traces: boolean;
  readonly metrics: boolean;
  /** Metrics can be read here as well. */
  readonly prometheus: boolean;
  readonly withContent: boolean;
  /** The share of traces that is exported, 0 to 1; the same traces in every process. */
  readonly traceRatio: number;
  /** Of this process; 0 is no limit. Beyond it traces are left out whole, never metrics. */
  readonly tracesPerSecond: number;
  readonly serviceName: string;
  readonly version: string;
  readonly logger: Logger;
}

type Seen = Parameters<RunObserver['committed']>[0];

type Journal = Seen['entries'];

/** New entries of a run, `from` to before `until`. */
interface Part {
  readonly run: Run;
  readonly definition: Seen['definition'];
  readonly from: number;
  readonly until: number;
}

const workEveryMs = 500;
/** For how long one turn goes through runs that go on; the next comes after what else waits. */
const turnMs = 10;

export class Telemetry implements RunObserver, AsyncDisposable {
  readonly #options: TelemetryOptions;
  readonly #sender: TraceSender | null;
  readonly #sampler: TraceSampler;
  readonly #provider: MeterProvider;
  readonly #reader: CollectingReader | null;
  readonly #metrics: RunMetrics | null;
  /** Runs that go on, by the journal in memory, which each process that drives a run has its own of: no more than it drives. */
  readonly #going = new Map<Journal, Part>();
  #timer: NodeJS.Timeout | null = null;
  #ended: (() => void)[] = [];
  #soon: NodeJS.Immediate | null = null;
  /** Of runs that go on: what was said of their first part holds for all. */
  readonly #taken = new WeakMap<Journal, boolean>();
  #dropped = 0;

  constructor(options: TelemetryOptions, gauges: Gauges) {
    this.#options = options;
    const { logger } = options;
    diag.setLogger(
      {
        error: (message) => logger.warn({}, `Telemetry: ${message}`),
        warn: (message) => logger.warn({}, `Telemetry: ${message}`),
        info: () => {},
        debug: () => {},
        verbose: () => {},
      },
      { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
    );
    const resource = defaultResource()
      .merge(
        resourceFromAttributes({
          'service.name': options.serviceName,
          'service.version': options.version,
        }),
      )
      .merge(detectResources({ detectors: [envDetector] }));
    this.#sampler = new TraceSampler({
      ratio: options.traceRatio,
      perSecond: options.tracesPerSecond,
    });
    const scope = { name: 'signalbox', version: options.version };
    const onLost = (spans: number) => {
      this.#dropped += spans;
    };
    this.#sender = options.traces ? new TraceSender({ resource, scope, onLost }) : null;
    const series = new Series(scope);
    this.#reader = options.prometheus
      ? new CollectingReader({
          metricProducers: [series.producer(() => AggregationTemporality.CUMULATIVE)],
        })
      : null;
    this.#provider = new MeterProvider({
      resource,
      readers: [
        ...(options.metrics ? [exportingReader(series)] : []),
        ...(this.#reader === null ? [] : [this.#reader]),
      ],
    });
    const hasMetrics = options.metrics || options.prometheus;
    this.#metrics = hasMetrics ? createRunMetrics(series) : null;
    if (hasMetrics) {
      const meter = this.#provider.getMeter(scope.name, scope.version);
      observeGauges(meter, gauges, {
        dropped: () => this.#dropped,
        leftOut: () => this.#sampler.leftOut,
      });
    }
  }

  committed({ run, definition, entries, from }: Seen): void {
    // The journal in memory only grows: its length now says what to look at.
    const until = entries.length;
    const part = { run, definition, from: this.#going.get(entries)?.from ?? from, until };
    if (entries[until - 1]?.type === 'end') {
      this.#going.delete(entries);
      this.#afterwards(() => this.#workOn(part, entries));
      return;
    }
    this.#going.set(entries, part);
    this.#timer ??= setTimeout(() => this.#turn(), workEveryMs).unref();
  }

  cancelled(run: Run): void {
    this.#afterwards(() => this.#workOnCancelled(run));
  }

  /** A call of a model that is no step of a run. */
  knowledgeCall(call: MeasuredCall): void {
    this.#metrics?.call(call);
  }

  /** A commit of the writer. */
  batch(units: number, durationMs: number): void {
    this.#metrics?.batch(units, durationMs);
  }

  /** All metrics, in Prometheus' text form; null where they are not kept for that. */
  async prometheus(): Promise<string | null> {
    if (this.#reader === null) return null;
    this.#work();
    const { resourceMetrics } = await this.#reader.collect();
    // Without prefix, times and the scope, which is the same for all.
    const serializer = new PrometheusSerializer('', false, undefined, false, true);
    return serializer.serialize(resourceMetrics);
  }

  /** Sends what there is. */
  async flush(): Promise<void> {
    this.#work();
    await this.#sender?.flush();
    await this.#provider.forceFlush();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#work();
    const report = (error: unknown) =>
      this.#options.logger.warn({ err: error }, 'Telemetry was not sent to its end');
    await this.#sender?.[Symbol.asyncDispose]().catch(report);
    await this.#provider.shutdown().catch(report);
  }

  #afterwards(work: () => void): void {
    this.#ended.push(work);
    this.#soon ??= setImmediate(() => this.#workOnEnded());
  }

  /** In turns until nothing waits. */
  #turn(): void {
    this.#timer = null;
    if (this.#workOnGoing(turnMs)) return;
    this.#timer = setTimeout(() => this.#turn(), 0).unref();
  }

  #work(): void {
    this.#workOnEnded();
    this.#workOnGoing(Number.POSITIVE_INFINITY);
  }

  #workOnEnded(): void {
    if (this.#soon !== null) clearImmediate(this.#soon);
    this.#soon = null;
    const ended = this.#ended;
    this.#ended = [];
    for (const work of ended) this.#guarded(work);
  }

  /** Whether nothing waits any more. */
  #workOnGoing(forMs: number): boolean {
    const until = performance.now() + forMs;
    for (const [entries, part] of this.#going) {
      if (performance.now() >= until) return false;
      this.#going.delete(entries);
      this.#guarded(() => this.#workOn(part, entries));
    }
    return true;
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'Telemetry of a step failed');
    }
  }

  #workOn({ run, definition, from, until }: Part, entries: Journal): void {
    this.#metrics?.committed(run, entries, { from, until });
    if (this.#sender === null || !this.#takes(run, entries, until)) return;
    const part = { from, until, withContent: this.#options.withContent };
    for (const span of spansOf(run, definition, entries, part)) this.#sender.add(span);
  }

  #workOnCancelled(run: Run): void {
    this.#metrics?.cancelled(run);
    if (this.#sender !== null && this.#sampler.takes(traceParts(run.traceId).traceId)) {
      this.#sender.add(cancelledSpan(run, this.#options));
    }
  }

  #takes(run: Run, entries: Journal, until: number): boolean {
    const known = this.#taken.get(entries);
    if (known !== undefined) return known;
    const taken = this.#sampler.takes(traceParts(run.traceId).traceId);
    if (entries[until - 1]?.type !== 'end') this.#taken.set(entries, taken);
    return taken;
  }
}

/** As often as OTEL_METRIC_EXPORT_INTERVAL says, with sums and deltas as the exporter is set up. */
function exportingReader(series: Series): PeriodicExportingMetricReader {
  const exporter = new OTLPMetricExporter();
  const producer = series.producer((type) => exporter.selectAggregationTemporality(type));
  return new PeriodicExportingMetricReader({ exporter, metricProducers: [producer] });
}

/** A reader that gives when it is asked. */
class CollectingReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}
