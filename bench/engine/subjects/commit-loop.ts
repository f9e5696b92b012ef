import type { Database } from '../../../src/store/connect.ts';
import { GroupCommit } from '../../../src/store/group-commit.ts';

/**
 * Group commit, as ours, and nothing else: what waits when the last statement returns goes with the next one.
 * The statement is given an array a value of a write.
 */
export function commitLoop(
  db: Database,
  name: string,
  text: string,
): (values: readonly unknown[]) => Promise<void> {
  const queue = new GroupCommit<readonly unknown[], void>({
    execute: async (writes) => {
      const columns = writes[0]?.map((_, at) => writes.map((write) => write[at]));
      await db.query({ name, text, values: columns ?? [] });
      return writes.map(() => undefined);
    },
    faultOf: () => 'other',
    sizeOf: () => 512,
    giveUpAfterMs: Number.POSITIVE_INFINITY,
    maxInFlight: 2,
  });
  return (values) => queue.submit(values);
}
