import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { newId } from '../../src/core/ids.ts';
import type { Run } from '../../src/core/run.ts';
import { createModelClient } from '../../src/models/client.ts';
import { cancelRun } from '../../src/runs/cancel.ts';
import { forkRun } from '../../src/runs/fork.ts';
import { stepsOf } from '../../src/runs/steps.ts';
import { readJournal } from '../../src/store/journal.ts';
import { createRunCreator } from '../../src/store/run-creator.ts';
import { getRun } from '../../src/store/runs.ts';
import { insertAgentPair } from '../support/agent-pair.ts';
import { approvalsIn } from '../support/approvals.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { insertAgent } from '../support/engine.ts';
import {
  createLedger,
  eventually,
  queueRuns,
  startEngineProcess,
} from '../support/engine-process.ts';
import { needsTemporal } from '../support/temporal-server.ts';
import { finishTurn } from '../support/turns.ts';

// What both engines promise, asked of real processes on a real database, and of a real Temporal server. The
// tools of these processes write every call into a ledger.

describe.each([
  { engine: 'local' as const, needs: {} },
  { engine: 'temporal' as const, needs: needsTemporal },
])('the engine $engine', ({ engine, needs }) => {
  describe('keeps what runs rely on', needs, () => {
    let database: TestDatabase;
    let agent: { readonly workspaceId: string; readonly agentId: string };
    let env: Record<string, string> = {};
    beforeEach(async () => {
      database = await createTestDatabase();
      await createLedger(database.db);
      agent = await insertAgent(database.db);
      const taskQueue = newId('process');
      env =
        engine === 'local'
          ? {}
          : { TEMPORAL_ADDRESS: inject('temporal'), SIGNALBOX_TEMPORAL_TASK_QUEUE: taskQueue };
    });
    afterEach(() => database[Symbol.asyncDispose]());

    const start = (name: string, how?: 'patient') =>
      startEngineProcess({ url: database.url, name, env, ...(how && { how }) });
    const queue = (n: number, model: string, of = agent) =>
      queueRuns(database.db, { agent: of, n, model: `scripted/${model}`, engine });
    const runOf = async (id: string): Promise<Run> => {
      const run = await getRun(database.db, 'all', id);
      if (run === null) throw new Error(`no run ${id}`);
      return run;
    };
    const count = async (where: string): Promise<number> => {
      const rows = await database.db.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM ${where}`,
      );
      return rows[0]?.n ?? 0;
    };
    const allEnded = () =>
      eventually(
        async () =>
          (await count(`runs WHERE status NOT IN ('completed', 'failed', 'cancelled')`)) === 0,
        60_000,
      );
    const calls = async (tool: string) =>
      await database.db.query<{ key: string; pid: number }>({
        text: 'SELECT key, pid FROM ledger WHERE tool = $1',
        values: [tool],
      });

    test('two processes share what there is, and call every tool once', async () => {
      await using _one = await start('one', 'patient');
      await using _two = await start('two', 'patient');
      const ids = await queue(30, 'note');
      await allEnded();
      const notes = await calls('note');
      expect(notes).toHaveLength(30);
      expect(new Set(notes.map(({ key }) => key)).size).toBe(30);
      const runs = await Promise.all(ids.map(runOf));
      expect(runs.map(({ status }) => status)).toEqual(ids.map(() => 'completed'));
      expect(runs.every((run) => (run.engineRunId !== null) === (engine === 'temporal'))).toBe(
        true,
      );
      expect(runs.every((run) => run.engine === engine && run.owner === null)).toBe(true);
    }, 90_000);

    test('the other goes on with the runs of one that is killed, and repeats no call', async () => {
      await using one = await start('one');
      const ids = await queue(5, 'hold');
      await eventually(async () => (await count('ledger')) === 5);
      await using _two = await start('two');
      one.signal('SIGKILL');
      await allEnded();
      expect(await calls('hold')).toHaveLength(5);
      for (const id of ids) {
        expect(await runOf(id)).toMatchObject({ status: 'completed' });
        const steps = stepsOf(id, await readJournal(database.db, id));
        expect(steps.map(({ status }) => status)).toEqual(['done', 'interrupted', 'done']);
      }
    }, 90_000);

    test('one that is stopped in order leaves its runs to the other, without a crash', async () => {
      await using one = await start('one', 'patient');
      const [id = ''] = await queue(1, 'hold');
      await eventually(async () => (await count('ledger')) === 1);
      await using _two = await start('two', 'patient');
      one.signal('SIGTERM');
      await one.exited;
      await allEnded();
      expect(await runOf(id)).toMatchObject({ status: 'completed' });
      expect(await calls('hold')).toHaveLength(1);
    }, 90_000);

    test('a call that needs a person waits as a row, and is made once when they agree', async () => {
      const approvals = approvalsIn(database.db);
      await using _one = await start('one');
      const [id = ''] = await queue(1, 'pay');
      const [approval] = await approvals.pending(id);
      await eventually(async () => (await runOf(id)).owner === null);
      expect(await calls('pay')).toEqual([]);
      await approvals.decide(approval?.id, 'approve');
      await allEnded();
      expect(await runOf(id)).toMatchObject({ status: 'completed' });
      expect(await calls('pay')).toHaveLength(1);
    }, 90_000);

    test('a run goes on when those that it asked for have ended', async () => {
      const pair = await insertAgentPair(database.db, { helper: { model: 'scripted/note' } });
      await using _one = await start('one');
      const of = { workspaceId: pair.workspaceId, agentId: pair.parentId };
      const [id = ''] = await queue(1, 'ask', of);
      await allEnded();
      expect(await runOf(id)).toMatchObject({ status: 'completed' });
      expect(await count(`runs WHERE parent_run_id = '${id}' AND engine = '${engine}'`)).toBe(2);
      expect(await calls('note')).toHaveLength(2);
    }, 90_000);

    test('a fork goes on under the engine that new runs go to', async () => {
      const { db } = database;
      await using _one = await start('one');
      const [id = ''] = await queue(1, 'note');
      await allEnded();
      const dispatching = {
        ...{
          db,
          models: createModelClient({ scripts: { note: { turns: [finishTurn()] } } }),
          defaultModel: null,
        },
        creator: createRunCreator(db),
        engine: { name: engine, ownerForNewRun: () => null, notCreated() {}, wake() {} },
      };
      const forked = await forkRun(dispatching, {
        ...{ scope: 'all', id, fromStep: '1', instructions: null, model: null, payloadJson: null },
        ...{ toolResults: new Map(), traceparent: null, idempotency: null },
      });
      if (forked.kind !== 'dispatched') throw new Error(forked.kind);
      await allEnded();
      expect(await runOf(forked.id)).toMatchObject({ status: 'completed', engine });
      expect(await calls('note')).toHaveLength(2);
    }, 90_000);

    test('a cancel stops the call in flight', async () => {
      await using _one = await start('one');
      const [id = ''] = await queue(1, 'late');
      await eventually(async () => (await runOf(id)).owner !== null);
      const stop = () => undefined;
      await cancelRun({ db: database.db, engine: { stop } }, { scope: 'all', id, by: 'a test' });
      expect(await runOf(id)).toMatchObject({ status: 'cancelled', owner: null });
    }, 90_000);
  });
});
