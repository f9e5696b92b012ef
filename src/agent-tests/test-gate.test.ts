import { afterAll, beforeAll, expect, test } from 'vitest';
import { assistant, createTestedApi, modelOf } from '../../test/support/agent-tests.ts';
import { createNotedSandbox } from '../../test/support/sandbox.ts';
import { getAgentVersion } from '../store/agent-versions.ts';
import { createCustomTool, patchCustomTool } from '../tools/custom-tools.ts';
import { createToolShelf } from '../tools/tool-shelf.ts';

let api: Awaited<ReturnType<typeof createTestedApi>>;

beforeAll(async () => {
  api = await createTestedApi({ models: modelOf(assistant) });
}, 60_000);
afterAll(() => api[Symbol.asyncDispose]());

/** An enabled agent with a gate and two cases, of which the version before passed both. */
async function gatedAgent(): Promise<string> {
  const made = await api.request('POST', '/v1/agents', {
    body: {
      workspace_id: api.workspace.id,
      name: 'Desk',
      description: 'A desk.',
      instructions: 'answer',
      test_gate: true,
    },
  });
  expect(made.json.data).toMatchObject({ test_gate: true, agent_version: 1 });
  const agent_id = made.json.data.id;
  const cases = [
    { name: 'Is polite', expect: { text: [{ contains: 'sorry' }] } },
    { name: 'Offers nothing', expect: { text: [{ not_contains: '%' }] } },
  ];
  for (const body of cases) await api.request('POST', '/v1/tests', { body: { agent_id, ...body } });
  return agent_id;
}

async function candidate(agent: string, patch: object): Promise<number> {
  const saved = await api.request('POST', `/v1/agents/${agent}/versions`, { body: patch });
  expect(saved.status).toBe(201);
  expect(saved.json.data.is_candidate).toBe(true);
  return saved.json.data.agent_version;
}

test('a version goes live only when the cases pass on it; the error names those that do not', async () => {
  const agent = await gatedAgent();
  const path = `/v1/agents/${agent}`;
  const live = async () => (await api.request('GET', path)).json.data;

  const refused = await api.request('PATCH', path, { body: { instructions: 'offer 20' } });
  expect(refused.status).toBe(409);
  expect(refused.text).toContain('\\"Is polite\\" (not run on it)');

  const bad = await candidate(agent, { instructions: 'offer 20' });
  expect(bad).toBe(2);
  expect(await live()).toMatchObject({ agent_version: 1, instructions: 'answer' });
  expect((await api.request('POST', `${path}/versions/${bad}/enable`)).status).toBe(409);
  const failed = await api.tested({ agent_id: agent, variants: [{ version: bad }] });
  const stillRefused = await api.request('POST', `${path}/versions/${bad}/enable`);
  expect(stillRefused.status).toBe(409);
  expect(stillRefused.text).toContain(`\\"Offers nothing\\" (fails in ${failed.testRun.id})`);
  expect(stillRefused.text).not.toContain('Is polite');
  expect((await api.request('POST', `${path}/rollback`, { body: { version: bad } })).status).toBe(
    409,
  );

  const good = await candidate(agent, { instructions: 'answer kindly' });
  expect(good).toBe(3);
  const other = await api.tested({
    agent_id: agent,
    variants: [{ version: good, model: 'test/two' }],
  });
  expect(other.testRun.passed).toBe(true);
  expect((await api.request('POST', `${path}/versions/${good}/enable`)).status).toBe(409);
  await api.tested({ agent_id: agent, variants: [{ version: good }] });
  const enabled = await api.request('POST', `${path}/versions/${good}/enable`);
  expect(enabled.json.data).toMatchObject({
    agent_version: 4,
    instructions: 'answer kindly',
    enabled: true,
  });

  // What is live may be switched off and on, renamed triggers and all.
  await api.request('PATCH', path, { body: { enabled: false } });
  expect((await api.request('PATCH', path, { body: { enabled: true } })).status).toBe(200);
});

test('a case that was changed since counts as not run, and a disabled agent may be saved', async () => {
  const agent = await gatedAgent();
  const path = `/v1/agents/${agent}`;
  await api.tested({ agent_id: agent });
  await api.request('PATCH', path, { body: { enabled: false } });
  expect((await api.request('PATCH', path, { body: { enabled: true } })).status).toBe(200);
  const { json } = await api.request('GET', `/v1/tests?agent_id=${agent}`);
  await api.request('PATCH', `/v1/tests/${json.data[0].id}`, {
    body: { payload: { changed: true } },
  });
  await api.request('PATCH', path, { body: { enabled: false, instructions: 'offer 5' } });
  const refused = await api.request('PATCH', path, { body: { enabled: true } });
  expect(refused.status).toBe(409);
  expect(
    (await api.request('PUT', `/public-api/agents/${agent}`, { body: { is_active: true } })).status,
  ).not.toBe(500);
});

test('the gate cannot be taken away by the very patch that it refuses', async () => {
  const agent = await gatedAgent();
  const path = `/v1/agents/${agent}`;
  const both = { test_gate: false, instructions: 'offer 20' };
  expect((await api.request('PATCH', path, { body: both })).status).toBe(409);
  const off = await api.request('PATCH', path, { body: { test_gate: false } });
  expect(off.json.data).toMatchObject({ test_gate: false, agent_version: 2, tool_versions: null });
  expect((await api.request('PATCH', path, { body: { instructions: 'offer 20' } })).status).toBe(
    200,
  );
});

test('a candidate takes no triggers, belongs to no time and is hidden from others', async () => {
  const agent = await gatedAgent();
  const path = `/v1/agents/${agent}/versions`;
  const refused = await api.request('POST', path, { body: { triggers: [], enabled: true } });
  expect([refused.status, refused.json.details]).toMatchObject([400, undefined]);
  const number = await candidate(agent, { instructions: 'offer 1' });
  const at = new Date(Date.now() + 60_000).toISOString();
  const then = await api.request('GET', `/public-api/agents/${agent}/version-at?at=${at}`);
  expect(then.text).not.toContain('offer 1');
  const other = { token: api.tokens.other };
  expect((await api.request('POST', `${path}/${number}/enable`, other)).status).toBe(404);
  expect((await api.request('POST', `${path}/99/enable`)).status).toBe(404);
  expect((await api.request('POST', `${path}/x/enable`)).status).toBe(404);
});

test('a tool that is edited after the gate let a version pass reaches the agent with its next tested version', async () => {
  const { db } = api.deps;
  const sandbox = createNotedSandbox();
  const of = { workspace_id: api.workspace.id, language: 'javascript' as const };
  const tool = await createCustomTool({ db, sandbox }, 'all', {
    ...{ ...of, name: 'weigh', description: 'Weighs.', code: 'one' },
    parameters: { id: { type: 'string' } },
  });
  const edit = (patch: { code: string; description?: string }) =>
    patchCustomTool({ db, sandbox }, 'all', tool.id, patch);
  const agent = await gatedAgent();
  const path = `/v1/agents/${agent}`;
  const shown = async () => (await api.request('GET', path)).json.data;
  const added = await candidate(agent, { tools: ['weigh'] });
  await api.tested({ agent_id: agent, variants: [{ version: added }] });
  expect((await api.request('POST', `${path}/versions/${added}/enable`)).status).toBe(200);
  expect((await shown()).tool_versions).toEqual({ [tool.id]: 1 });

  await edit({ code: 'two', description: 'Weighs otherwise.' });
  const offered = async () => {
    const key = { agentId: agent, version: (await shown()).agent_version };
    const version = await getAgentVersion(db, 'all', key);
    if (version === null) throw new Error('The version is not there.');
    const given = { workspaceId: api.workspace.id, definition: version.definition };
    const [one] = await createToolShelf(db, sandbox).toolsFor(given);
    await one?.call({ inputJson: '{}', key: 'k', signal: new AbortController().signal });
    return { one, code: sandbox.calls.at(-1)?.code };
  };
  expect(await offered()).toMatchObject({
    one: { version: 1, description: 'Weighs.' },
    code: 'one',
  });
  // What does not concern the content is not held up by the edit.
  const renamed = { triggers: [{ name: 'In', type: 'webhook', config: {} }] };
  expect((await api.request('PATCH', path, { body: renamed })).status).toBe(200);

  const next = await candidate(agent, { description: 'A desk.' });
  expect((await api.request('POST', `${path}/versions/${next}/enable`)).status).toBe(409);
  await api.tested({ agent_id: agent, variants: [{ version: next }] });
  await edit({ code: 'three' });
  const enabled = await api.request('POST', `${path}/versions/${next}/enable`);
  expect(enabled.json.data.tool_versions).toEqual({ [tool.id]: 2 });
  expect(await offered()).toMatchObject({
    one: { version: 2, description: 'Weighs otherwise.' },
    code: 'two',
  });

  await api.request('PATCH', path, { body: { test_gate: false } });
  expect(await offered()).toMatchObject({ one: { version: 3 }, code: 'three' });
  const on = await api.request('PATCH', path, { body: { test_gate: true } });
  expect(on.json.data.tool_versions).toEqual({ [tool.id]: 3 });
});
