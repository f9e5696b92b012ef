import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asks, helps, insertAgentPair, readersOf } from '../../test/support/agent-pair.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { functionTool, insertAgent, startTestEngine } from '../../test/support/engine.ts';
import { totalsOf } from '../core/run.ts';
import type { ScriptInput } from '../models/script.ts';
import { pauseAgentRow, resumeAgentRow } from '../store/pauses.ts';
import { dispatchRun } from './dispatch.ts';
import { forkRun } from './fork.ts';

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

describe('a refusal to the model', () => {
  test('names a circle, and what is disabled', async () => {
    const { db } = database;
    const { parentId, helperId, tool } = await insertAgentPair(db);
    const row = await db.query<{ number: number }>({
      text: 'SELECT number FROM agents WHERE id = $1',
      values: [parentId],
    });
    // The helper may ask the one that asks it.
    await db.execute({
      text: `UPDATE agent_versions SET definition = replace(definition, '"tools":null', $2) WHERE agent_id = $1`,
      values: [helperId, `"tools":["agent:${parentId}"]`],
    });
    const back = `agent_${row[0]?.number}_tester`;
    const scripts = { parent: asks([tool]), helper: asks([back]) };
    await using engine = await startTestEngine({ db, scripts });
    await engine.start();
    const id = await engine.dispatch(parentId);
    expect((await engine.ended(id)).status).toBe('completed');
    const [child] = await childrenOf(id);
    const [call] = await traceOf(child?.id ?? '');
    expect(call).toMatchObject({ name: back, status: 'failed', child_run_id: null });
    expect(call?.error).toContain('agent_loop');
    expect(await childrenOf(child?.id ?? '')).toEqual([]);

    await db.execute({
      text: 'UPDATE agents SET enabled = false WHERE id = $1',
      values: [helperId],
    });
    const again = await engine.dispatch(parentId);
    expect((await engine.ended(again)).status).toBe('completed');
    expect((await traceOf(again))[0]?.error).toContain('agent_disabled');
  });

  test('names the depth, five below the first', async () => {
    const { db } = database;
    const scripts: Record<string, ScriptInput> = { bottom: helps };
    let below = await insertAgent(db, { name: 'Helper', model: 'scripted/bottom' });
    const { workspaceId } = below;
    for (let level = 6; level >= 1; level--) {
      const rows = await db.query<{ number: number }>({
        text: 'SELECT number FROM agents WHERE id = $1',
        values: [below.agentId],
      });
      scripts[`level${level}`] = asks([`agent_${rows[0]?.number}_helper`]);
      const tools = [`agent:${below.agentId}`];
      const definition = { name: 'Helper', model: `scripted/level${level}`, tools };
      below = await insertAgent(db, definition, workspaceId);
    }
    await using engine = await startTestEngine({ db, scripts });
    await engine.start();
    const id = await engine.dispatch(below.agentId);
    expect((await engine.ended(id)).status).toBe('completed');
    let deepest = id;
    let depth = 0;
    for (;;) {
      const [child] = await childrenOf(deepest);
      if (child === undefined) break;
      deepest = child.id;
      depth += 1;
    }
    expect(depth).toBe(5);
    expect((await traceOf(deepest))[0]?.error).toContain('agent_depth');
    expect(totalsOf(await runOf(id)).costUsd).toBe(36);
  });

  test('names an unknown price under a cap on money', async () => {
    const { db } = database;
    const { parentId, tool } = await insertAgentPair(db, {
      parent: {
        limits: { max_steps: null, max_tokens: null, max_cost_usd: 100, timeout_ms: null },
      },
    });
    const scripts = { parent: asks([tool]), helper: { turns: helps.turns } };
    await using engine = await startTestEngine({ db, scripts });
    await engine.start();
    const id = await engine.dispatch(parentId);
    expect((await engine.ended(id)).status).toBe('completed');
    expect((await traceOf(id))[0]?.error).toContain('agent_without_price');
    // Without a cap it may be asked, and the total is unknown.
    const free = await insertAgentPair(db);
    await using other = await startTestEngine({
      db,
      scripts: { ...scripts, parent: asks([free.tool]) },
    });
    await other.start();
    const run = await other.ended(await other.dispatch(free.parentId));
    expect(totalsOf(run)).toEqual({ inputTokens: 6, outputTokens: 3, costUsd: null });
    expect(run.costUsd).toBe(6);
  });
});

describe('what people do with such runs', () => {
  test('a fork takes over what the other answered, and asks again only from there on', async () => {
    const { db } = database;
    const { parentId, tool } = await insertAgentPair(db);
    const scripts = { parent: asks([tool]), helper: helps };
    await using engine = await startTestEngine({ db, scripts });
    await engine.start();
    const id = await engine.dispatch(parentId);
    await engine.ended(id);
    const [child] = await childrenOf(id);
    const fork = async (fromStep: string) => {
      const result = await forkRun(engine.deps, {
        scope: 'all',
        id,
        fromStep,
        instructions: null,
        model: null,
        payloadJson: null,
        toolResults: new Map(),
        traceparent: null,
        idempotency: null,
      });
      if (result.kind !== 'dispatched') throw new Error(result.kind);
      expect((await engine.ended(result.id)).status).toBe('completed');
      return result.id;
    };
    const after = await fork('4');
    expect(await childrenOf(after)).toEqual([]);
    expect(await traceOf(after)).toMatchObject([{ child_run_id: child?.id, copied: true }]);
    const at = await fork('2');
    const [anew] = await childrenOf(at);
    expect(anew?.id).not.toBe(child?.id);
    expect(await traceOf(at)).toMatchObject([{ child_run_id: anew?.id, copied: false }]);
    expect(await childrenOf(id)).toHaveLength(1);
  });

  test('a dry run asks for dry runs', async () => {
    const { db } = database;
    const { parentId, tool } = await insertAgentPair(db);
    let calls = 0;
    const tools = [functionTool('pay', async () => ++calls)];
    const scripts = { parent: asks([tool]), helper: asks(['pay']) };
    await using engine = await startTestEngine({ db, scripts, tools });
    await engine.start();
    const agent = await engine.agent(parentId);
    const result = await dispatchRun(engine.deps, {
      agent,
      trigger: null,
      source: 'manual',
      payloadJson: '{}',
      entityId: null,
      additionalInstructions: null,
      traceparent: null,
      dryRun: true,
      idempotency: null,
    });
    if (result.kind !== 'dispatched') throw new Error(result.kind);
    expect((await engine.ended(result.id)).status).toBe('completed');
    const [child] = await childrenOf(result.id);
    expect(child).toMatchObject({ dryRun: true, status: 'completed' });
    expect((await traceOf(child?.id ?? '')).map((item) => item.status)).toEqual(['planned']);
    expect(calls).toBe(0);
  });

  test('a paused agent is asked once it is resumed', async () => {
    const { db } = database;
    const { parentId, helperId, tool } = await insertAgentPair(db);
    await pauseAgentRow(db, 'all', helperId);
    const scripts = { parent: asks([tool]), helper: helps };
    await using engine = await startTestEngine({ db, scripts });
    await engine.start();
    const id = await engine.dispatch(parentId);
    await waits(id);
    expect((await childrenOf(id))[0]).toMatchObject({ status: 'accepted', wakeAt: null });
    await resumeAgentRow(db, 'all', helperId);
    expect((await engine.ended(id)).status).toBe('completed');
  });
});
