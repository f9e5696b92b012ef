import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  asks,
  helps,
  insertAgentPair,
  never,
  price,
  priced,
  readersOf,
} from '../../test/support/agent-pair.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { functionTool, startTestEngine } from '../../test/support/engine.ts';
import { eventually } from '../../test/support/engine-process.ts';
import { callTurn, finishTurn } from '../../test/support/turns.ts';
import { stepId } from '../core/journal.ts';
import { totalsOf } from '../core/run.ts';
import { spanIdOf } from '../core/trace-context.ts';
import type { ScriptInput } from '../models/script.ts';
import { listOpenChildren } from '../store/child-runs.ts';
import { readJournal } from '../store/journal.ts';
import { cancelOrphans, cancelRun } from './cancel.ts';

let database: TestDatabase;
let readers: ReturnType<typeof readersOf>;
beforeAll(async () => {
  database = await createTestDatabase();
  readers = readersOf(database.db);
});
afterAll(() => database[Symbol.asyncDispose]());

const childrenOf = (id: string) => readers.childrenOf(id);
const traceOf = (id: string) => readers.traceOf(id);
const runOf = (id: string) => readers.runOf(id);
const waits = (id: string) => readers.waits(id);

describe('an agent that asks another', () => {
  test('gets its answer from a run of its own, linked both ways, whose cost is counted', async () => {
    const { db } = database;
    const { parentId, helperId, tool, workspaceId } = await insertAgentPair(db);
    const scripts = { parent: asks([tool, tool]), helper: helps };
    await using engine = await startTestEngine({ db, scripts });
    await engine.start();
    const id = await engine.dispatch(parentId, '{"session_id":"s-1"}');
    const run = await engine.ended(id);
    const children = await childrenOf(id);
    expect(children).toHaveLength(2);
    const entry = (await readJournal(db, id)).find(
      ({ type, data }) => type === 'tool' && 'child' in data && data.child?.id === children[0]?.id,
    );
    expect(children[0]).toMatchObject({
      status: 'completed',
      agentId: helperId,
      workspaceId,
      ancestry: [parentId],
      // Below the call that asked for it.
      traceId: `${run.traceId}-${spanIdOf(stepId(run.id, entry?.step ?? 0))}`,
      sessionId: 's-1',
      payloadJson: '{"message":"Help me."}',
    });
    const trace = await traceOf(id);
    expect(trace.map((item) => item.child_run_id).sort()).toEqual(children.map((each) => each.id));
    const first = children.find((child) => child.id === trace[0]?.child_run_id);
    expect(JSON.parse(JSON.stringify(trace[0]?.output))).toEqual({
      message: 'Done.',
      rawData: {
        run_id: first?.runId,
        disposition: 'resolved',
        disposition_reason: null,
        output: { n: 7 },
      },
    });
    expect(run).toMatchObject({ status: 'completed', costUsd: 6 });
    expect(totalsOf(run)).toEqual({ inputTokens: 8, outputTokens: 4, costUsd: 12 });
  });

  test('waits as a row, and holds no place that a limit counts', async () => {
    const { db } = database;
    const { parentId, tool, workspaceId } = await insertAgentPair(db, {
      parent: { concurrency: 1 },
      helper: { concurrency: 1 },
    });
    await db.execute({
      text: 'UPDATE workspaces SET max_running = 1 WHERE id = $1',
      values: [workspaceId],
    });
    const scripts = { parent: asks([tool, tool], [tool]), helper: helps };
    await using engine = await startTestEngine({ db, scripts, maxRuns: 1 });
    await engine.start();
    const ids = [await engine.dispatch(parentId), await engine.dispatch(parentId)];
    for (const id of ids) {
      expect((await engine.ended(id)).status).toBe('completed');
      expect(await childrenOf(id)).toHaveLength(3);
    }
  });

  test('runs its other tools beside it', async () => {
    const { db } = database;
    const { parentId, tool } = await insertAgentPair(db);
    let calls = 0;
    const tools = [functionTool('count', async () => ++calls)];
    const scripts = { parent: asks([tool, 'count']), helper: helps };
    await using engine = await startTestEngine({ db, scripts, tools });
    await engine.start();
    const id = await engine.dispatch(parentId);
    expect((await engine.ended(id)).status).toBe('completed');
    expect(calls).toBe(1);
    expect((await traceOf(id)).map((item) => item.status)).toEqual(['done', 'done']);
  });

  test('is told when the other fails, reaches a cap, or is cancelled', async () => {
    const { db } = database;
    const scripts: Record<string, ScriptInput> = {
      helper: { turns: [{ answer: { error: { kind: 'bad_request', message: 'No.' } } }] },
      never,
      long: { turns: [priced(callTurn('nothing')), priced(finishTurn())], price },
    };
    const failing = await insertAgentPair(db);
    const capped = await insertAgentPair(db, {
      helper: {
        model: 'scripted/long',
        limits: { max_steps: null, max_tokens: 3, max_cost_usd: null, timeout_ms: null },
      },
    });
    const hanging = await insertAgentPair(db, { helper: { model: 'scripted/never' } });
    const how: { pair: typeof failing; error: string }[] = [
      { pair: failing, error: 'failed (failed): scripted/helper' },
      { pair: capped, error: 'failed (max_tokens)' },
      { pair: hanging, error: 'was cancelled: Cancelled by a test.' },
    ];
    for (const { pair, error } of how) {
      scripts.parent = asks([pair.tool]);
      await using engine = await startTestEngine({ db, scripts });
      await engine.start();
      const id = await engine.dispatch(pair.parentId);
      if (pair === hanging) {
        await waits(id);
        const [child] = await childrenOf(id);
        await cancelRun(engine.deps, { scope: 'all', id: child?.id ?? '', by: 'a test' });
      }
      expect((await engine.ended(id)).status).toBe('completed');
      const [call] = await traceOf(id);
      expect(call?.status).toBe('failed');
      expect(call?.error).toContain(error);
    }
  });

  test('ends what it asked for with itself, down to the last, and what that used is counted', async () => {
    const { db } = database;
    const inner = await insertAgentPair(db, {
      parent: { name: 'Middle', model: 'scripted/middle' },
      helper: { model: 'scripted/never' },
    });
    const outer = await insertAgentPair(db, {
      helper: { model: 'scripted/middle', tools: [`agent:${inner.helperId}`] },
      workspaceId: inner.workspaceId,
    });
    const scripts = { parent: asks([outer.tool]), middle: asks([inner.tool]), never };
    await using engine = await startTestEngine({ db, scripts });
    await engine.start();
    const id = await engine.dispatch(outer.parentId);
    let lowest = '';
    await eventually(async () => {
      const [child] = await childrenOf(id);
      const [grandchild] = child === undefined ? [] : await childrenOf(child.id);
      lowest = grandchild?.id ?? '';
      return grandchild?.status === 'running';
    });
    await waits(id);
    await cancelRun(engine.deps, { scope: 'all', id, by: 'a test' });
    const grandchild = await runOf(lowest);
    expect(grandchild.status).toBe('cancelled');
    expect(grandchild.ancestry).toHaveLength(2);
    const child = await runOf(grandchild.parentRunId ?? '');
    expect(child.status).toBe('cancelled');
    expect(await listOpenChildren(db, [id, child.id])).toEqual([]);
    await eventually(() => engine.engine.size === 0);
    // The first run paid 3, the one it asked 3.
    expect(totalsOf(await runOf(id)).costUsd).toBe(6);
  });

  test('leaves nothing running that a process which died in between did not end', async () => {
    const { db } = database;
    const { parentId, tool } = await insertAgentPair(db, { helper: { model: 'scripted/never' } });
    await using engine = await startTestEngine({
      db,
      scripts: { parent: asks([tool]), never },
    });
    await engine.start();
    const id = await engine.dispatch(parentId);
    await waits(id);
    await db.execute({
      text: `UPDATE runs SET status = 'failed', wake_at = NULL, completed_at = now() WHERE id = $1`,
      values: [id],
    });
    expect(await cancelOrphans(db)).toBe(1);
    expect(await cancelOrphans(db)).toBe(0);
    expect((await childrenOf(id)).map((child) => child.status)).toEqual(['cancelled']);
  });

  test('ends with them when its time is over', async () => {
    const { db } = database;
    const { parentId, tool } = await insertAgentPair(db, {
      parent: {
        limits: { max_steps: null, max_tokens: null, max_cost_usd: null, timeout_ms: 1_000 },
      },
      helper: { model: 'scripted/never' },
    });
    await using engine = await startTestEngine({ db, scripts: { parent: asks([tool]), never } });
    await engine.start();
    const id = await engine.dispatch(parentId);
    expect(await engine.ended(id)).toMatchObject({ status: 'failed', stopReason: 'timeout' });
    await eventually(async () => (await listOpenChildren(db, [id])).length === 0);
    expect((await traceOf(id)).map((item) => item.status)).toEqual(['failed']);
  });

  test('shares what it has left with those it asks at once', async () => {
    const { db } = database;
    const { parentId, tool } = await insertAgentPair(db, {
      parent: {
        limits: { max_steps: null, max_tokens: 23, max_cost_usd: 13, timeout_ms: null },
      },
    });
    const scripts = { parent: asks([tool, tool], [tool]), helper: helps };
    await using engine = await startTestEngine({ db, scripts });
    await engine.start();
    const id = await engine.dispatch(parentId);
    // 3 for the question, 2 × 3 for the answers, 3 for the next, 3 for its answer: more than 13.
    expect(await engine.ended(id)).toMatchObject({ status: 'failed', stopReason: 'max_cost' });
    expect((await childrenOf(id)).map((child) => child.budget)).toMatchObject([
      { maxTokens: 10, maxCostUsd: 5 },
      { maxTokens: 10, maxCostUsd: 5 },
      { maxTokens: 11, maxCostUsd: 1 },
    ]);
  });
});
