import { type Attributes, type HrTime, ValueType } from '@opentelemetry/api';
import { emptyResource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  DataPointType,
  InstrumentType,
  type MetricData,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics';

// Sums and histograms whose points are found once and then only added to: the SDK's own instruments look for the point
// of their labels by a text made of them, for each value and each reader, which was a quarter of what telemetry cost.
// Readers of the SDK collect them, as producers.

/** As the SDK's own: what would be more points goes into one. */
const maxPoints = 2_000;
const overflow: Attributes = { 'otel.metric.overflow': true };

type TemporalityOf = (instrument: InstrumentType) => AggregationTemporality;

interface Described {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  /** Inclusive upper bounds of a histogram's buckets; null is a sum. */
  readonly boundaries: readonly number[] | null;
}

/** What has been added up under one set of labels. */
export class Point {
  readonly attributes: Attributes;
  readonly #boundaries: readonly number[];
  readonly counts: number[];
  count = 0;
  sum = 0;

  constructor(attributes: Attributes, boundaries: readonly number[] | null) {
    this.attributes = attributes;
    this.#boundaries = boundaries ?? [];
    this.counts = Array.from({ length: this.#boundaries.length + 1 }, () => 0);
  }

  add(value: number): void {
    let bucket = 0;
    while (bucket < this.#boundaries.length && value > (this.#boundaries[bucket] ?? 0)) bucket++;
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.count += 1;
    this.sum += value;
  }
}

export class Instrument {
  readonly described: Described;
  readonly points = new Map<string, Point>();

  constructor(described: Described) {
    this.described = described;
  }

  /** The point of these labels: to be kept by who adds to it often. */
  at(labels: Attributes): Point {
    const key = JSON.stringify(labels);
    const known = this.points.get(key);
    if (known !== undefined) return known;
    if (this.points.size >= maxPoints && labels !== overflow) return this.at(overflow);
    const point = new Point(labels, this.described.boundaries);
    this.points.set(key, point);
    return point;
  }
}

export class Series {
  readonly #instruments: Instrument[] = [];
  readonly #scope: { readonly name: string; readonly version: string };
  readonly #startedAt = Date.now();

  constructor(scope: { readonly name: string; readonly version: string }) {
    this.#scope = scope;
  }

  instrument(described: Described): Instrument {
    const instrument = new Instrument(described);
    this.#instruments.push(instrument);
    return instrument;
  }

  /** For one reader: each has deltas of its own, where it wants deltas. */
  producer(temporalityOf: TemporalityOf): MetricProducer {
    const before = new Map<Point, Added>();
    let collectedAt = this.#startedAt;
    return {
      collect: async () => {
        const from = collectedAt;
        collectedAt = Date.now();
        const times = { startedAt: this.#startedAt, from, until: collectedAt };
        const metrics = this.#instruments
          .filter(({ points }) => points.size > 0)
          .map((instrument) => metricOf(instrument, { temporalityOf, times, before }));
        const scopeMetrics = [{ scope: this.#scope, metrics }];
        return { resourceMetrics: { resource: emptyResource(), scopeMetrics }, errors: [] };
      },
    };
  }
}

type Added = Pick<Point, 'counts' | 'count' | 'sum'>;

function metricOf(
  { described, points }: Instrument,
  given: {
    readonly temporalityOf: TemporalityOf;
    readonly times: Readonly<Record<'startedAt' | 'from' | 'until', number>>;
    readonly before: Map<Point, Added>;
  },
): MetricData {
  const { name, unit, description, boundaries } = described;
  const type = boundaries === null ? InstrumentType.COUNTER : InstrumentType.HISTOGRAM;
  const aggregationTemporality = given.temporalityOf(type);
  const isDelta = aggregationTemporality === AggregationTemporality.DELTA;
  const added = [...points.values()].map((point) => ({
    startTime: hrTime(isDelta ? given.times.from : given.times.startedAt),
    endTime: hrTime(given.times.until),
    attributes: point.attributes,
    value: isDelta ? sinceLast(point, given.before) : point,
  }));
  const common = {
    descriptor: { name, unit, description, valueType: ValueType.DOUBLE },
    aggregationTemporality,
  };
  if (boundaries === null) {
    const dataPoints = added.map((each) => ({ ...each, value: each.value.sum }));
    return { ...common, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints };
  }
  const dataPoints = added.map(({ value: { counts, count, sum }, ...each }) => ({
    ...each,
    value: { buckets: { boundaries: [...boundaries], counts: [...counts] }, count, sum },
  }));
  return { ...common, dataPointType: DataPointType.HISTOGRAM, dataPoints };
}

function sinceLast(point: Point, before: Map<Point, Added>): Added {
  const last = before.get(point);
  before.set(point, { counts: [...point.counts], count: point.count, sum: point.sum });
  if (last === undefined) return point;
  return {
    counts: point.counts.map((count, bucket) => count - (last.counts[bucket] ?? 0)),
    count: point.count - last.count,
    sum: point.sum - last.sum,
  };
}

function hrTime(ms: number): HrTime {
  return [Math.floor(ms / 1_000), (ms % 1_000) * 1e6];
}
