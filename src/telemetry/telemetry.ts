import { DiagLogLevel, diag, SpanKind } from '@opentelemetry/api';
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
import { type Sampler, SamplingDecision, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace';
import type { Logger } from '../core/logger.ts';
import type { Run } from '../core/run.ts';
import type { RunObserver } from '../core/run-observer.ts';
import { traceParts } from '../core/trace-context.ts';
import { type Gauges, observeGauges } from './gauges.ts';
import { createRunMetrics, type MeasuredCall, type RunMetrics } from './run-metrics.ts';
import { cancelledSpan, spansOf } from './run-spans.ts';
import { Series } from './series.ts';
import { TraceSender } from './trace-sender.ts';

// Traces and metrics by OpenTelemetry. What runs commit is noted here and worked on later, in turns of its own, so that no
// step waits for it. Endpoints, headers and the like are read by the exporters from the OTEL_ variables.
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
  readonly serviceName: string;
  readonly version: string;
  readonly logger: Logger;
}

type Seen = Parameters<RunObserver['committed']>[0];

type Journal = Seen['entries'];

/** New entries of a run, `from` to before `until`, or a run that was ended from outside. */
interface Waiting {
  readonly run: Run;
  readonly definition: Seen['definition'] | null;
  readonly from: number;
  readonly until: number;
}

/** Runs that wait to be worked on at most; beyond it the new is dropped and counted. */
const maxWaiting = 20_000;
/** Most runs of a busy process end meanwhile, and are gone through once. */
const workEveryMs = 500;
/** For how long one turn may hold the process. */
const turnMs = 10;

export class Telemetry implements RunObserver, AsyncDisposable {
  readonly #options: TelemetryOptions;
  readonly #sender: TraceSender | null;
  readonly #sampler: Sampler;
  readonly #provider: MeterProvider;
  readonly #reader: CollectingReader | null;
  readonly #metrics: RunMetrics | null;
  /** By the journal in memory, which each process that drives a run has its own of, or by the run that was cancelled. */
  readonly #waiting = new Map<Journal | Run, Waiting>();
  #timer: NodeJS.Timeout | null = null;
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
    this.#sampler = new TraceIdRatioBasedSampler(options.traceRatio);
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
      observeGauges(meter, gauges, () => this.#dropped);
    }
  }

  committed({ run, definition, entries, from }: Seen): void {
    // The journal in memory only grows: its length now says what to look at.
    const until = entries.length;
    const before = this.#waiting.get(entries)?.from;
    this.#later(entries, { run, definition, from: before ?? from, until });
  }

  cancelled(run: Run): void {
    this.#later(run, { run, definition: null, from: 0, until: 0 });
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
    this.#work(Number.POSITIVE_INFINITY);
    const { resourceMetrics } = await this.#reader.collect();
    // Without prefix, times and the scope, which is the same for all.
    const serializer = new PrometheusSerializer('', false, undefined, false, true);
    return serializer.serialize(resourceMetrics);
  }

  /** Sends what there is. */
  async flush(): Promise<void> {
    this.#work(Number.POSITIVE_INFINITY);
    await this.#sender?.flush();
    await this.#provider.forceFlush();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#work(Number.POSITIVE_INFINITY);
    const report = (error: unknown) =>
      this.#options.logger.warn({ err: error }, 'Telemetry was not sent to its end');
    await this.#sender?.[Symbol.asyncDispose]().catch(report);
    await this.#provider.shutdown().catch(report);
  }

  #later(of: Journal | Run, waiting: Waiting): void {
    if (this.#waiting.size >= maxWaiting && !this.#waiting.has(of)) {
      this.#dropped += 1;
      return;
    }
    this.#waiting.set(of, waiting);
    this.#schedule();
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#work(turnMs);
      if (this.#waiting.size > 0) this.#schedule();
    }, workEveryMs).unref();
  }

  #work(forMs: number): void {
    const until = performance.now() + forMs;
    for (const [of, waiting] of this.#waiting) {
      if (performance.now() >= until) return;
      this.#waiting.delete(of);
      try {
        if (Array.isArray(of)) this.#workOn(waiting, of);
        else this.#workOnCancelled(waiting.run);
      } catch (error) {
        this.#options.logger.warn({ err: error }, 'Telemetry of a step failed');
      }
    }
  }

  #workOn({ run, definition, from, until }: Waiting, entries: Journal): void {
    this.#metrics?.committed(run, entries, { from, until });
    if (this.#sender === null || definition === null || !this.#isSampled(run)) return;
    const part = { from, until, withContent: this.#options.withContent };
    for (const span of spansOf(run, definition, entries, part)) this.#sender.add(span);
  }

  #workOnCancelled(run: Run): void {
    this.#metrics?.cancelled(run);
    if (this.#sender !== null && this.#isSampled(run)) {
      this.#sender.add(cancelledSpan(run, this.#options));
    }
  }

  /** By the trace alone, so that all of a run goes out or nothing of it, in every process. */
  #isSampled(run: Run): boolean {
    const { traceId } = traceParts(run.traceId);
    const none = undefined as never;
    const sampled = this.#sampler.shouldSample(none, traceId, '', SpanKind.INTERNAL, {}, []);
    return sampled.decision === SamplingDecision.RECORD_AND_SAMPLED;
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
