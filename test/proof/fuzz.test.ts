import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import { requires } from '../support/requires.ts';
import { fuzzServer } from './fuzz.ts';

// The short, seeded form of `npm run proof -- fuzz`.

const environment = process.env.SIGNALBOX_FUZZ_ENV ?? '';
const isInstalled = existsSync(join(environment, 'bin', 'schemathesis'));

test('no request makes the server answer anything but what the documents say', {
  timeout: 300_000,
  ...requires(isInstalled, 'no Schemathesis (.ci/fuzz installs it)'),
}, async () => {
  await using database = await createTestDatabase();
  const phases = 'examples,fuzzing,stateful';
  const figures = await fuzzServer({
    db: database.db,
    databaseUrl: database.url,
    environment,
    seed: 1,
    requests: 0,
    rounds: [
      { dialects: ['conduit'], phases, examples: 1, maxSeconds: 14, caller: 'admin' },
      { dialects: ['neo'], phases, examples: 1, maxSeconds: 5, caller: 'write' },
    ],
  });
  expect(figures).toMatchObject({ failures: 0, errors: 0, found: [] });
  expect(figures.requests).toBeGreaterThan(50);
});
