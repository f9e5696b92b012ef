import { expect, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { insertAgent, startTestEngine } from '../../test/support/engine.ts';
import { eventually, queueRuns } from '../../test/support/engine-process.ts';
import { finishTurn } from '../../test/support/turns.ts';
import { createModelClient } from '../models/client.ts';
import type { Database } from '../store/connect.ts';
import { getRun } from '../store/runs.ts';

test('a run that is claimed is not driven again by an answer that comes after its end', async () => {
  await using database = await createTestDatabase();
  const { db } = database;
  const agent = await insertAgent(db);
  const scripted = createModelClient({ scripts: { test: { turns: [finishTurn()] } } });
  let calls = 0;
  const models = {
    ...scripted,
    call: (request: Parameters<typeof scripted.call>[0]) => {
      calls += 1;
      return scripted.call(request);
    },
  };
  const late = Promise.withResolvers<void>();
  let isClaimed = false;
  // A claim commits, and its answer is a second and more than two sweeps on its way.
  const slow: Database = {
    ...db,
    query: (statement) => db.query(statement),
    execute: (statement) => db.execute(statement),
    connect: (options) => db.connect(options),
    async transaction(work, options) {
      const result = await db.transaction(work, options);
      const [run] = await db.query<{ n: number }>('SELECT count(*) AS n FROM runs WHERE epoch > 1');
      if (!isClaimed && run?.n === 1) {
        isClaimed = true;
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        late.resolve();
      }
      return result;
    },
  };
  await using engine = await startTestEngine({ db: slow, models });
  await engine.start();
  const [id = ''] = await queueRuns(db, { agent, n: 1 });
  await late.promise;
  await eventually(async () => (await getRun(db, 'all', id))?.status === 'completed');
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(calls).toBe(1);
});
