import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, stubSandbox, type TestApi } from '../../../test/support/api.ts';
import { startTestEngine } from '../../../test/support/engine.ts';
import { type callTurn, finishTurn } from '../../../test/support/turns.ts';
import type { SandboxCall, SandboxOutcome } from '../../core/sandbox.ts';
import { createToolRunner } from '../../tools/tool-runner.ts';
import { createToolShelf } from '../../tools/tool-shelf.ts';

const outcomes: Record<string, SandboxOutcome> = {
  fails: { ok: false, failure: 'threw', error: 'it broke', logs: 'printed\n', runTimeMs: 3 },
  large: {
    ok: true,
    message: 'much',
    resultJson: JSON.stringify({ message: 'much', rawData: 'x'.repeat(100_000) }),
    logs: null,
    runTimeMs: 3,
  },
};
let api: TestApi;
let toolId: string;

const run = async (call: SandboxCall): Promise<SandboxOutcome> => {
  const { of = '' } = JSON.parse(call.parametersJson) as { of?: string };
  return (
    outcomes[of] ?? {
      ok: true,
      message: 'done',
      resultJson: `{"message":"done","rawData":${call.parametersJson}}`,
      logs: null,
      runTimeMs: 1,
    }
  );
};

beforeAll(async () => {
  api = await createTestApi({ sandbox: stubSandbox({ run }) });
  const made = await api.request('POST', '/v1/custom-tools', {
    body: {
      workspace_id: api.workspace.id,
      name: 'look-up',
      language: 'python',
      code: 'def main(of=""):\n    return {"message": "one"}\n',
      parameters: { of: { type: 'string' } },
      enable_globally: true,
      secrets: ['SHOP_KEY'],
    },
  });
  toolId = made.json.data.id;
  await api.request('PUT', '/v1/secrets/SHOP_KEY', { body: { value: 'sk_live_4242424242' } });
});
afterAll(() => api[Symbol.asyncDispose]());

const directly = (of: string) =>
  api.request('POST', `/v1/custom-tools/${toolId}/run`, { body: { parameters: { of } } });
const get = (path = '', token = api.tokens.read) =>
  api.request('GET', `/v1/custom-tools/${toolId}/runs${path}`, { token });

async function runAgent(...turns: ReturnType<typeof callTurn>[]) {
  const { db, secretBox } = api.deps;
  const agent = await api.request('POST', '/v1/agents', {
    body: {
      workspace_id: api.workspace.id,
      name: 'Looks up',
      description: 'Looks things up.',
      instructions: 'Look.',
      model: 'scripted/test',
      triggers: [{ name: 'Changed', type: 'webhook', config: {} }],
    },
  });
  const runner = createToolRunner({ db, secretBox, sandbox: stubSandbox({ run }) });
  const tools = await createToolShelf(db, runner).toolsFor({
    workspaceId: api.workspace.id,
    definition: { tools: null },
  });
  const scripts = { test: { turns: [...turns, finishTurn()] } };
  await using engine = await startTestEngine({ db, scripts, tools });
  await engine.start();
  return await engine.ended(await engine.dispatch(agent.json.data.id));
}
const calls = (...of: string[]) => ({
  answer: {
    text: 'looking',
    tool_calls: of.map((value) => ({ name: 'look-up', arguments: { of: value } })),
  },
});

describe('runs of a custom tool', () => {
  test('are the calls of agents’ runs and what was run directly, newest first', async () => {
    const first = await directly('by-hand');
    const agentRun = await runAgent(calls('one', 'fails'), calls('large'));
    const last = await directly('sk_live_4242424242');
    const { json } = await get();
    expect(json.data).toHaveLength(5);
    expect(json.data.map((item: { id: string }) => item.id.slice(0, 2))).toEqual([
      'tx',
      'ar',
      'ar',
      'ar',
      'tx',
    ]);
    expect(json.data[0]).toMatchObject({
      id: last.json.data.id,
      status: 'done',
      input: { of: '[secret SHOP_KEY]' },
      caller: { type: 'direct', token_name: 'test' },
    });
    expect(json.data[4]).toMatchObject({ id: first.json.data.id, tool_version: 1 });
    const [large, ...others] = json.data.slice(1, 4);
    expect(large).toMatchObject({ status: 'done', spilled: { size_bytes: 100_031 } });
    expect(others.map(({ status }: { status: string }) => status).toSorted()).toEqual([
      'done',
      'failed',
    ]);
    const failed = await get('?status=failed');
    expect(failed.json.data).toHaveLength(1);
    expect(failed.json.data[0]).toMatchObject({
      error: 'it broke',
      logs: 'printed\n',
      input: { of: 'fails' },
      caller: { type: 'run', run_id: agentRun.id, agent_id: agentRun.agentId },
    });
    const same = await get(`/${failed.json.data[0].id}`);
    expect(same.json.data).toEqual(failed.json.data[0]);
    const steps = await api.request(
      'GET',
      `/v1/agents/${agentRun.agentId}/runs/${agentRun.id}/steps`,
    );
    const step = steps.json.data.find(
      ({ step_id }: { step_id: string }) => step_id === failed.json.data[0].id,
    );
    expect(step).toMatchObject({ tool_id: toolId, tool_version: 1, logs: 'printed\n' });
  });

  test('are filtered, and paged without a gap', async () => {
    const all = (await get('?limit=100')).json.data.map(({ id }: { id: string }) => id);
    const paged: string[] = [];
    let cursor = '';
    do {
      const { json } = await get(`?limit=2${cursor}`);
      paged.push(...json.data.map(({ id }: { id: string }) => id));
      cursor = json.next_cursor === null ? '' : `&cursor=${json.next_cursor}`;
    } while (cursor !== '');
    expect(paged).toEqual(all);
    const direct = all.filter((id: string) => id.startsWith('tx'));
    expect((await get('?caller=direct')).json.data).toHaveLength(direct.length);
    expect((await get('?caller=run')).json.data).toHaveLength(all.length - direct.length);
    const of = all.find((id: string) => id.startsWith('ar'))?.split(':')[0];
    expect((await get(`?run_id=${of}`)).json.data).toHaveLength(3);
    expect((await get('?to=2020-01-01T00:00:00Z')).json.data).toEqual([]);
    expect((await get('?status=interrupted')).json.data).toEqual([]);
  });

  test('refuse unknown ids, other filters’ cursors and other workspaces', async () => {
    const { json } = await get('?limit=1');
    expect((await get(`?caller=run&cursor=${json.next_cursor}`)).status).toBe(400);
    expect((await get('?status=done')).status).toBe(400);
    expect((await get('?run_id=nonsense')).status).toBe(404);
    expect((await get('/nonsense')).status).toBe(404);
    expect((await get(`/ar${'0'.repeat(30)}:1`)).status).toBe(404);
    expect((await get('', api.tokens.other)).status).toBe(404);
    expect((await get(`/${json.data[0].id}`, api.tokens.other)).status).toBe(404);
  });

  test('that the sandbox could not take are kept as failed', async () => {
    const before = outcomes.broken;
    outcomes.broken = { ok: false, failure: 'killed', error: 'killed', logs: null, runTimeMs: 0 };
    await directly('broken');
    if (before === undefined) delete outcomes.broken;
    const [newest] = (await get('?status=failed&limit=1')).json.data;
    expect(newest).toMatchObject({ status: 'failed', error: 'killed', output: null });
  });

  test('that a crash cut off are shown as interrupted', async () => {
    const { json } = await directly('again');
    await api.deps.db.execute({
      text: `UPDATE tool_runs SET status = 'running', completed_at = NULL,
        created_at = clock_timestamp() - interval '1 hour' WHERE id = $1`,
      values: [json.data.id],
    });
    expect((await get(`/${json.data.id}`)).json.data).toMatchObject({
      status: 'interrupted',
      error: expect.stringContaining('crash'),
    });
  });

  test('too large for a list are shortened there, and whole by themselves', async () => {
    const { json } = await directly('large');
    const [listed] = (await get('?limit=1&caller=direct')).json.data;
    expect(listed).toMatchObject({ id: json.data.id, shortened: true, output: null });
    const whole = (await get(`/${json.data.id}`)).json.data;
    expect([whole.shortened, whole.output.rawData.length]).toEqual([false, 100_000]);
  });
});

describe('versions of a custom tool', () => {
  const path = (rest = '') => `/v1/custom-tools/${toolId}${rest}`;
  const code = 'def main(of=""):\n    return {"message": "two"}\n';

  test('are kept with their code, and brought back as a new one', async () => {
    await api.request('PATCH', path(), { body: { code } });
    const listed = await api.request('GET', path('/versions'));
    expect(listed.json.data.map(({ version }: { version: number }) => version)).toEqual([2, 1]);
    const back = await api.request('POST', path('/rollback'), { body: { version: 1 } });
    expect(back.json.data).toMatchObject({ version: 3, code: listed.json.data[1].code });
    const second = await api.request('GET', path('/versions/2'));
    expect(second.json.data).toMatchObject({ tool_id: toolId, version: 2, code });
    const page = await api.request('GET', path('/versions?limit=1'));
    const rest = await api.request('GET', path(`/versions?cursor=${page.json.next_cursor}`));
    expect(rest.json.data.map(({ version }: { version: number }) => version)).toEqual([2, 1]);
  });

  test('that are not there are 404, and nonsense is 400', async () => {
    for (const version of ['9', '0', 'x', '1e1']) {
      expect((await api.request('GET', path(`/versions/${version}`))).status).toBe(404);
    }
    expect((await api.request('POST', path('/rollback'), { body: { version: 9 } })).status).toBe(
      404,
    );
    expect((await api.request('POST', path('/rollback'), { body: { version: 0 } })).status).toBe(
      400,
    );
    expect((await api.request('POST', path('/rollback'), { body: {} })).status).toBe(400);
  });

  test('and runs outlive a deleted tool', async () => {
    expect((await api.request('DELETE', path())).status).toBe(200);
    expect((await api.request('GET', path('/versions/1'))).status).toBe(200);
    expect((await get('?limit=1')).json.data).toHaveLength(1);
    expect((await api.request('POST', path('/rollback'), { body: { version: 1 } })).status).toBe(
      404,
    );
  });
});
