import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { startServices, type TestServices } from '../../../test/support/egress.ts';
import { insertAgent, startTestEngine } from '../../../test/support/engine.ts';
import { createNotedSandbox } from '../../../test/support/sandbox.ts';
import { finishTurn } from '../../../test/support/turns.ts';
import { createSecretBox } from '../../core/secret-box.ts';
import { stepsOf } from '../../runs/steps.ts';
import { readJournal } from '../../store/journal.ts';
import { setSecret } from '../secrets.ts';
import type { AgentTool } from '../tool.ts';
import { createToolShelf } from '../tool-shelf.ts';
import { httpRequestTool } from './http-request.ts';
import { setHttpTool } from './http-tool-settings.ts';

const secretBox = createSecretBox('a secret key of the tests');
const value = 'sk_live_4242424242';
let database: TestDatabase;
let services: TestServices;
let workspaceId: string;
let agentId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  services = await startServices();
});
afterAll(async () => {
  await services[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});
beforeEach(async () => {
  ({ workspaceId, agentId } = await insertAgent(database.db, { tools: ['http_request'] }));
  const { db } = database;
  await setSecret({ db, secretBox }, { workspaceId, name: 'API_KEY' }, value);
});

const deps = () => ({
  db: database.db,
  secretBox,
  openOutlet: services.egress.outlet,
});

async function toolWith(hosts: readonly object[], more: object = {}): Promise<AgentTool> {
  const settings = await setHttpTool(database.db, workspaceId, { hosts, ...more });
  const tool = httpRequestTool(deps(), settings, agentId);
  if (tool === null) throw new Error('The agent has no tool.');
  return tool;
}

const bearer = { type: 'bearer', secret: 'API_KEY' };
const api = (more: object = {}) => ({ host: `api.test:${services.https}`, ...more });
const url = (path: string) => `https://api.test:${services.https}${path}`;

async function call(tool: AgentTool, input: Record<string, unknown>, signal?: AbortSignal) {
  const checked = tool.check(input);
  if (!checked.ok) throw new Error(checked.problem);
  const result = await tool.call({
    inputJson: JSON.stringify(checked.value),
    key: 'ar1:4',
    signal: signal ?? new AbortController().signal,
  });
  return { ...result, output: result.ok ? JSON.parse(result.outputJson) : null };
}

describe('http_request', () => {
  test('sends a request with the stored credential, and its answer comes back without it', async () => {
    const tool = await toolWith([api({ credential: bearer })]);
    const result = await call(tool, {
      method: 'post',
      url: url('/orders?a=1'),
      query: { b: ['2', '3'] },
      headers: { 'X-Of': 'me' },
      body: { text: value },
    });
    expect(result.output).toMatchObject({
      message: expect.stringContaining('200'),
      rawData: {
        status: 200,
        body: { url: '/orders?a=1&b=2&b=3', body: '{"text":"[secret API_KEY]"}' },
      },
    });
    expect(result.connections).toMatchObject([{ host: 'api.test', outcome: 'connected' }]);
    expect(services.lastHeaders()).toMatchObject({
      authorization: `Bearer ${value}`,
      'idempotency-key': 'ar1:4',
      'content-type': 'application/json',
      'x-of': 'me',
    });
    expect(JSON.stringify(result)).not.toContain(value);
  });

  test('sends header, query and basic credentials', async () => {
    for (const [credential, headers] of [
      [{ type: 'header', name: 'X-Api-Key', secret: 'API_KEY' }, { 'x-api-key': value }],
      [
        { type: 'basic', username: 'me', secret: 'API_KEY' },
        { authorization: `Basic ${Buffer.from(`me:${value}`).toString('base64')}` },
      ],
    ] as const) {
      await call(await toolWith([api({ credential })]), { url: url('/') });
      expect(services.lastHeaders()).toMatchObject(headers);
    }
    const query = { type: 'query', name: 'key', secret: 'API_KEY' };
    const result = await call(await toolWith([api({ credential: query })]), { url: url('/q?x=1') });
    expect(services.arrived.at(-1)).toBe(`GET https /q?x=1&key=${value}`);
    expect(JSON.stringify(result)).not.toContain(value);
  });

  test('refuses hosts, ports, methods and private addresses that nobody allowed', async () => {
    const tool = await toolWith([api({ methods: ['GET'] }), { host: 'evil.test' }]);
    for (const [input, reason] of [
      [{ url: 'https://other.test/' }, /not among the hosts/],
      [{ url: `http://api.test:${services.http}/` }, /not allowed at api.test/],
      [{ url: `https://127.0.0.1:${services.https}/` }, /is an address/],
      [{ url: 'http://[::ffff:127.0.0.1]/' }, /is an address/],
      [{ url: 'http://2130706433/' }, /is an address/],
      [{ url: 'http://localhost/' }, /not among the hosts/],
      [{ url: 'http://169.254.169.254/latest/meta-data' }, /is an address/],
      [{ url: 'https://evil.test/' }, /not a public address/],
      [{ method: 'DELETE', url: url('/') }, /DELETE is not allowed/],
    ] as const) {
      const result = await call(tool, input);
      expect([input.url, result.ok, result.ok ? '' : result.error]).toEqual([
        input.url,
        false,
        expect.stringMatching(reason),
      ]);
    }
    expect((await call(tool, { url: 'https://evil.test/' })).connections).toMatchObject([
      { host: 'evil.test', outcome: 'refused' },
    ]);
  });

  test.each([
    [{ url: 'https://user:pass@api.test/' }, /credentials/],
    [{ url: '/orders' }, /absolute/],
    [{ url: 'file:///etc/passwd' }, /absolute/],
    [{ url: 'https://api.test/', headers: { Host: 'other.test' } }, /cannot be set/],
    [{ url: 'https://api.test/', headers: { 'X-A': 'a\r\nHost: b' } }, /characters/],
    [{ url: 'https://api.test/', body: 'x' }, /GET has none/],
    [{ method: 'TRACE', url: 'https://api.test/' }, /method/],
    [{ url: 'https://api.test/', verify: false }, /verify/],
    [{}, /url/],
  ])('refuses the arguments %j', async (input, problem) => {
    const tool = await toolWith([api()]);
    expect(tool.check(input)).toEqual({ ok: false, problem: expect.stringMatching(problem) });
  });

  test('follows a redirect as a new request: judged anew, without what was meant for the first host', async () => {
    const tool = await toolWith([
      api({ credential: bearer }),
      { host: `other.test:${services.https}` },
    ]);
    const to = (target: string) => url(`/redirect?to=${encodeURIComponent(target)}`);
    const elsewhere = `https://other.test:${services.https}/there`;
    const moved = await call(tool, {
      url: to(elsewhere),
      headers: { Cookie: 'a=b', 'X-Kept': 'yes' },
    });
    expect(moved.output.rawData).toMatchObject({ status: 200, redirected_to: elsewhere });
    expect(services.lastHeaders()).not.toHaveProperty('authorization');
    expect(services.lastHeaders()).not.toHaveProperty('cookie');
    expect(services.lastHeaders()).toHaveProperty('x-kept');
    await call(tool, { url: to('/again') });
    expect(services.lastHeaders()).toHaveProperty('authorization', `Bearer ${value}`);
    for (const [target, reason] of [
      ['https://unknown.test/', /not among/],
      ['http://127.0.0.1/', /https to http/],
      ['https://127.0.0.1/', /is an address/],
      ['file:///etc/passwd', /https to http/],
      [to('/x').replace('/redirect', '/redirect'), null],
    ] as const) {
      const result = await call(tool, { url: to(target) });
      if (reason === null) expect(result.ok).toBe(true);
      else expect(result.ok ? '' : result.error).toMatch(reason);
    }
    let loop = '/end';
    for (let i = 0; i < 7; i++) loop = `/redirect?to=${encodeURIComponent(loop)}`;
    const endless = await call(tool, { url: url(loop) });
    expect(endless.ok ? '' : endless.error).toMatch(/5 redirects/);
  });

  test('sends a stored credential over https alone', async () => {
    const tool = await toolWith([{ host: `api.test:${services.http}`, credential: bearer }]);
    const before = services.arrived.length;
    const result = await call(tool, { url: `http://api.test:${services.http}/` });
    expect(result.ok ? '' : result.error).toMatch(/over https only/);
    expect(services.arrived).toHaveLength(before);
  });

  test('says which secret is missing', async () => {
    const tool = await toolWith([api({ credential: { type: 'bearer', secret: 'OTHER' } })]);
    const result = await call(tool, { url: url('/') });
    expect(result.ok ? '' : result.error).toMatch(/no secret OTHER.*PUT \/v1\/secrets\/OTHER/);
  });

  test('refuses a server whose certificate is not its own', async () => {
    const tool = await toolWith([{ host: `uncertified.test:${services.https}` }]);
    const result = await call(tool, { url: `https://uncertified.test:${services.https}/` });
    expect(result.ok ? '' : result.error).toMatch(/certificate|altnames/i);
  });

  test('ends when its time is over, when the run is given up, and when an answer is too large', async () => {
    const slow = await call(await toolWith([api()], { timeout_ms: 300 }), { url: url('/hang') });
    expect(slow.ok ? '' : slow.error).toMatch(/within 300 ms/);
    const given = AbortSignal.timeout(300);
    const aborted = await call(await toolWith([api()]), { url: url('/hang') }, given);
    expect(aborted.ok).toBe(false);
    const large = await call(await toolWith([api()]), { url: url('/large?bytes=3000000') });
    expect(large.ok && large.outputJson.length).toBeGreaterThan(900_000);
  });

  test('is only the agents’ that a host names, and none’s without hosts', async () => {
    const settings = await setHttpTool(database.db, workspaceId, {
      hosts: [api({ agents: [agentId] })],
    });
    expect(httpRequestTool(deps(), settings, agentId)).not.toBeNull();
    expect(httpRequestTool(deps(), settings, `ag${'0'.repeat(30)}`)).toBeNull();
  });

  test('serves an agent’s run: repeated and made in a dry run only where it changes nothing', async () => {
    const { db } = database;
    await setHttpTool(db, workspaceId, { hosts: [api({ credential: bearer })] });
    const connected = {
      sourceTools: () => [],
      httpTool: (settings: Parameters<typeof httpRequestTool>[1], agent: string) =>
        httpRequestTool(deps(), settings, agent),
    };
    const shelf = createToolShelf(db, createNotedSandbox(), { connected });
    const tools = await shelf.toolsFor({
      workspaceId,
      agentId,
      definition: { tools: ['http_request'] },
    });
    expect(tools.map(({ name }) => name)).toEqual(['http_request']);
    const ask = (method: string) => ({
      name: 'http_request',
      arguments: { method, url: url('/r') },
    });
    const turns = [{ answer: { text: '', tool_calls: [ask('GET'), ask('DELETE')] } }, finishTurn()];
    await using engine = await startTestEngine({ db, scripts: { test: { turns } }, tools });
    await engine.start();
    const run = await engine.ended(await engine.dispatch(agentId));
    const journal = await readJournal(db, run.id);
    const intents = journal.filter(({ type, state }) => type === 'tool' && state === 'started');
    expect(intents.map(({ data }) => 'idempotent' in data && data.idempotent)).toEqual([
      true,
      false,
    ]);
    const steps = stepsOf(run.id, journal).filter(({ type }) => type === 'tool');
    expect(steps).toMatchObject([
      { name: 'http_request', status: 'done', connections: [{ host: 'api.test' }] },
      { name: 'http_request', status: 'done' },
    ]);
    expect(JSON.stringify(journal)).not.toContain(value);
    const { judge } = tools[0] ?? {};
    expect(judge?.({ method: 'GET' })).toEqual({ idempotent: true, hasEffects: false });
    expect(judge?.({ method: 'PUT' })).toEqual({ idempotent: false, hasEffects: true });
  });
});
