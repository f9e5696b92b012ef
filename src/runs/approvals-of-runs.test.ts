import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { approvalsIn, settings, withAgent } from '../../test/support/approvals.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { eventually } from '../../test/support/engine-process.ts';
import { callTurn, finishTurn } from '../../test/support/turns.ts';
import { approvalExpiry } from './expire-approvals.ts';

let database: TestDatabase;
let approvals: ReturnType<typeof approvalsIn>;
beforeAll(async () => {
  database = await createTestDatabase();
  approvals = approvalsIn(database.db);
});
afterAll(() => database[Symbol.asyncDispose]());

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
      const asking = settings({ on_expiry, expires_after_ms: 1 });
      await using one = await withAgent(database.db, {
        definition: { approvals: asking },
        turns: [callTurn('pay', 'pay'), finishTurn()],
      });
      const id = await one.engine.dispatch(one.agentId);
      const [approval] = await approvals.pending(id, 2);
      await expect(approvals.decide(approval?.id, 'approve')).rejects.toMatchObject({
        problem: 'already_decided',
      });
      await Promise.all([expire(), expire()]);
      expect(await one.engine.ended(id)).toMatchObject(end);
      expect(one.lastSaid()).toContain(words);
      expect(one.called).toEqual([]);
      expect(await approvals.of(id)).toMatchObject([{ status: 'expired' }, { status: 'expired' }]);
      expect((await approvals.stepsIn(id)).filter((step) => step.endsWith('running'))).toEqual([]);
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
    await using one = await withAgent(database.db, { turns: [ask, finishTurn()] });
    const id = await one.engine.dispatch(one.agentId);
    const [approval] = await approvals.pending(id);
    expect(approval).toMatchObject({ kind: 'request', question: 'Refund 20?', toolName: null });
    expect(JSON.parse(approval?.proposalJson ?? '')).toMatchObject({
      proposed_action: 'Refund it.',
    });
    await approvals.decide(approval?.id, 'approve', 'Go on.');
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
    await using one = await withAgent(database.db, { definition, turns: [finishTurn()] });
    const id = await one.engine.dispatch(one.agentId, '{"b":1}');
    const [approval] = await approvals.pending(id);
    expect(approval).toMatchObject({ kind: 'run_start', proposalJson: '{"b":1}' });
    await expect(approvals.decide(approval?.id, 'ask_for_changes')).rejects.toMatchObject({
      problem: 'unprocessable',
    });
    await approvals.decide(approval?.id, 'approve', 'Be kind.');
    expect((await one.engine.ended(id)).status).toBe('completed');
    expect(one.lastSaid()).toContain('Be kind.');
  });

  test('has done nothing when it is not let', async () => {
    const definition = { approvals: settings({ run: 'start' }) };
    await using one = await withAgent(database.db, { definition, turns: [finishTurn()] });
    const id = await one.engine.dispatch(one.agentId);
    await approvals.decide((await approvals.pending(id))[0]?.id, 'reject');
    expect(await one.engine.ended(id)).toMatchObject({
      status: 'completed',
      disposition: 'no_op',
      dispositionReason: 'approval_rejected',
    });
    expect(await approvals.stepsIn(id)).toEqual(['approval run_start done']);
  });

  test('ends with what it decided once that is approved, and changes it when asked to', async () => {
    const definition = { approvals: settings({ run: 'reply' }) };
    const turns = [
      finishTurn({ response: 'No.' }),
      { answer: { text: 'Yes.' } },
      { answer: { text: 'Yes!' } },
    ];
    await using one = await withAgent(database.db, { definition, turns });
    const id = await one.engine.dispatch(one.agentId);
    const [first] = await approvals.pending(id);
    expect(JSON.parse(first?.proposalJson ?? '')).toMatchObject({ response: 'No.' });
    await approvals.decide(first?.id, 'ask_for_changes', 'Say yes.');
    await eventually(async () => (await approvals.of(id)).length === 2);
    expect(one.lastSaid()).toContain('Say yes.');
    const [second] = await approvals.pending(id);
    await approvals.decide(second?.id, 'ask_for_changes', 'Louder.');
    await eventually(async () => (await approvals.of(id)).length === 3);
    expect(one.lastSaid()).toContain('Louder.');
    await approvals.decide((await approvals.pending(id))[0]?.id, 'approve');
    expect(await one.engine.ended(id)).toMatchObject({ status: 'completed', response: 'Yes!' });
  });

  test('ends without it when it is rejected', async () => {
    const definition = { approvals: settings({ run: 'reply' }) };
    await using one = await withAgent(database.db, {
      definition,
      turns: [finishTurn({ response: 'No.' })],
    });
    const id = await one.engine.dispatch(one.agentId);
    await approvals.decide((await approvals.pending(id))[0]?.id, 'reject');
    expect(await one.engine.ended(id)).toMatchObject({
      status: 'completed',
      disposition: 'unresolved',
      dispositionReason: 'approval_rejected',
      response: null,
    });
  });
});
