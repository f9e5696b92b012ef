import type { Attributes, Counter, Histogram, Meter } from '@opentelemetry/api';
import type { JournalEntry } from '../core/journal.ts';
import type { Run } from '../core/run.ts';
import {
  isModelCall,
  isToolEnd,
  type ModelCallEntry,
  modelName,
  providerName,
} from './run-spans.ts';

// What runs add up to. Names and units of calls of models are those of the conventions for generative AI;
// what is ours begins with `signalbox`. No label grows with the number of runs.

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];
const tokens = [1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576];
const batches = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

export interface RunMetrics {
  committed(
    run: Run,
    entries: readonly JournalEntry[],
    part: { readonly from: number; readonly until: number },
  ): void;
  cancelled(run: Run): void;
  batch(units: number, durationMs: number): void;
}

export function createRunMetrics(meter: Meter): RunMetrics {
  const histogram = (name: string, unit: string, description: string, at: number[]): Histogram =>
    meter.createHistogram(name, {
      unit,
      description,
      advice: { explicitBucketBoundaries: at },
    });
  const counter = (name: string, unit: string, description: string): Counter =>
    meter.createCounter(name, { unit, description });
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
  const batchSize = histogram('signalbox.writer.batch.size', '{unit}', 'Units a commit', batches);
  const batchTime = histogram('signalbox.writer.batch.duration', 's', 'Commits', seconds);

  const model = (entry: ModelCallEntry): void => {
    if (entry.state === 'lost') return;
    const { data } = entry;
    const labels: Attributes = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': providerName(data.model),
      'gen_ai.request.model': modelName(data.model),
    };
    stepTime.record(data.durationMs / 1_000, { 'signalbox.step.type': entry.type });
    if (entry.state === 'failed') {
      duration.record(data.durationMs / 1_000, { ...labels, 'error.type': entry.data.kind });
      return;
    }
    duration.record(data.durationMs / 1_000, labels);
    const { usage: counts, costUsd } = entry.data;
    const firstChunkMs = entry.type === 'model' ? entry.data.firstChunkMs : undefined;
    if (firstChunkMs !== undefined) firstChunk.record(firstChunkMs / 1_000, labels);
    usage.record(counts.inputTokens, { ...labels, 'gen_ai.token.type': 'input' });
    usage.record(counts.outputTokens, { ...labels, 'gen_ai.token.type': 'output' });
    if (costUsd !== null) cost.add(costUsd, labels);
  };

  const end = (run: Run, status: string, stopReason: string, endMs: number): void => {
    ended.add(1, {
      'signalbox.run.status': status,
      'signalbox.run.stop_reason': stopReason,
      'signalbox.run.disposition': run.disposition ?? 'none',
    });
    runTime.record(Math.max(0, endMs - run.createdAt.getTime()) / 1_000, {
      'signalbox.run.status': status,
    });
  };

  return {
    committed: (run, entries, { from, until }) => {
      for (let at = from; at < until; at++) {
        const entry = entries[at];
        if (entry === undefined || ('copied' in entry.data && entry.data.copied)) continue;
        if (isModelCall(entry)) model(entry);
        else if (isToolEnd(entry)) {
          const labels = { 'signalbox.step.type': 'tool', 'signalbox.step.state': entry.state };
          stepTime.record(entry.data.durationMs / 1_000, labels);
        } else if (entry.type === 'end') {
          const endMs = entry.createdAt.getTime();
          end(run, run.status, entry.data.stopReason, endMs);
          const shares = timeOf(run, entries, endMs);
          for (const [part, ms] of Object.entries(shares)) {
            spent.add(ms / 1_000, { 'signalbox.run.part': part });
          }
          overhead.record(shares.overhead / 1_000);
        }
      }
    },
    cancelled: (run) =>
      end(run, 'cancelled', 'cancelled', (run.completedAt ?? new Date()).getTime()),
    batch: (units, durationMs) => {
      batchSize.record(units);
      batchTime.record(durationMs / 1_000);
    },
  };
}

/** Where a run's time went, in ms. Tools that ran side by side count once, for as long as any of them ran. */
export function timeOf(
  run: Pick<Run, 'createdAt'>,
  entries: readonly JournalEntry[],
  endMs: number,
): Readonly<Record<'model' | 'tool' | 'wait' | 'overhead', number>> {
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
