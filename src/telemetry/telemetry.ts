import {
  DiagLogLevel,
  diag,
  type HrTime,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
} from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  MeterProvider,
  MetricReader,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BatchSpanProcessor,
  type ReadableSpan,
  type Sampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import type { Logger } from '../core/logger.ts';
import type { Run } from '../core/run.ts';
import type { RunObserver } from '../core/run-observer.ts';
import { traceParts } from '../core/trace-context.ts';
import { type Gauges, observeGauges } from './gauges.ts';
import { createRunMetrics, type RunMetrics } from './run-metrics.ts';
import { cancelledSpan, type RunSpan, spansOf } from './run-spans.ts';

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

/** What is waiting to be worked on at most; beyond it the new is dropped and counted. */
const maxWaiting = 20_000;
const workEveryMs = 200;
/** Room for the spans of a second of the fastest engine, in few requests. */
const batching = { maxQueueSize: 32_768, maxExportBatchSize: 2_048, scheduledDelayMillis: 2_000 };
/** For how long one turn may hold the process. */
const turnMs = 10;

export class Telemetry implements RunObserver, AsyncDisposable {
  readonly #options: TelemetryOptions;
  readonly #resource: Resource;
  readonly #processor: BatchSpanProcessor | null;
  readonly #sampler: Sampler;
  readonly #provider: MeterProvider;
  readonly #reader: CollectingReader | null;
  readonly #metrics: RunMetrics | null;
  readonly #waiting: ((() => void) | null)[] = [];
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
    this.#resource = defaultResource()
      .merge(
        resourceFromAttributes({
          'service.name': options.serviceName,
          'service.version': options.version,
        }),
      )
      .merge(detectResources({ detectors: [envDetector] }));
    this.#sampler = new TraceIdRatioBasedSampler(options.traceRatio);
    this.#processor = options.traces
      ? new BatchSpanProcessor({ exporter: new OTLPTraceExporter(), ...batching })
      : null;
    this.#reader = options.prometheus ? new CollectingReader() : null;
    this.#provider = new MeterProvider({
      resource: this.#resource,
      readers: [
        ...(options.metrics
          ? [new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter() })]
          : []),
        ...(this.#reader === null ? [] : [this.#reader]),
      ],
    });
    const hasMetrics = options.metrics || options.prometheus;
    const meter = this.#provider.getMeter('signalbox', options.version);
    this.#metrics = hasMetrics ? createRunMetrics(meter) : null;
    if (hasMetrics) observeGauges(meter, gauges, () => this.#dropped);
  }

  committed(seen: Seen): void {
    // The journal in memory only grows: its length now says what to look at.
    const { run, definition, entries, from } = seen;
    const until = entries.length;
    this.#later(() => {
      this.#metrics?.committed(run, entries, { from, until });
      if (this.#processor === null || !this.#isSampled(run)) return;
      for (let at = from; at < until; at++) {
        const entry = entries[at];
        if (entry === undefined) continue;
        for (const span of spansOf(run, definition, entry, this.#options)) this.#export(span);
      }
    });
  }

  cancelled(run: Run): void {
    this.#later(() => {
      this.#metrics?.cancelled(run);
      if (this.#processor === null || !this.#isSampled(run)) return;
      this.#export(cancelledSpan(run, this.#options));
    });
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
    await this.#processor?.forceFlush();
    await this.#provider.forceFlush();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#work(Number.POSITIVE_INFINITY);
    const report = (error: unknown) =>
      this.#options.logger.warn({ err: error }, 'Telemetry was not sent to its end');
    await this.#processor?.shutdown().catch(report);
    await this.#provider.shutdown().catch(report);
  }

  #later(work: () => void): void {
    if (this.#waiting.length >= maxWaiting) {
      this.#dropped += 1;
      return;
    }
    this.#waiting.push(work);
    this.#schedule();
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#work(turnMs);
      if (this.#waiting.length > 0) this.#schedule();
    }, workEveryMs).unref();
  }

  #work(forMs: number): void {
    const until = performance.now() + forMs;
    let done = 0;
    while (done < this.#waiting.length && performance.now() < until) {
      try {
        this.#waiting[done]?.();
      } catch (error) {
        this.#options.logger.warn({ err: error }, 'Telemetry of a step failed');
      }
      this.#waiting[done++] = null;
    }
    this.#waiting.splice(0, done);
  }

  /** By the trace alone, so that all of a run goes out or nothing of it, in every process. */
  #isSampled(run: Run): boolean {
    const { traceId } = traceParts(run.traceId);
    const none = undefined as never;
    const sampled = this.#sampler.shouldSample(none, traceId, '', SpanKind.INTERNAL, {}, []);
    return sampled.decision === SamplingDecision.RECORD_AND_SAMPLED;
  }

  #export(span: RunSpan): void {
    const { traceId, spanId } = span;
    const context = (id: string, isRemote: boolean) => ({
      traceId,
      spanId: id,
      traceFlags: TraceFlags.SAMPLED,
      isRemote,
    });
    const readable: ReadableSpan = {
      name: span.name,
      kind: span.kind === 'client' ? SpanKind.CLIENT : SpanKind.INTERNAL,
      spanContext: () => context(spanId, false),
      ...(span.parentSpanId === null
        ? {}
        : { parentSpanContext: context(span.parentSpanId, span.name.startsWith('invoke_agent')) }),
      startTime: hrTime(span.startMs),
      endTime: hrTime(span.endMs),
      duration: hrTime(span.endMs - span.startMs),
      status:
        span.error === null
          ? { code: SpanStatusCode.UNSET }
          : { code: SpanStatusCode.ERROR, message: span.error.slice(0, 1_000) },
      attributes: span.attributes,
      links: [],
      events: [],
      ended: true,
      resource: this.#resource,
      instrumentationScope: { name: 'signalbox', version: this.#options.version },
      droppedAttributesCount: 0,
      droppedEventsCount: 0,
      droppedLinksCount: 0,
    };
    this.#processor?.onEnd(readable);
  }
}

/** A reader that gives when it is asked. */
class CollectingReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

function hrTime(ms: number): HrTime {
  const whole = Math.floor(ms / 1_000);
  return [whole, Math.round((ms - whole * 1_000) * 1e6)];
}
