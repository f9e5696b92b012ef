import type { Attributes } from '@opentelemetry/api';
import type { JournalEntry } from '../core/journal.ts';
import type { Run } from '../core/run.ts';
import {
  isModelCall,
  isToolEnd,
  type ModelCallEntry,
  modelName,
  providerName,
} from './run-spans.ts';
import type { Series } from './series.ts';

// What runs add up to. Names and units of calls of models are those of the conventions for generative AI;
// what is ours begins with `signalbox`. No label grows with the number of runs.

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];
const tokens = [1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576];
const parts = ['model', 'tool', 'wait', 'overhead'] as const;
const noLabels = {};
const batches = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

/** A call of a model that is no step of a run. */
export interface MeasuredCall {
  readonly operation: string;
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** USD; null: the price is unknown. */
  readonly costUsd: number | null;
  readonly durationMs: number;
  readonly isFailed: boolean;
}

export interface RunMetrics {
  call(call: MeasuredCall): void;
  committed(
    run: Run,
    entries: readonly JournalEntry[],
    part: { readonly from: number; readonly until: number },
  ): void;
  cancelled(run: Run): void;
  batch(units: number, durationMs: number): void;
}

export function createRunMetrics(series: Series): RunMetrics {
  const histogram = (
    name: string,
    unit: string,
    description: string,
    boundaries: readonly number[],
  ) => series.instrument({ name, unit, description, boundaries });
  const counter = (name: string, unit: string, description: string) =>
    series.instrument({ name, unit, description, boundaries: null });
  const duration = histogram(
    'gen_ai.client.operation.duration',
    's',
    'Calls of models, their retries included',
    seconds,
  );
  const firstChunk = histogram(
    'gen_ai.client.operation.time_to_first_chunk',
    's',
    'From a call to the first of its answer',
    seconds,
  );
  const usage = histogram('gen_ai.client.token.usage', '{token}', 'Tokens of a call', tokens);
  const cost = counter('signalbox.cost', '{USD}', 'Money for models, where the price is known');
  const ended = counter('signalbox.runs.ended', '{run}', 'Runs by how they ended');
  const runTime = histogram('signalbox.run.duration', 's', 'From dispatch to end', seconds);
  const stepTime = histogram('signalbox.step.duration', 's', 'Steps by their type', seconds);
  const spent = counter(
    'signalbox.run.time',
    's',
    'Time of ended runs: in models, in tools, in waits, and the rest, which is overhead',
  );
  const overhead = histogram(
    'signalbox.run.overhead',
    's',
    'Time of a run outside of models, tools and waits',
    seconds,
  );
  const overheadPoint = once(() => overhead.at(noLabels));
  const batchSize = histogram('signalbox.writer.batch.size', '{unit}', 'Units a commit', batches);
  const batchTime = histogram('signalbox.writer.batch.duration', 's', 'Commits', seconds);

  const pointsFor = (operation: string) => (model: string) => {
    const labels: Attributes = {
      'gen_ai.operation.name': operation,
      'gen_ai.provider.name': providerName(model),
      'gen_ai.request.model': modelName(model),
    };
    return {
      duration: kept((kind) =>
        duration.at(kind === '' ? labels : { ...labels, 'error.type': kind }),
      ),
      firstChunk: once(() => firstChunk.at(labels)),
      input: once(() => usage.at({ ...labels, 'gen_ai.token.type': 'input' })),
      output: once(() => usage.at({ ...labels, 'gen_ai.token.type': 'output' })),
      cost: once(() => cost.at(labels)),
    };
  };
  const pointsOf = kept(pointsFor('chat'));
  const pointsOfOperation = kept((operation) => kept(pointsFor(operation)));
  const stepPoint = kept((type) => stepTime.at({ 'signalbox.step.type': type }));
  const toolPoint = kept((state) =>
    stepTime.at({ 'signalbox.step.type': 'tool', 'signalbox.step.state': state }),
  );
  const spentIn = kept((part) => spent.at({ 'signalbox.run.part': part }));
  const runTimePoint = kept((status) => runTime.at({ 'signalbox.run.status': status }));
  const endedPoint = kept((how) => {
    const [status = '', stopReason = '', disposition = ''] = how.split(' ');
    return ended.at({
      'signalbox.run.status': status,
      'signalbox.run.stop_reason': stopReason,
      'signalbox.run.disposition': disposition,
    });
  });

  const model = (entry: ModelCallEntry): void => {
    if (entry.state === 'lost') return;
    const { data } = entry;
    const points = pointsOf(data.model);
    const tookS = data.durationMs / 1_000;
    stepPoint(entry.type).add(tookS);
    if (entry.state === 'failed') {
      points.duration(entry.data.kind).add(tookS);
      return;
    }
    points.duration('').add(tookS);
    const { usage: counts, costUsd } = entry.data;
    const firstChunkMs = entry.type === 'model' ? entry.data.firstChunkMs : undefined;
    if (firstChunkMs !== undefined) points.firstChunk().add(firstChunkMs / 1_000);
    points.input().add(counts.inputTokens);
    points.output().add(counts.outputTokens);
    if (costUsd !== null) points.cost().add(costUsd);
  };

  const end = (run: Run, status: string, stopReason: string, endMs: number): void => {
    endedPoint(`${status} ${stopReason} ${run.disposition ?? 'none'}`).add(1);
    runTimePoint(status).add(Math.max(0, endMs - run.createdAt.getTime()) / 1_000);
  };

  return {
    call: ({ operation, model, inputTokens, outputTokens, costUsd, durationMs, isFailed }) => {
      const points = pointsOfOperation(operation)(model);
      points.duration(isFailed ? '_OTHER' : '').add(durationMs / 1_000);
      if (inputTokens > 0) points.input().add(inputTokens);
      if (outputTokens > 0) points.output().add(outputTokens);
      if (costUsd !== null && costUsd > 0) points.cost().add(costUsd);
    },
    committed: (run, entries, { from, until }) => {
      for (let at = from; at < until; at++) {
        const entry = entries[at];
        if (entry === undefined || ('copied' in entry.data && entry.data.copied)) continue;
        if (isModelCall(entry)) model(entry);
        else if (isToolEnd(entry)) toolPoint(entry.state).add(entry.data.durationMs / 1_000);
        else if (entry.type === 'end') {
          const endMs = entry.createdAt.getTime();
          end(run, run.status, entry.data.stopReason, endMs);
          const shares = timeOf(run, entries, endMs);
          for (const part of parts) spentIn(part).add(shares[part] / 1_000);
          overheadPoint().add(shares.overhead / 1_000);
        }
      }
    },
    cancelled: (run) =>
      end(run, 'cancelled', 'cancelled', (run.completedAt ?? new Date()).getTime()),
    batch: (units, durationMs) => {
      batchSize.at(noLabels).add(units);
      batchTime.at(noLabels).add(durationMs / 1_000);
    },
  };
}

/** Remembers what was made of a key; of too many keys, which all have the same point, it forgets. */
function kept<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    if (made.size < 2_000) made.set(key, value);
    return value;
  };
}

/** Made when it is first asked for: no metric shows labels that never had a value. */
function once<T>(make: () => T): () => T {
  let made: T | null = null;
  return () => (made ??= make());
}

/** Where a run's time went, in ms. Tools that ran side by side count once, for as long as any of them ran. */
export function timeOf(
  run: Pick<Run, 'createdAt'>,
  entries: readonly JournalEntry[],
  endMs: number,
): Readonly<Record<(typeof parts)[number], number>> {
  let model = 0;
  let wait = 0;
  let waitingSince: number | null = null;
  const calls: [number, number][] = [];
  for (const entry of entries) {
    if ('copied' in entry.data && entry.data.copied) continue;
    const at = entry.createdAt.getTime();
    if (isModelCall(entry) && entry.state !== 'lost') model += entry.data.durationMs;
    if (isToolEnd(entry)) calls.push([at - entry.data.durationMs, at]);
    if (entry.type !== 'delay') continue;
    if (entry.state === 'started') waitingSince = at;
    else if (waitingSince !== null) {
      wait += at - waitingSince;
      waitingSince = null;
    }
  }
  const tool = coveredMs(calls);
  const total = Math.max(0, endMs - run.createdAt.getTime());
  return { model, tool, wait, overhead: Math.max(0, total - model - tool - wait) };
}

function coveredMs(spans: [number, number][]): number {
  let covered = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const [from, to] of spans.toSorted((a, b) => a[0] - b[0])) {
    covered += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return covered;
}
