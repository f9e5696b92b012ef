import type { Database } from '../../../src/store/connect.ts';

interface Write {
  readonly values: readonly unknown[];
  readonly done: () => void;
}

/**
 * Group commit and nothing else: what waits when the last statement returns goes with the next one. The
 * statement is given an array a value of a write.
 */
export function commitLoop(
  db: Database,
  name: string,
  text: string,
): (values: readonly unknown[]) => Promise<void> {
  const waiting: Write[] = [];
  let flushing = false;
  const flush = async () => {
    flushing = true;
    await Promise.resolve();
    while (waiting.length > 0) {
      const batch = waiting.splice(0, 512);
      const columns = batch[0]?.values.map((_, at) => batch.map((write) => write.values[at]));
      await db.query({ name, text, values: columns ?? [] });
      for (const write of batch) write.done();
    }
    flushing = false;
  };
  return (values) =>
    new Promise<void>((done) => {
      waiting.push({ values, done });
      if (!flushing) void flush();
    });
}
