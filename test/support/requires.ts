import type { TestOptions } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** Why this test or suite cannot run on this machine. */
    skipReason?: string;
  }
}

/**
 * Options for `describe` or `test` that need something of the machine: skipped, with the reason in the
 * summary of the run, where `condition` does not hold.
 *
 *     describe('jail', requires(hasBubblewrap, 'no bubblewrap'), () => { … });
 */
export function requires(condition: boolean, reason: string): TestOptions {
  return condition ? {} : { skip: true, meta: { skipReason: reason } };
}
