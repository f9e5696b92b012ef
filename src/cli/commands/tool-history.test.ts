import { describe, expect, test } from 'vitest';
import { cliAgainst } from '../../../test/support/run-cli.ts';

const id = `kg${'0'.repeat(30)}`;
const page = (...data: unknown[]) => ({ data, next_cursor: null, has_more: false });
const named = { 'GET /v1/custom-tools?limit=100': page({ id, name: 'greet' }) };
const run = {
  id: 'ar1:3',
  tool_version: 2,
  caller: { type: 'run', agent_id: 'ag1', run_id: 'ar1', step_id: 'ar1:3' },
  status: 'failed',
  error: 'ValueError:\nno',
  duration_ms: 12,
  started_at: '2026-04-03T03:14:15.926Z',
};
const versions = [
  { version: 2, language: 'python', code: 'a\nb\n', created_at: run.started_at },
  { version: 1, language: 'python', code: 'a = 1\n', created_at: run.started_at },
];

describe('signalbox tools runs', () => {
  test('lists who called which version, and what came of it', async () => {
    const direct = {
      ...{ ...run, id: 'tr1', status: 'running', error: null, duration_ms: null },
      caller: { type: 'direct', token_id: 'to1', token_name: 'laptop' },
    };
    const path = `GET /v1/custom-tools/${id}/runs?status=failed&caller=run&run_id=run_1&limit=2`;
    const answer = { ...page(run, direct), next_cursor: 'c1' };
    const { code, stdout, stderr } = await cliAgainst({ ...named, [path]: answer }, [
      ...['tools', 'runs', 'greet', '--status', 'failed', '--caller', 'run'],
      ...['--run', 'run_1', '--limit', '2'],
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/ar1:3 +failed +2 +agent ag1 .* 12 ms +ValueError: no\n/);
    expect(stdout).toMatch(/tr1 +running +2 +direct, laptop /);
    expect(stderr).toContain('--cursor c1');
  });

  test('gives programs the answer as it is', async () => {
    const routes = { [`GET /v1/custom-tools/${id}/runs`]: page(run) };
    const { stdout } = await cliAgainst(routes, ['tools', 'runs', id, '--json']);
    expect(JSON.parse(stdout)).toEqual(page(run));
  });

  test('says that there is no such tool', async () => {
    const { code, stderr } = await cliAgainst(named, ['tools', 'runs', 'bye']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('no tool named "bye"')]);
  });
});

describe('signalbox tools versions', () => {
  test('lists them, and prints the code of one', async () => {
    const routes = {
      ...named,
      [`GET /v1/custom-tools/${id}/versions`]: page(...versions),
      [`GET /v1/custom-tools/${id}/versions/1`]: { data: versions[1] },
    };
    const list = await cliAgainst(routes, ['tools', 'versions', 'greet']);
    expect(list.stdout).toMatch(
      /VERSION +LANGUAGE +LINES +CREATED\n +2 +python +2 .*\n +1 +python/,
    );
    const one = await cliAgainst(routes, ['tools', 'versions', 'greet', '1']);
    expect(one).toMatchObject({ code: 0, stdout: 'a = 1\n' });
  });

  test.each(['0', 'v1', '1.5'])('refuses version %s before it asks anybody', async (version) => {
    for (const command of ['versions', 'rollback']) {
      const { code, stderr, seen } = await cliAgainst({}, ['tools', command, id, version]);
      expect([code, seen.length]).toEqual([1, 0]);
      expect(stderr).toContain(`"${version}" is not the number of a version.`);
    }
  });
});

describe('signalbox tools rollback', () => {
  const path = `POST /v1/custom-tools/${id}/rollback`;

  test('says which version the tool is at then', async () => {
    const routes = { ...named, [path]: { data: { id, name: 'greet', version: 3 } } };
    const { code, stdout, seen } = await cliAgainst(routes, ['tools', 'rollback', 'greet', '1']);
    expect([code, stdout]).toEqual([0, 'greet is at version 3, with the code of version 1\n']);
    expect(JSON.parse(seen.at(-1)?.body ?? '')).toEqual({ version: 1 });
  });

  test('tells what the server refuses as it says it', async () => {
    const { code, stderr } = await cliAgainst({}, ['tools', 'rollback', id, '9']);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`no route ${path}`)]);
  });
});
