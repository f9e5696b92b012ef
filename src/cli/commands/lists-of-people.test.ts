import { expect, test } from 'vitest';
import { cliAgainst } from '../../../test/support/run-cli.ts';

const page = { data: [], next_cursor: 'c2', has_more: true };

test.each([
  { args: ['tokens', 'list'], path: '/v1/tokens?limit=2' },
  { args: ['audit', 'list', '--workspace', 'ws1'], path: '/v1/audit?workspace_id=ws1&limit=2' },
  { args: ['notifications', 'list'], path: '/v1/notifications?limit=2' },
  { args: ['members', 'list', '--workspace', 'ws1'], path: '/v1/workspaces/ws1/users?limit=2' },
])('$args.0 list says how to go on, and goes on', async ({ args, path }) => {
  const first = await cliAgainst({ [`GET ${path}`]: page }, [...args, '--limit', '2']);
  expect(first).toMatchObject({ code: 0 });
  expect(first.stderr).toContain('There are more: --cursor c2');

  const given = [...args, '--limit', '2', '--cursor', 'c2'];
  const second = await cliAgainst(
    { [`GET ${path}&cursor=c2`]: { ...page, next_cursor: null } },
    given,
  );
  expect(second).toMatchObject({ code: 0, stderr: '' });
});

test('inbox list says that there is more than it shows', async () => {
  const query = 'status=pending&limit=2';
  const none = { ...page, next_cursor: null, has_more: false };
  const answers = {
    [`GET /v1/escalations?${query}`]: none,
    [`GET /v1/approvals?${query}`]: page,
  };
  const listed = await cliAgainst(answers, ['inbox', 'list', '--limit', '2']);
  expect(listed).toMatchObject({ code: 0 });
  expect(listed.stderr).toContain('There are more');
});
