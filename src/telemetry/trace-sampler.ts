import { SamplingDecision, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace';

// Which traces go out. By the trace's id alone, so that what one process exports of a trace the others do as well; where
// runs come faster than the limit, the share gets smaller: of two processes, the traces that the busier one still
// exports are among those of the other.

/** Often enough that a flood is met soon, and long enough that runs that end together do not look like one. */
const windowMs = 250;

export class TraceSampler {
  readonly #ratio: number;
  readonly #perSecond: number;
  readonly #configured: TraceIdRatioBasedSampler;
  readonly #now: () => number;
  #current: TraceIdRatioBasedSampler;
  #windowStartMs: number;
  /** Of the window: those that the configured share takes. */
  #seen = 0;
  #leftOut = 0;

  /** `ratio` is a share, 0 to 1; `perSecond` 0 is no limit; `now` is in milliseconds. */
  constructor(given: {
    readonly ratio: number;
    readonly perSecond: number;
    readonly now?: () => number;
  }) {
    this.#ratio = given.ratio;
    this.#perSecond = given.perSecond;
    this.#now = given.now ?? (() => performance.now());
    this.#configured = new TraceIdRatioBasedSampler(given.ratio);
    this.#current = this.#configured;
    this.#windowStartMs = this.#now();
  }

  /** How many traces the limit has left out. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** To be asked once a run: each question counts. */
  takes(traceId: string): boolean {
    if (!isTaken(this.#configured, traceId)) return false;
    if (this.#perSecond === 0) return true;
    this.#adapt();
    this.#seen += 1;
    if (this.#current === this.#configured || isTaken(this.#current, traceId)) return true;
    this.#leftOut += 1;
    return false;
  }

  #adapt(): void {
    const now = this.#now();
    const elapsedMs = now - this.#windowStartMs;
    if (elapsedMs < windowMs) return;
    const share = this.#perSecond / ((1_000 * this.#seen) / elapsedMs);
    this.#current =
      share < 1 ? new TraceIdRatioBasedSampler(this.#ratio * share) : this.#configured;
    this.#windowStartMs = now;
    this.#seen = 0;
  }
}

function isTaken(sampler: TraceIdRatioBasedSampler, traceId: string): boolean {
  const { decision } = sampler.shouldSample(undefined, traceId);
  return decision === SamplingDecision.RECORD_AND_SAMPLED;
}
