import type { Meter } from '@opentelemetry/api';

/** What is so at the moment of asking. A part that cannot be read is left out. */
export interface Readings {
  readonly queue?: {
    readonly queued: number;
    readonly oldestMs: number;
    readonly sleeping: number;
    readonly running: number;
    readonly processes: number;
  };
  /** Runs that this process has in memory. */
  readonly runsInMemory?: number;
  /** Units that wait for the writer. */
  readonly writerDepth?: number;
  /** Connections of this process to the database. */
  readonly pool?: { readonly open: number; readonly idle: number; readonly waiting: number };
  readonly sandbox?: { readonly usable: boolean; readonly backend: string };
}

export type Gauges = () => Promise<Readings>;

/** Registers gauges that ask once a collection. */
export function observeGauges(
  meter: Meter,
  read: Gauges,
  spared: { readonly dropped: () => number; readonly leftOut: () => number },
): void {
  const gauge = (name: string, unit: string, description: string) =>
    meter.createObservableGauge(name, { unit, description });
  const runs = gauge('signalbox.queue.runs', '{run}', 'Runs of all processes that have not ended');
  const age = gauge('signalbox.queue.age', 's', 'How long the oldest run that has not begun waits');
  const processes = gauge('signalbox.processes', '{process}', 'Processes that drive runs');
  const inMemory = gauge('signalbox.process.runs', '{run}', 'Runs that this process has in memory');
  const depth = gauge('signalbox.writer.depth', '{unit}', 'Units that wait for a commit');
  const pool = gauge('signalbox.database.connections', '{connection}', 'Of this process, by state');
  const sandbox = gauge('signalbox.sandbox.usable', '1', '1 while tools can run');
  const lost = gauge('signalbox.telemetry.dropped', '{item}', 'Spans that were not taken');
  const leftOut = gauge('signalbox.telemetry.left_out', '{trace}', 'Traces beyond the limit');
  meter.addBatchObservableCallback(
    async (result) => {
      const now = await read();
      const state = (name: string) => ({ 'signalbox.state': name });
      if (now.queue !== undefined) {
        result.observe(runs, now.queue.queued, state('queued'));
        result.observe(runs, now.queue.running, state('running'));
        result.observe(runs, now.queue.sleeping, state('waiting'));
        result.observe(age, now.queue.oldestMs / 1_000);
        result.observe(processes, now.queue.processes);
      }
      if (now.runsInMemory !== undefined) result.observe(inMemory, now.runsInMemory);
      if (now.writerDepth !== undefined) result.observe(depth, now.writerDepth);
      if (now.pool !== undefined) {
        const { open, idle, waiting } = now.pool;
        result.observe(pool, open - idle, state('used'));
        result.observe(pool, idle, state('idle'));
        result.observe(pool, waiting, state('asked_for'));
      }
      if (now.sandbox !== undefined) {
        const { usable, backend } = now.sandbox;
        result.observe(sandbox, usable ? 1 : 0, { 'signalbox.sandbox.backend': backend });
      }
      result.observe(lost, spared.dropped());
      result.observe(leftOut, spared.leftOut());
    },
    [runs, age, processes, inMemory, depth, pool, sandbox, lost, leftOut],
  );
}
