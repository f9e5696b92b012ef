import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runCli } from '../../test/support/run-cli.ts';
import { createTinyServer, type SeenRequest, sendJson } from '../../test/support/tiny-server.ts';

const agentId = `ag${'0'.repeat(30)}`;
const dispatched = {
  data: {
    dispatched: true,
    trigger_id: 'tr1',
    trigger_type: 'webhook',
    id: 'ar1',
    run_id: 'run_1',
  },
};

type Routes = Readonly<Record<string, (response: ServerResponse, request: SeenRequest) => void>>;

/** Runs the CLI against a server with these routes; `Token` is its bearer token. */
async function cli(
  routes: Routes,
  args: readonly string[],
  options: { readonly env?: Record<string, string>; readonly stdin?: string } = {},
) {
  await using server = await createTinyServer((request, response) => {
    const route = routes[`${request.method} ${request.path}`];
    if (route !== undefined) return route(response, request);
    sendJson(response, { error: `no route ${request.method} ${request.path}` }, { status: 404 });
  });
  const env = { SIGNALBOX_URL: server.url, SIGNALBOX_TOKEN: 'capi_test', ...options.env };
  return { ...(await runCli(args, { ...options, env })), seen: server.seen };
}

const answer =
  (body: unknown, options?: Parameters<typeof sendJson>[2]) => (response: ServerResponse) =>
    sendJson(response, body, options);

describe('signalbox run', () => {
  const dispatchRoute = { [`POST /v1/agents/${agentId}/run`]: answer(dispatched) };

  test('sends the payload as it was written, with all the digits of its numbers', async () => {
    const payload = '{"id": 12345678901234567890, "x": 1.10}';
    const result = await cli(dispatchRoute, [
      'run',
      agentId,
      '--payload',
      payload,
      '--trigger',
      'tr1',
    ]);
    expect(result).toMatchObject({ code: 0, stdout: 'dispatched run_1 webhook\n' });
    expect(result.stderr).toContain('signalbox runs watch run_1');
    expect(result.seen[0]?.body).toBe(`{"trigger_id": "tr1", "payload": ${payload}}`);
    expect(result.seen[0]?.headers).toMatchObject({
      authorization: 'Bearer capi_test',
      'content-type': 'application/json',
    });
  });

  test('sends no payload when none is given, and the key to dispatch by once', async () => {
    const { seen } = await cli(dispatchRoute, ['run', agentId, '--idempotency-key', 'k1']);
    expect(seen[0]?.body).toBe('{}');
    expect(seen[0]?.headers['idempotency-key']).toBe('k1');
  });

  test('reads the payload from a file and from standard input', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'signalbox-cli-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'payload.json');
    await writeFile(file, '\ufeff{"from": "file"}\n');
    const fromFile = await cli(dispatchRoute, ['run', agentId, '--payload', `@${file}`]);
    expect(fromFile.seen[0]?.body).toBe('{"payload": {"from": "file"}}');
    const fromStdin = await cli(dispatchRoute, ['run', agentId, '--payload', '@-'], {
      stdin: '["from stdin"]',
    });
    expect(fromStdin.seen[0]?.body).toBe('{"payload": ["from stdin"]}');
  });

  test.each([
    ['{"a": 1', '--payload is not JSON'],
    ['@/no/such/file.json', 'cannot read /no/such/file.json: there is no such file'],
  ])('refuses the payload %s before anything is sent', async (payload, message) => {
    const result = await cli(dispatchRoute, ['run', agentId, '--payload', payload]);
    expect(result).toMatchObject({ code: 1, stdout: '', seen: [] });
    expect(result.stderr).toContain(message);
    expect(result.stderr).toContain('hint: ');
  });

  test('finds an agent by its name over all pages, and refuses a name that is not one', async () => {
    const page = (names: readonly string[], next: string | null) =>
      answer({
        data: names.map((name, at) => ({ id: `ag_${name}_${at}`, name })),
        next_cursor: next,
        has_more: next !== null,
      });
    const routes = {
      'GET /v1/agents?limit=100': page(['Desk', 'Twin', 'twin'], 'c1'),
      'GET /v1/agents?limit=100&cursor=c1': page(['Billing', 'Double', 'Double'], null),
      'POST /v1/agents/ag_Billing_0/run': answer(dispatched),
      'POST /v1/agents/ag_twin_2/run': answer(dispatched),
    };
    expect((await cli(routes, ['run', 'billing'])).code).toBe(0);
    expect((await cli(routes, ['run', 'twin'])).code).toBe(0);
    const none = await cli(routes, ['run', 'Nobody']);
    expect(none.code).toBe(1);
    expect(none.stderr).toBe(
      'error: There is no agent named "Nobody".\nhint: See `signalbox agents list`.\n',
    );
    const double = await cli(routes, ['run', 'Double']);
    expect(double.stderr).toContain('2 agents are named "Double"');
    expect(double.stderr).toContain('ag_Double_1, ag_Double_2');
  });

  test.each([
    [{ status: 'completed', disposition: 'resolved' }, 0, '✔ resolved'],
    [{ status: 'failed', error: 'The run reached its 3 steps.' }, 1, 'reached its 3 steps'],
    [undefined, 3, 'Still running.'],
  ])('tells by its exit code how a run ended that it waited for: %o', async (ended, code, said) => {
    const run = ended && {
      disposition: null,
      disposition_reason: null,
      stop_reason: null,
      error: null,
      response: null,
      reflection: null,
      output: null,
      token_usage: null,
      total_cost: null,
      duration_ms: 1,
      ...ended,
    };
    const routes = {
      [`POST /v1/agents/${agentId}/run?wait=5`]: answer({ data: { ...dispatched.data, run } }),
    };
    const result = await cli(routes, ['run', agentId, '--wait', '5']);
    expect(result.code).toBe(code);
    expect(result.stdout + result.stderr).toContain(said);
  });

  test('watches with --json: an event a line, then the run, as the API sent them', async () => {
    const run = { data: { id: 'ar1', status: 'completed' } };
    const routes = {
      ...dispatchRoute,
      [`GET /v1/agents/${agentId}/runs/ar1/events`]: (response: ServerResponse) => {
        response.writeHead(200, { 'Content-Type': 'text/event-stream' });
        response.end(
          'id: 1\nevent: step\ndata: {"step_id":"ar1:1"}\n\nid: 2\nevent: end\ndata: {}\n\n',
        );
      },
      [`GET /v1/agents/${agentId}/runs/ar1`]: answer(run),
    };
    const result = await cli(routes, ['run', agentId, '--watch', '--json']);
    expect(result.code).toBe(0);
    expect(result.stdout.trim().split('\n')).toEqual([
      JSON.stringify(dispatched),
      '{"step_id":"ar1:1"}',
      JSON.stringify(run),
    ]);
  });

  test.each(['61', '-1', '1.5', 'x', ''])('refuses to wait %s seconds', async (seconds) => {
    const result = await runCli(['run', agentId, `--wait=${seconds}`]);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('whole seconds from 0 to 60');
  });
});

describe('signalbox runs', () => {
  const run = {
    id: 'ar1',
    run_id: 'run_1',
    agent_id: agentId,
    status: 'completed',
    disposition: 'resolved',
    error: null,
    model: 'scripted/reservations',
    duration_ms: 4_213,
    total_cost: 0.0121,
    created_at: '2026-04-03T03:14:15.000Z',
  };

  test('lists runs as a table, and says how to read on', async () => {
    const failed = {
      ...run,
      run_id: 'run_2',
      status: 'failed',
      disposition: null,
      error: 'No\nway',
    };
    const list = {
      data: [run, { ...failed, total_cost: null }],
      next_cursor: 'c1',
      has_more: true,
    };
    const path = `GET /v1/runs?agent_id=${agentId}&status=failed&limit=2`;
    const args = ['runs', 'list', '--agent', agentId, '--status', 'failed', '--limit', '2'];
    const { stdout, stderr, code } = await cli({ [path]: answer(list) }, args);
    expect(code).toBe(0);
    const rows = stdout.split('\n').map((row) => row.split(/ {2,}/).slice(0, 6));
    expect(rows.slice(0, 3)).toEqual([
      ['RUN', 'STATUS', 'OUTCOME', 'MODEL', 'TIME', 'COST'],
      ['run_1', 'completed', 'resolved', 'scripted/reservations', '4.2 s', '$0.0121'],
      ['run_2', 'failed', 'No way', 'scripted/reservations', '4.2 s', 'unknown'],
    ]);
    expect(stderr).toContain('--cursor c1');
  });

  test("prints the API's answer to the letter with --json", async () => {
    const text = '{ "data": [{"total_cost": 0.10000000000000000001}],  "next_cursor": null }';
    const { stdout } = await cli({ 'GET /v1/runs': answer(text) }, ['runs', 'list', '--json']);
    expect(stdout).toBe(`${text}\n`);
  });

  test("asks for the run's agent when it is not given", async () => {
    const routes = {
      'GET /v1/runs/run_1': answer({ data: { agent_id: 'ag7' } }),
      'POST /v1/agents/ag7/runs/run_1/cancel': answer({ data: run }),
      'POST /v1/agents/7/runs/run_1/retry': answer(
        { data: { id: 'ar2', run_id: 'run_2' } },
        { status: 201 },
      ),
    };
    const cancelled = await cli(routes, ['runs', 'cancel', 'run_1']);
    expect(cancelled).toMatchObject({ code: 0, stdout: 'cancelled run_1\n' });
    const retried = await cli(routes, ['runs', 'retry', 'run_1', '--agent', '7']);
    expect(retried).toMatchObject({ code: 0, stdout: 'dispatched run_2\n' });
    expect(retried.seen).toHaveLength(1);
  });

  test.each(['0', '101', 'many'])('refuses a limit of %s', async (limit) => {
    const result = await runCli(['runs', 'list', '--limit', limit]);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('a number from 1 to 100');
  });
});

describe('signalbox tools run', () => {
  test('prints what the tool returned, and fails when its code failed', async () => {
    const id = `kg${'0'.repeat(30)}`;
    const result = {
      success: true,
      message: 'Hi',
      result: { message: 'Hi' },
      error: null,
      logs: null,
      run_time_ms: 4,
    };
    const path = `POST /v1/custom-tools/${id}/run`;
    const args = ['tools', 'run', id, '--parameters', '{"n": 1.0}'];
    const good = await cli({ [path]: answer({ data: result }) }, args);
    expect(good).toMatchObject({ code: 0, stdout: '✔ succeeded  4 ms\n{ "message": "Hi" }\n' });
    expect(good.seen[0]?.body).toBe('{"parameters": {"n": 1.0}}');
    const failed = { ...result, success: false, result: null, error: 'ValueError: no' };
    const bad = await cli({ [path]: answer({ data: failed }) }, args);
    expect(bad).toMatchObject({ code: 1, stdout: '✘ failed  4 ms\nValueError: no\n' });
  });
});

describe('an error', () => {
  const list = ['agents', 'list'];
  const failing = (body: unknown, options: Parameters<typeof sendJson>[2]) =>
    cli({ 'GET /v1/agents': answer(body, options) }, list);

  test.each([
    [400, 'Invalid workspace id', {}, null],
    [401, 'No such token.', {}, 'does not accept this token'],
    [403, 'Read only.', {}, 'write access'],
    [429, 'Rate limit exceeded', { 'Retry-After': '7' }, 'Try again in 7 s.'],
    [503, 'The database is not reachable.', {}, 'Try again shortly.'],
    [500, 'The server failed.', { 'X-Request-Id': 'req_9' }, 'request req_9'],
  ])(
    'of status %i is the sentence of the server with a hint',
    async (status, error, headers, hint) => {
      const result = await failing({ error }, { status, headers });
      expect(result).toMatchObject({ code: 1, stdout: '' });
      const [first, second] = result.stderr.split('\n');
      expect(first).toBe(`error: ${error}`);
      if (hint === null) expect(second).toBe('');
      else expect(second).toContain(hint);
    },
  );

  test('without a token says where to put one', async () => {
    const routes = { 'GET /v1/agents': answer({ error: 'No token.' }, { status: 401 }) };
    const { stderr, seen } = await cli(routes, list, { env: { SIGNALBOX_TOKEN: '' } });
    expect(stderr).toContain('Give a token with --token or SIGNALBOX_TOKEN');
    expect(seen[0]?.headers.authorization).toBe(undefined);
  });

  test('shows no control characters of the server', async () => {
    const { stderr } = await failing({ error: 'a\u001b[2Jb' }, { status: 400 });
    expect(stderr).toBe('error: a\\x1b[2Jb\n');
  });

  test.each([
    ['something that is not JSON', '<html>', 200],
    ['502 and no reason', '<html>', 502],
    ['sends requests on to https://elsewhere.example', '', 302],
  ])('says that what answers is no Signalbox: %s', async (message, body, status) => {
    const { stderr, code } = await failing(body, {
      status,
      headers: { Location: 'https://elsewhere.example' },
    });
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).toContain('SIGNALBOX_URL');
  });

  test('says that nobody answers at the address', async () => {
    // A port that was free a moment ago.
    const { url } = await (async () => {
      await using server = await createTinyServer(() => undefined);
      return server;
    })();
    const { stderr, code } = await runCli([...list, '--url', url]);
    expect(code).toBe(1);
    expect(stderr).toContain(`error: Cannot reach the server at ${url} (connection refused).`);
    expect(stderr).toContain('signalbox start');
  });

  test('says that a connection broke', async () => {
    const { stderr } = await cli({ 'GET /v1/agents': (response) => void response.destroy() }, list);
    expect(stderr).toContain('(connection lost)');
  });

  test.each([
    [['--url', 'localhost'], 'is not the address of a server'],
    [['--url', 'ftp://x'], 'is not the address of a server'],
    [['--token', 'two words'], 'characters that no token has'],
  ])('refuses %j', async (args, message) => {
    const result = await runCli([...list, ...args]);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(message);
  });

  test('keeps the path of a server below another', async () => {
    await using server = await createTinyServer((_request, response) =>
      sendJson(response, { data: [], next_cursor: null }),
    );
    const result = await runCli([...list, '--url', `${server.url}/signalbox/`, '--token', 't']);
    expect(result).toMatchObject({ code: 0, stdout: 'No agents.\n' });
    expect(server.seen[0]?.path).toBe('/signalbox/v1/agents');
  });
});
