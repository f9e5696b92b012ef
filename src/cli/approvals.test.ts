import { expect, test } from 'vitest';
import { cliAgainst as cli } from '../../test/support/run-cli.ts';

const approval = {
  id: 'ap1',
  agent_id: 'ag1',
  agent_name: 'Payer',
  run_id: 'run_1',
  status: 'pending',
  question: 'May the agent call pay?',
  proposal: { to: 'x\u001b[31m' },
  on_expiry: 'reject',
  expires_at: '2026-04-10T03:14:15.926Z',
  note: null,
  decided_by: null,
  created_at: '2026-04-03T03:14:15.926Z',
};

test('approvals are listed, read in full, and decided with a note', async () => {
  const routes = {
    'GET /v1/approvals?status=pending': { data: [approval], next_cursor: null, has_more: false },
    'GET /v1/approvals/ap1': { data: approval },
    'POST /v1/approvals/ap1/decision': { data: { ...approval, status: 'approved' } },
  };
  const list = await cli(routes, ['approvals', 'list', '--status', 'pending']);
  expect(list.stdout).toMatch(/ap1 +pending .*Payer +May the agent call pay\?/);
  const get = await cli(routes, ['approvals', 'get', 'ap1']);
  expect(get.stdout).toContain('"to": "x\\u001b[31m"');
  const approve = await cli(routes, ['approvals', 'approve', 'ap1', '--note', 'Once.']);
  expect([approve.code, approve.stdout]).toEqual([0, 'approved ap1 run run_1\n']);
  expect(JSON.parse(approve.seen[0]?.body ?? '')).toEqual({ action: 'approve', note: 'Once.' });
  expect((await cli(routes, ['approvals', 'changes', 'ap1'])).code).not.toBe(0);
});

const escalation = {
  id: 'es1',
  agent_run_id: 'ar1',
  disposition: 'escalated',
  disposition_reason: 'guardrail_violated',
  status: 'pending',
  guest_message: 'Where is it?',
  proposed_response: 'It is on its way.',
  questions_for_operator: ['When?'],
  broken_guardrails: [{ id: 'gr1', title: 'No refunds', why: 'It promises one.' }],
  superseded: true,
  sent: null,
  created_at: '2026-04-04T03:14:15.926Z',
};

test('the inbox holds hand-overs and approvals together, and replies are sent from it', async () => {
  const page = (data: unknown) => ({ data: [data], next_cursor: null, has_more: false });
  const routes = {
    'GET /v1/escalations?status=pending': page(escalation),
    'GET /v1/approvals?status=pending': page(approval),
    'GET /v1/escalations/es1': { data: escalation },
    'POST /v1/escalations/es1/send': { data: { ...escalation, status: 'resolved' } },
    'POST /v1/escalations/es1/resolve': { data: { ...escalation, status: 'dismissed' } },
  };
  const list = await cli(routes, ['inbox']);
  expect(list.stdout).toMatch(
    /es1 +superseded .*It is on its way\.\n.*ap1 +approval .*May the agent/s,
  );
  const both = await cli(routes, ['inbox', 'list', '--json']);
  expect(JSON.parse(both.stdout)).toMatchObject({
    escalations: { data: [{ id: 'es1' }] },
    approvals: { data: [{ id: 'ap1' }] },
  });
  const get = await cli(routes, ['inbox', 'get', 'es1']);
  expect(get.stdout).toContain('guardrail No refunds: It promises one.');
  expect(get.stdout).toContain('proposed reply:\nIt is on its way.');
  const sent = await cli(routes, ['inbox', 'send', 'es1', '--body', 'Today.']);
  expect([sent.code, sent.stdout]).toEqual([0, 'resolved es1\n']);
  expect(JSON.parse(sent.seen[0]?.body ?? '')).toEqual({ body: 'Today.' });
  const resolved = await cli(routes, ['inbox', 'resolve', 'es1', '--status', 'dismissed']);
  expect(JSON.parse(resolved.seen[0]?.body ?? '')).toEqual({ status: 'dismissed' });
});
