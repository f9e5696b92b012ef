import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, stubSandbox, type TestApi } from '../../test/support/api.ts';
import { type ApiObjects, createApiObjects } from '../../test/support/api-objects.ts';
import { SandboxBusy, SandboxUnavailable } from '../core/sandbox.ts';
import { answeringWithin, openDatabase } from '../store/connect.ts';
import { createApi } from './app.ts';

// Requests that are right, and that the server cannot or will not answer now.

let api: TestApi;
let own: ApiObjects;
beforeAll(async () => {
  api = await createTestApi();
  own = await createApiObjects(api, api.workspace.id);
});
afterAll(() => api[Symbol.asyncDispose]());

describe('what is not available', () => {
  async function runTool(error: Error) {
    const sandbox = stubSandbox({ run: () => Promise.reject(error) });
    await using broken = await createTestApi({ sandbox });
    const { tool } = await createApiObjects(broken, broken.workspace.id);
    return await broken.request('POST', `/v1/custom-tools/${tool}/run`);
  }

  test('no sandbox is 503, a full one 429, each with Retry-After', async () => {
    const unavailable = await runTool(new SandboxUnavailable('bwrap: no user namespaces'));
    expect([unavailable.status, unavailable.headers.get('retry-after')]).toEqual([503, '5']);
    expect(unavailable.text).not.toContain('bwrap');
    const busy = await runTool(new SandboxBusy('full'));
    expect([busy.status, busy.headers.get('retry-after')]).toEqual([429, '1']);
  });

  test('an error of ours is 500 without a word of it, and the log has it under the request id', async () => {
    const lines: object[] = [];
    const ignore = () => undefined;
    const logger = {
      debug: ignore,
      info: ignore,
      warn: ignore,
      error: (line: object) => lines.push(line),
    };
    const sandbox = stubSandbox({
      runtimes: () => {
        throw new Error('secret detail');
      },
    });
    await using broken = await createTestApi({ sandbox, logger });
    const answer = await broken.request('GET', '/v1/custom-tools/runtimes');
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain('secret detail');
    const requestId = answer.headers.get('x-request-id');
    expect(lines).toEqual([
      expect.objectContaining({ requestId, status: 500, path: '/v1/custom-tools/runtimes' }),
    ]);
    expect(JSON.stringify(lines)).not.toContain(broken.tokens.write);
  });

  test('without its database the API answers 503 with Retry-After, in both dialects', async () => {
    const connection = { host: '/nowhere', port: 5432, user: 'nobody', database: 'none' };
    await using db = openDatabase({ kind: 'embedded', connection });
    const app = createApi({ ...api.deps, db });
    for (const path of [`/v1/agents/${own.agent}/run`, `/public-api/agents/${own.agent}/run-now`]) {
      const headers = { Authorization: `Bearer ${api.tokens.write}` };
      const answer = await app.request(path, { method: 'POST', headers });
      expect([path, answer.status]).toEqual([path, 503]);
      expect(answer.headers.get('retry-after')).toBe('2');
    }
    expect((await app.request('/healthz')).status).toBe(200);
  });

  test('a database that hangs under reads and writes is waited for once', async () => {
    const withinMs = 3_000;
    const db = answeringWithin(api.deps.db, withinMs);
    const app = createApi({ ...api.deps, db });
    const ask = async (method: string, body?: string) => {
      const startedAt = performance.now();
      const path = `/v1/custom-tools?workspace_id=${api.workspace.id}`;
      const headers = { Authorization: `Bearer ${api.tokens.write}` };
      const answer = await app.request(path, { method, headers, ...(body ? { body } : {}) });
      const isSoon = performance.now() - startedAt < 2 * withinMs;
      return [method, answer.status, answer.headers.get('retry-after'), isSoon];
    };
    const tool = {
      name: 'late',
      description: 'Late',
      language: 'python',
      code: 'def main(): pass',
    };
    const made = JSON.stringify({ ...tool, workspace_id: api.workspace.id });
    await api.deps.db.transaction(async (tx) => {
      // The note before a change can be written, its entry cannot.
      await tx.execute('LOCK TABLE custom_tools, audit_heads IN ACCESS EXCLUSIVE MODE');
      expect(await Promise.all([ask('GET'), ask('POST', made)])).toEqual([
        ['GET', 503, '2', true],
        ['POST', 503, '2', true],
      ]);
    });
  });

  test('readiness names what is missing, as 503', async () => {
    const readiness = async () => [
      { name: 'database', ok: true, message: 'reachable' },
      { name: 'sandbox', ok: false, message: 'Install bubblewrap.' },
    ];
    const answer = await createApi({ ...api.deps, readiness }).request('/readyz');
    expect([answer.status, await answer.json()]).toEqual([
      503,
      expect.objectContaining({ status: 'not_ready', checks: await readiness() }),
    ]);
  });
});

describe('rate limits', () => {
  test('over the limit is 429 with Retry-After, for both dialects together when the limit is set', async () => {
    await using limited = await createTestApi({ rateLimit: 3 });
    const first = await limited.request('GET', '/public-api/agents');
    expect([...first.headers].filter(([name]) => name.startsWith('x-ratelimit'))).toEqual([
      ['x-ratelimit-limit', '3'],
      ['x-ratelimit-remaining', '2'],
      ['x-ratelimit-reset', expect.stringMatching(/^\d{10}$/)],
    ]);
    await limited.request('GET', '/v1/agents');
    await limited.request('GET', '/v1/agents', { token: limited.tokens.read });
    for (const path of ['/v1/agents', '/public-api/agents']) {
      const answer = await limited.request('GET', path);
      expect(answer.status).toBe(429);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    const other = await limited.request('GET', '/v1/agents', { token: limited.tokens.other });
    expect(other.status).toBe(200);
  });

  test('a workspace’s own limit counts before the server’s, and 0 is none', async () => {
    await using limited = await createTestApi({ rateLimit: 1 });
    const path = `/v1/workspaces/${limited.workspace.id}`;
    const set = await limited.request('PATCH', path, {
      token: limited.tokens.admin,
      body: { rate_limit: 0 },
    });
    expect(set.status).toBe(200);
    for (let i = 0; i < 3; i++)
      expect((await limited.request('GET', '/v1/agents')).status).toBe(200);
  });
});
