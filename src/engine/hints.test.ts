import { expect, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { functionTool, insertAgent, startTestEngine } from '../../test/support/engine.ts';
import { eventually } from '../../test/support/engine-process.ts';
import { callTurn } from '../../test/support/turns.ts';
import { cancelRun } from '../runs/cancel.ts';

const listening = `SELECT pid FROM pg_stat_activity
  WHERE datname = current_database() AND query = 'LISTEN signalbox_cancelled'`;

test('a cancel from another process stops the call in flight at once, also after a lost connection', async () => {
  await using database = await createTestDatabase({ max: 8 });
  const { db } = database;
  const began: (() => void)[] = [];
  const aborted: (() => void)[] = [];
  const tools = [
    functionTool('slow', async (_, { signal }) => {
      began.shift()?.();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      aborted.shift()?.();
    }),
  ];
  const scripts = { test: { turns: [callTurn('slow')] } };
  // Without a sweep that could notice.
  const options = { sweepMs: 3_600_000 };
  await using one = await startTestEngine({ db, scripts, tools, options });
  await using other = await startTestEngine({ db, scripts, options });
  await one.start();
  const isListening = async () => (await db.query(listening)).length === 1;
  const { agentId } = await insertAgent(db);
  const hold = async () => {
    const [start, stop] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    began.push(start.resolve);
    aborted.push(stop.resolve);
    const id = await one.dispatch(agentId);
    await start.promise;
    await cancelRun(other.deps, { scope: 'all', id, by: 'another process' });
    await stop.promise;
    expect((await one.ended(id)).status).toBe('cancelled');
  };
  await eventually(isListening);
  await hold();
  await db.query(listening.replace('SELECT pid', 'SELECT pg_terminate_backend(pid)'));
  await eventually(async () => !(await isListening()));
  await eventually(isListening);
  await hold();
});
