import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EmbeddedConnection } from '../../src/store/connect-session.ts';
import { treeCpuMs } from '../support/cpu.ts';
import { type Measurement, measure } from '../support/measure.ts';
import { subjects } from './subjects.ts';

// One subject in a process of its own: started, warmed up, measured at each concurrency, checked, ended.

export interface ChildOrder {
  readonly subject: keyof typeof subjects;
  readonly connection: EmbeddedConnection;
  readonly postmasterPid: number;
  readonly concurrencies: readonly number[];
  readonly durationMs: number;
  readonly warmUpMs: number;
}

export type ChildAnswer =
  | { readonly ok: true; readonly measurements: readonly Measurement[] }
  | { readonly ok: false; readonly error: string };

process.once('message', (order) => {
  void perform(order as ChildOrder)
    .then(
      (measurements): ChildAnswer => ({ ok: true, measurements }),
      (error: unknown): ChildAnswer => ({
        ok: false,
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      }),
    )
    .then((answer) => process.send?.(answer, () => process.exit()));
});

async function perform(order: ChildOrder): Promise<Measurement[]> {
  await using undo = new AsyncDisposableStack();
  const folder = await mkdtemp(join(process.env.BENCH_DIR ?? tmpdir(), 'signalbox-bench-'));
  await mkdir(folder, { recursive: true });
  undo.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  const subject = undo.use(
    await subjects[order.subject].open({ connection: order.connection, folder }),
  );
  let runs = 0;
  const run = async () => {
    await subject.run();
    runs++;
  };
  const measurements: Measurement[] = [];
  for (const concurrency of order.concurrencies) {
    await measure(run, { concurrency, durationMs: order.warmUpMs });
    const cpuMs = () => treeCpuMs([order.postmasterPid, process.pid]);
    measurements.push(await measure(run, { concurrency, durationMs: order.durationMs, cpuMs }));
  }
  await subject.verify(runs);
  return measurements;
}
