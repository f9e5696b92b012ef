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
