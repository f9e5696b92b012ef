import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { insertAgentPair, readersOf } from '../../test/support/agent-pair.ts';
import { approvalsIn, decider, settings, withAgent } from '../../test/support/approvals.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { insertAgent, mortalDatabase, startTestEngine } from '../../test/support/engine.ts';
import { eventually } from '../../test/support/engine-process.ts';
import { callTurn, finishTurn } from '../../test/support/turns.ts';
import { readJournal } from '../store/journal.ts';
import { cancelRun } from './cancel.ts';
import { decideApproval, requireApproval } from './decide-approval.ts';
import { dispatchRun } from './dispatch.ts';
import { forkRun } from './fork.ts';
import { stepsOf } from './steps.ts';

let database: TestDatabase;
let approvals: ReturnType<typeof approvalsIn>;
beforeAll(async () => {
  database = await createTestDatabase();
  approvals = approvalsIn(database.db);
});
afterAll(() => database[Symbol.asyncDispose]());

describe('a call of a tool that needs approval', () => {
  test('waits as a row, beside calls that need none, and is made once it is approved', async () => {
    await using one = await withAgent(database.db, {
      turns: [callTurn('pay', 'look'), finishTurn()],
    });
    const id = await one.engine.dispatch(one.agentId);
    const [approval] = await approvals.pending(id);
    expect(one.called).toEqual(['look look']);
    expect(approval).toMatchObject({
      kind: 'tool_call',
      toolName: 'pay',
      proposalJson: '{"of":"pay"}',
      approvers: [],
      agent: { id: one.agentId },
      run: { id },
    });
    await eventually(async () => one.engine.engine.size === 0);
    const decided = await approvals.decide(approval?.id, 'approve', 'Once.');
    expect(decided).toMatchObject({ status: 'approved', note: 'Once.' });
    expect((await one.engine.ended(id)).status).toBe('completed');
    expect(one.called).toEqual(['look look', 'pay pay']);
    expect(await approvals.stepsIn(id)).toEqual([
      'model scripted/test done',
      'approval pay done',
      'tool look done',
      'tool pay done',
      'model scripted/test done',
    ]);
  });

  test('goes on in another process after the one that asked was killed', async () => {
    const first = mortalDatabase(database.db);
    const dead = await withAgent(database.db, { db: first.db, processName: 'the same' });
    const id = await dead.engine.dispatch(dead.agentId);
    const [approval] = await approvals.pending(id);
    await first.kill();
    await approvals.decide(approval?.id, 'approve');
    await using next = await withAgent(database.db, { processName: 'the same' });
    expect((await next.engine.ended(id)).status).toBe('completed');
    expect([dead.called, next.called]).toEqual([[], ['pay pay']]);
  });

  test('is not made when it is rejected or sent back, and the model is told why', async () => {
    for (const [action, words] of [
      ['reject', 'A person rejected this. They say: Too much.'],
      ['ask_for_changes', 'asks for changes. They say: Too much.'],
    ] as const) {
      await using one = await withAgent(database.db);
      const id = await one.engine.dispatch(one.agentId);
      await approvals.decide((await approvals.pending(id))[0]?.id, action, 'Too much.');
      expect((await one.engine.ended(id)).status).toBe('completed');
      expect(one.called).toEqual([]);
      expect(one.lastSaid()).toContain(words);
      expect((await approvals.stepsIn(id)).at(-2)).toBe('tool pay failed');
    }
  });

  test('needs it in this agent alone where the agent says so', async () => {
    const definition = { approvals: settings({ tools: ['look'] }) };
    await using one = await withAgent(database.db, {
      definition,
      turns: [callTurn('look'), finishTurn()],
    });
    const id = await one.engine.dispatch(one.agentId);
    await approvals.decide((await approvals.pending(id))[0]?.id, 'approve');
    expect((await one.engine.ended(id)).status).toBe('completed');
    expect(one.called).toEqual(['look look']);
  });

  test('is a run of another agent only once it is approved', async () => {
    const { db } = database;
    const helper = await insertAgentPair(db);
    const tools = [`agent:${helper.helperId}`];
    const asking = {
      answer: {
        text: 'asking',
        tool_calls: [{ name: helper.tool, arguments: { message: 'Help.' } }],
      },
    };
    const { agentId } = await insertAgent(
      db,
      { model: 'scripted/parent', tools, approvals: settings({ tools }) },
      helper.workspaceId,
    );
    await using engine = await startTestEngine({
      db,
      scripts: {
        parent: { turns: [asking, finishTurn()] },
        helper: { turns: [finishTurn({ response: 'Helped.' })] },
      },
    });
    await engine.start();
    const id = await engine.dispatch(agentId);
    const [approval] = await approvals.pending(id);
    const { childrenOf } = readersOf(db);
    expect(await childrenOf(id)).toEqual([]);
    await approvals.decide(approval?.id, 'approve');
    expect((await engine.ended(id)).status).toBe('completed');
    expect(await childrenOf(id)).toMatchObject([{ status: 'completed' }]);
  });

  test('lets only its approvers and the admin decide', async () => {
    const definition = { approvals: settings({ approvers: [decider.id] }) };
    await using one = await withAgent(database.db, { definition });
    const id = await one.engine.dispatch(one.agentId);
    const [approval] = await approvals.pending(id);
    const other = { id: 'tk000000000000000000000000000000', name: 'Other', isAdmin: false };
    const of = { scope: 'all', id: approval?.id ?? '' } as const;
    const decision = { action: 'approve', note: null, by: other } as const;
    await expect(decideApproval(database.db, of, decision)).rejects.toMatchObject({
      problem: 'forbidden',
    });
    const admin = { ...decision, by: { ...other, isAdmin: true } };
    expect((await decideApproval(database.db, of, admin)).status).toBe('approved');
    expect((await one.engine.ended(id)).status).toBe('completed');
  });

  test('counts exactly one of many decisions at once', async () => {
    await using one = await withAgent(database.db);
    const id = await one.engine.dispatch(one.agentId);
    const [approval] = await approvals.pending(id);
    const tries = await Promise.allSettled(
      Array.from({ length: 12 }, (_, n) =>
        approvals.decide(approval?.id, n % 2 ? 'approve' : 'reject', `${n}`),
      ),
    );
    const won = tries.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    expect(won).toHaveLength(1);
    for (const each of tries) {
      if (each.status === 'rejected') expect(each.reason.problem).toBe('already_decided');
    }
    await one.engine.ended(id);
    expect(one.called).toHaveLength(won[0]?.status === 'approved' ? 1 : 0);
    expect(await requireApproval(database.db, 'all', approval?.id ?? '')).toEqual(won[0]);
  });

  test('is asked of nobody any more when its run is cancelled', async () => {
    await using one = await withAgent(database.db, {
      turns: [callTurn('pay', 'pay'), finishTurn()],
    });
    const id = await one.engine.dispatch(one.agentId);
    const [first, second] = await approvals.pending(id, 2);
    // Both may win the row, never both the run.
    const [decision, cancel] = await Promise.allSettled([
      approvals.decide(first?.id, 'approve'),
      cancelRun(one.engine.deps, { scope: 'all', id, by: 'a test' }),
    ]);
    expect(cancel.status).toBe('fulfilled');
    expect(['fulfilled', 'rejected']).toContain(decision.status);
    expect(await requireApproval(database.db, 'all', second?.id ?? '')).toMatchObject({
      status: 'cancelled',
    });
    await expect(approvals.decide(second?.id, 'approve')).rejects.toMatchObject({
      problem: 'conflict',
    });
    // The call that was approved may have begun before the cancel came.
    expect(one.called.length).toBeLessThanOrEqual(decision.status === 'fulfilled' ? 1 : 0);
    expect((await approvals.stepsIn(id)).filter((step) => step.endsWith('running'))).toEqual([]);
  });

  test('is written down and asked of nobody in a dry run', async () => {
    const definition = { approvals: settings({ run: 'start', tools: ['look'] }) };
    await using one = await withAgent(database.db, {
      definition,
      turns: [callTurn('pay', 'look'), finishTurn()],
    });
    const { engine } = one;
    const agent = await engine.agent(one.agentId);
    const result = await dispatchRun(engine.deps, {
      agent,
      trigger: null,
      source: 'manual',
      payloadJson: '{}',
      entityId: null,
      additionalInstructions: null,
      traceparent: null,
      idempotency: null,
      dryRun: true,
    });
    if (result.kind !== 'dispatched') throw new Error(result.kind);
    await engine.ended(result.id);
    expect(await approvals.of(result.id)).toEqual([]);
    expect(await approvals.stepsIn(result.id)).toContain('tool look planned');
    expect(one.called).toEqual([]);
  });

  test('is asked for again by a fork that makes it again, and not by one that goes on after it', async () => {
    await using one = await withAgent(database.db);
    const { engine } = one;
    const id = await engine.dispatch(one.agentId);
    await approvals.decide((await approvals.pending(id))[0]?.id, 'approve');
    await engine.ended(id);
    const steps = stepsOf(id, await readJournal(database.db, id));
    const fork = async (from: number) => {
      const result = await forkRun(engine.deps, {
        scope: 'all',
        id,
        fromStep: steps[from]?.stepId ?? '',
        instructions: null,
        model: null,
        payloadJson: null,
        toolResults: new Map(),
        traceparent: null,
        idempotency: null,
      });
      if (result.kind !== 'dispatched') throw new Error(result.kind);
      return result.id;
    };
    const approvalStep = 1;
    const callStep = 2;
    for (const from of [approvalStep, callStep]) {
      const again = await fork(from);
      const [approval] = await approvals.pending(again);
      expect(approval).toMatchObject({ kind: 'tool_call', toolName: 'pay' });
      await approvals.decide(approval?.id, 'reject');
      expect((await engine.ended(again)).status).toBe('completed');
    }
    const after = await fork(3);
    expect((await engine.ended(after)).status).toBe('completed');
    expect(await approvals.of(after)).toEqual([]);
    expect(one.called).toEqual(['pay pay']);
  });

  test('does not use up the time limit of its run', async () => {
    const limits = { max_steps: null, max_tokens: null, max_cost_usd: null, timeout_ms: 60_000 };
    await using one = await withAgent(database.db, { definition: { limits } });
    const id = await one.engine.dispatch(one.agentId);
    const [approval] = await approvals.pending(id);
    // As if it had waited for an hour.
    for (const [table, columns] of [
      ['runs', ['created_at', 'started_at']],
      ['journal', ['created_at']],
    ] as const) {
      const set = columns.map((column) => `${column} = ${column} - interval '1 hour'`).join(', ');
      const key = table === 'runs' ? 'id' : 'run_id';
      await database.db.execute({
        text: `UPDATE ${table} SET ${set} WHERE ${key} = $1`,
        values: [id],
      });
    }
    await approvals.decide(approval?.id, 'approve');
    expect((await one.engine.ended(id)).status).toBe('completed');
  });
});
