import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { insertAgentPair, readersOf } from '../../test/support/agent-pair.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import {
  functionTool,
  insertAgent,
  mortalDatabase,
  startTestEngine,
} from '../../test/support/engine.ts';
import { eventually } from '../../test/support/engine-process.ts';
import { callTurn, finishTurn } from '../../test/support/turns.ts';
import type { AgentDefinition } from '../core/agent.ts';
import { type ApprovalSettings, defaultApprovals } from '../core/approval.ts';
import type { ModelMessage } from '../core/model.ts';
import { createModelClient } from '../models/client.ts';
import type { ScriptInput } from '../models/script.ts';
import { listApprovals } from '../store/approval-lists.ts';
import { readJournal } from '../store/journal.ts';
import { requestApprovalTool } from '../tools/request-approval.ts';
import { cancelRun } from './cancel.ts';
import { type Decision, decideApproval, requireApproval } from './decide-approval.ts';
import { dispatchRun } from './dispatch.ts';
import { approvalExpiry } from './expire-approvals.ts';
import { forkRun } from './fork.ts';
import { stepsOf } from './steps.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const by = { tokenId: 'tk00000000000000000000000000boss', isAdmin: false };
const settings = (more: Partial<ApprovalSettings>) => ({ ...defaultApprovals, ...more });

/** A process with an agent that pays out, which needs approval, and looks things up, which does not. */
async function withAgent(
  given: {
    readonly definition?: Partial<AgentDefinition>;
    readonly turns?: ScriptInput['turns'];
    readonly db?: TestDatabase['db'];
    readonly processName?: string;
  } = {},
) {
  const db = given.db ?? database.db;
  const called: string[] = [];
  const asked: (readonly ModelMessage[])[] = [];
  const tool = (name: string) =>
    functionTool(name, async ({ of }) => {
      called.push(`${name} ${of}`);
      return 'ok';
    });
  const client = createModelClient({
    scripts: { test: { turns: given.turns ?? [callTurn('pay'), finishTurn()] } },
  });
  const models = {
    ...client,
    call: (request: Parameters<typeof client.call>[0]) => {
      asked.push(request.messages);
      return client.call(request);
    },
  };
  const engine = await startTestEngine({
    db,
    models,
    tools: [{ ...tool('pay'), requiresApproval: true }, tool('look'), requestApprovalTool],
    ...(given.processName === undefined ? {} : { processName: given.processName }),
  });
  await engine.start();
  const { agentId, workspaceId } = await insertAgent(database.db, given.definition ?? {});
  return {
    engine,
    agentId,
    workspaceId,
    called,
    /** The last of what the model was shown. */
    lastSaid: () => asked.at(-1)?.at(-1)?.text ?? '',
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}

async function pendingOf(runId: string, count = 1) {
  let found: Awaited<ReturnType<typeof approvalsOf>> = [];
  await eventually(async () => {
    found = (await approvalsOf(runId)).filter(({ status }) => status === 'pending');
    return found.length === count;
  });
  await readersOf(database.db).waits(runId);
  return found;
}

async function approvalsOf(runId: string) {
  const page = await listApprovals(
    database.db,
    { scope: 'all', runId },
    { limit: 50, after: null },
  );
  return page.items.toReversed();
}

const decide = (id: string | undefined, action: Decision['action'], note: string | null = null) =>
  decideApproval(database.db, { scope: 'all', id: id ?? '' }, { action, note, by });

const stepsIn = async (id: string) =>
  stepsOf(id, await readJournal(database.db, id)).map(
    ({ type, name, status }) => `${type} ${name} ${status}`,
  );

describe('a call of a tool that needs approval', () => {
  test('waits as a row, beside calls that need none, and is made once it is approved', async () => {
    await using one = await withAgent({ turns: [callTurn('pay', 'look'), finishTurn()] });
    const id = await one.engine.dispatch(one.agentId);
    const [approval] = await pendingOf(id);
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
    const decided = await decide(approval?.id, 'approve', 'Once.');
    expect(decided).toMatchObject({ status: 'approved', note: 'Once.' });
    expect((await one.engine.ended(id)).status).toBe('completed');
    expect(one.called).toEqual(['look look', 'pay pay']);
    expect(await stepsIn(id)).toEqual([
      'model scripted/test done',
      'approval pay done',
      'tool look done',
      'tool pay done',
      'model scripted/test done',
    ]);
  });

  test('goes on in another process after the one that asked was killed', async () => {
    const first = mortalDatabase(database.db);
    const dead = await withAgent({ db: first.db, processName: 'the same' });
    const id = await dead.engine.dispatch(dead.agentId);
    const [approval] = await pendingOf(id);
    await first.kill();
    await decide(approval?.id, 'approve');
    await using next = await withAgent({ processName: 'the same' });
    expect((await next.engine.ended(id)).status).toBe('completed');
    expect([dead.called, next.called]).toEqual([[], ['pay pay']]);
  });

  test('is not made when it is rejected or sent back, and the model is told why', async () => {
    for (const [action, words] of [
      ['reject', 'A person rejected this. They say: Too much.'],
      ['ask_for_changes', 'asks for changes. They say: Too much.'],
    ] as const) {
      await using one = await withAgent();
      const id = await one.engine.dispatch(one.agentId);
      await decide((await pendingOf(id))[0]?.id, action, 'Too much.');
      expect((await one.engine.ended(id)).status).toBe('completed');
      expect(one.called).toEqual([]);
      expect(one.lastSaid()).toContain(words);
      expect((await stepsIn(id)).at(-2)).toBe('tool pay failed');
    }
  });

  test('needs it in this agent alone where the agent says so', async () => {
    const definition = { approvals: settings({ tools: ['look'] }) };
    await using one = await withAgent({ definition, turns: [callTurn('look'), finishTurn()] });
    const id = await one.engine.dispatch(one.agentId);
    await decide((await pendingOf(id))[0]?.id, 'approve');
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
    const [approval] = await pendingOf(id);
    const { childrenOf } = readersOf(db);
    expect(await childrenOf(id)).toEqual([]);
    await decide(approval?.id, 'approve');
    expect((await engine.ended(id)).status).toBe('completed');
    expect(await childrenOf(id)).toMatchObject([{ status: 'completed' }]);
  });

  test('lets only its approvers and the admin decide', async () => {
    const definition = { approvals: settings({ approvers: [by.tokenId] }) };
    await using one = await withAgent({ definition });
    const id = await one.engine.dispatch(one.agentId);
    const [approval] = await pendingOf(id);
    const other = { tokenId: 'tk000000000000000000000000000000', isAdmin: false };
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
    await using one = await withAgent();
    const id = await one.engine.dispatch(one.agentId);
    const [approval] = await pendingOf(id);
    const tries = await Promise.allSettled(
      Array.from({ length: 12 }, (_, n) =>
        decide(approval?.id, n % 2 ? 'approve' : 'reject', `${n}`),
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
    await using one = await withAgent({ turns: [callTurn('pay', 'pay'), finishTurn()] });
    const id = await one.engine.dispatch(one.agentId);
    const [first, second] = await pendingOf(id, 2);
    // Both may win the row, never both the run.
    const [decision, cancel] = await Promise.allSettled([
      decide(first?.id, 'approve'),
      cancelRun(one.engine.deps, { scope: 'all', id, by: 'a test' }),
    ]);
    expect(cancel.status).toBe('fulfilled');
    expect(['fulfilled', 'rejected']).toContain(decision.status);
    expect(await requireApproval(database.db, 'all', second?.id ?? '')).toMatchObject({
      status: 'cancelled',
    });
    await expect(decide(second?.id, 'approve')).rejects.toMatchObject({ problem: 'conflict' });
    expect(one.called).toEqual([]);
    expect((await stepsIn(id)).filter((step) => step.endsWith('running'))).toEqual([]);
  });

  test('is written down and asked of nobody in a dry run', async () => {
    const definition = { approvals: settings({ run: 'start', tools: ['look'] }) };
    await using one = await withAgent({
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
    expect(await approvalsOf(result.id)).toEqual([]);
    expect(await stepsIn(result.id)).toContain('tool look planned');
    expect(one.called).toEqual([]);
  });

  test('is asked for again by a fork that makes it again, and not by one that goes on after it', async () => {
    await using one = await withAgent();
    const { engine } = one;
    const id = await engine.dispatch(one.agentId);
    await decide((await pendingOf(id))[0]?.id, 'approve');
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
      const [approval] = await pendingOf(again);
      expect(approval).toMatchObject({ kind: 'tool_call', toolName: 'pay' });
      await decide(approval?.id, 'reject');
      expect((await engine.ended(again)).status).toBe('completed');
    }
    const after = await fork(3);
    expect((await engine.ended(after)).status).toBe('completed');
    expect(await approvalsOf(after)).toEqual([]);
    expect(one.called).toEqual(['pay pay']);
  });

  test('does not use up the time limit of its run', async () => {
    const limits = { max_steps: null, max_tokens: null, max_cost_usd: null, timeout_ms: 60_000 };
    await using one = await withAgent({ definition: { limits } });
    const id = await one.engine.dispatch(one.agentId);
    const [approval] = await pendingOf(id);
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
    await decide(approval?.id, 'approve');
    expect((await one.engine.ended(id)).status).toBe('completed');
  });
});

describe('an approval that nobody decides in time', () => {
  const expire = () => approvalExpiry(database.db).run();

  test('never approves: the call is not made, or the run fails, or is escalated', async () => {
    for (const [on_expiry, end, words] of [
      ['reject', { status: 'completed', disposition: 'resolved' }, 'Nobody approved this in time'],
      ['fail', { status: 'failed', error: expect.stringContaining('in time') }, ''],
      [
        'escalate',
        { status: 'completed', disposition: 'escalated', dispositionReason: 'approval_expired' },
        '',
      ],
    ] as const) {
      const approvals = settings({ on_expiry, expires_after_ms: 1 });
      await using one = await withAgent({
        definition: { approvals },
        turns: [callTurn('pay', 'pay'), finishTurn()],
      });
      const id = await one.engine.dispatch(one.agentId);
      const [approval] = await pendingOf(id, 2);
      await expect(decide(approval?.id, 'approve')).rejects.toMatchObject({
        problem: 'already_decided',
      });
      await Promise.all([expire(), expire()]);
      expect(await one.engine.ended(id)).toMatchObject(end);
      expect(one.lastSaid()).toContain(words);
      expect(one.called).toEqual([]);
      expect(await approvalsOf(id)).toMatchObject([{ status: 'expired' }, { status: 'expired' }]);
      expect((await stepsIn(id)).filter((step) => step.endsWith('running'))).toEqual([]);
    }
  });
});

describe('an agent that asks by its instructions', () => {
  const ask = {
    answer: {
      text: 'asking',
      tool_calls: [
        {
          name: 'request_approval',
          arguments: { question: 'Refund 20?', proposed_action: 'Refund it.' },
        },
      ],
    },
  };

  test('gets the decision as what its call returned', async () => {
    await using one = await withAgent({ turns: [ask, finishTurn()] });
    const id = await one.engine.dispatch(one.agentId);
    const [approval] = await pendingOf(id);
    expect(approval).toMatchObject({ kind: 'request', question: 'Refund 20?', toolName: null });
    expect(JSON.parse(approval?.proposalJson ?? '')).toMatchObject({
      proposed_action: 'Refund it.',
    });
    await decide(approval?.id, 'approve', 'Go on.');
    await one.engine.ended(id);
    expect(JSON.parse(one.lastSaid())).toEqual({
      message: 'A person approved this. They say: Go on.',
      rawData: { decision: 'approved', note: 'Go on.' },
    });
  });
});

describe('a run that waits as a whole', () => {
  test('starts once it is let, and its agent reads the note', async () => {
    const definition = { approvals: settings({ run: 'start' }) };
    await using one = await withAgent({ definition, turns: [finishTurn()] });
    const id = await one.engine.dispatch(one.agentId, '{"b":1}');
    const [approval] = await pendingOf(id);
    expect(approval).toMatchObject({ kind: 'run_start', proposalJson: '{"b":1}' });
    await expect(decide(approval?.id, 'ask_for_changes')).rejects.toMatchObject({
      problem: 'unprocessable',
    });
    await decide(approval?.id, 'approve', 'Be kind.');
    expect((await one.engine.ended(id)).status).toBe('completed');
    expect(one.lastSaid()).toContain('Be kind.');
  });

  test('has done nothing when it is not let', async () => {
    const definition = { approvals: settings({ run: 'start' }) };
    await using one = await withAgent({ definition, turns: [finishTurn()] });
    const id = await one.engine.dispatch(one.agentId);
    await decide((await pendingOf(id))[0]?.id, 'reject');
    expect(await one.engine.ended(id)).toMatchObject({
      status: 'completed',
      disposition: 'no_op',
      dispositionReason: 'approval_rejected',
    });
    expect(await stepsIn(id)).toEqual(['approval run_start done']);
  });

  test('ends with what it decided once that is approved, and changes it when asked to', async () => {
    const definition = { approvals: settings({ run: 'reply' }) };
    const turns = [
      finishTurn({ response: 'No.' }),
      { answer: { text: 'Yes.' } },
      { answer: { text: 'Yes!' } },
    ];
    await using one = await withAgent({ definition, turns });
    const id = await one.engine.dispatch(one.agentId);
    const [first] = await pendingOf(id);
    expect(JSON.parse(first?.proposalJson ?? '')).toMatchObject({ response: 'No.' });
    await decide(first?.id, 'ask_for_changes', 'Say yes.');
    await eventually(async () => (await approvalsOf(id)).length === 2);
    expect(one.lastSaid()).toContain('Say yes.');
    const [second] = await pendingOf(id);
    await decide(second?.id, 'ask_for_changes', 'Louder.');
    await eventually(async () => (await approvalsOf(id)).length === 3);
    expect(one.lastSaid()).toContain('Louder.');
    await decide((await pendingOf(id))[0]?.id, 'approve');
    expect(await one.engine.ended(id)).toMatchObject({ status: 'completed', response: 'Yes!' });
  });

  test('ends without it when it is rejected', async () => {
    const definition = { approvals: settings({ run: 'reply' }) };
    await using one = await withAgent({ definition, turns: [finishTurn({ response: 'No.' })] });
    const id = await one.engine.dispatch(one.agentId);
    await decide((await pendingOf(id))[0]?.id, 'reject');
    expect(await one.engine.ended(id)).toMatchObject({
      status: 'completed',
      disposition: 'unresolved',
      dispositionReason: 'approval_rejected',
      response: null,
    });
  });
});
