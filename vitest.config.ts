import { defineConfig } from 'vitest/config';
import { LongFirst } from './test/support/long-first.ts';
import { SkipReporter } from './test/support/skip-reporter.ts';

/** Where CI wants the results as JSON, too. */
const jsonReport = process.env.SIGNALBOX_TEST_JSON;

export default defineConfig({
  test: {
    include: ['{src,client,web,test}/**/*.test.ts'],
    globalSetup: ['./test/support/database-setup.ts', './test/support/temporal-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // No module of ours keeps anything between two uses of it: the files of a worker share them, and do not load anew
    // what takes longer to load than most files take.
    isolate: false,
    sequence: { sequencer: LongFirst },
    // The second try is named at the end of the run (SkipReporter).
    retry: 1,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
    reporters: ['default', ...(jsonReport ? ['json' as const] : []), new SkipReporter()],
    ...(jsonReport ? { outputFile: { json: jsonReport } } : {}),
  },
});
