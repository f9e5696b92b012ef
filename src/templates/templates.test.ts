import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../test/support/api.ts';
import { requires } from '../../test/support/requires.ts';
import { createSandbox } from '../sandbox/create-sandbox.ts';
import { probeSandbox } from '../sandbox/probe-sandbox.ts';
import { templateLibrary } from './library.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const slugs = templateLibrary.map(({ slug }) => slug);

async function install(slug: string, path = `/v1/templates/${slug}/install`) {
  return await api.request('POST', path);
}

describe('templates', () => {
  test('are listed in both dialects', async () => {
    const ours = await api.request('GET', '/v1/templates');
    expect(ours.json.data.map((each: { slug: string }) => each.slug)).toEqual(slugs);
    const { json } = await api.request('GET', '/public-api/templates/2');
    expect(json.data).toMatchObject({
      ...{ id: 2, slug: 'it-ticket-triage', popular: true, supported_psas: [], actions: [] },
      agent_settings: { custom_instructions: expect.stringContaining('ticket') },
      toolbox: { tool_settings_by_type: { 'ticket-priority': {} } },
    });
    expect((await api.request('GET', '/v1/templates/none')).status).toBe(404);
    expect((await api.request('GET', '/public-api/templates/99')).status).toBe(404);
    expect((await install('none')).status).toBe(404);
  });

  test.each(slugs)('%s is installed whole, and a second time changes nothing', async (slug) => {
    const { status, json } = await install(slug);
    expect([status, json.error]).toEqual([200, undefined]);
    const { parts, agent_id } = json.data;
    const kinds = parts.map((part: { kind: string }) => part.kind);
    expect(new Set(kinds)).toEqual(new Set(['tool', 'skill', 'knowledge', 'agent', 'test']));
    expect(parts.every((part: { outcome: string }) => part.outcome === 'created')).toBe(true);
    const agent = await api.request('GET', `/v1/agents/${agent_id}`);
    expect(agent.json.data.skill_ids).toHaveLength(1);
    const tests = await api.request('GET', `/v1/tests?agent_id=${agent_id}`);
    expect(tests.json.data).toHaveLength(1);
    const again = await install(slug, `/public-api/templates/${slug}/install`);
    expect(again.json.data.parts).toEqual(
      parts.map((part: object) => ({ ...part, outcome: 'kept' })),
    );
  });

  test('installed at the same time are installed once', async () => {
    const token = api.tokens.other;
    const answers = await Promise.all(
      [1, 2, 3].map(() => api.request('POST', '/v1/templates/refund-check/install', { token })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(answers.map(({ json }) => json.data.agent_id)).size).toBe(1);
  });

  test('are refused whole where something of the name differs, and say what', async () => {
    const token = api.tokens.other;
    const made = await api.request('POST', '/v1/skills', {
      token,
      body: {
        ...{ workspace_id: api.otherWorkspace.id, name: 'report-format' },
        ...{ description: 'Mine.', body: 'Mine.' },
      },
    });
    const answer = await api.request('POST', '/v1/templates/daily-report/install', { token });
    expect([answer.status, answer.json.error]).toEqual([
      409,
      expect.stringContaining(`skill "report-format" (${made.json.data.id})`),
    ]);
    const tools = await api.request('GET', '/v1/custom-tools', { token });
    const names = tools.json.data.map((tool: { name: string }) => tool.name);
    expect(names).not.toContain('compare-figures');
  });
});

describe('/public-api/schemas', () => {
  test('says what can be written and named', async () => {
    const { json } = await api.request('GET', '/public-api/schemas');
    for (const { name } of json.data) {
      const answer = await api.request('GET', `/public-api/schemas/${name}`);
      expect([name, answer.status]).toEqual([name, 200]);
    }
    const agent = await api.request('GET', '/public-api/schemas/agent');
    expect(agent.json.data).toMatchObject({
      type: 'object',
      required: expect.arrayContaining(['name', 'instructions']),
      properties: { memory: expect.anything(), skill_ids: expect.anything() },
    });
    expect((await api.request('GET', '/public-api/schemas/toString')).status).toBe(404);
  });
});

const [jail] = await probeSandbox(['jail']);

describe('tools of templates', requires(jail?.usable === true, 'no jail'), () => {
  test('check, and give what their examples say', { timeout: 60_000 }, async () => {
    await using resources = new AsyncDisposableStack();
    const cacheDir = await mkdtemp(join(tmpdir(), 'signalbox-test-'));
    resources.defer(() => rm(cacheDir, { recursive: true }));
    const sandbox = resources.use(await createSandbox({ choice: 'jail', cacheDir }));
    for (const { name, language, code, example, parameters } of templateLibrary.flatMap(
      ({ tools }) => tools,
    )) {
      const checked = await sandbox.check(language, code);
      const unmapped = parameters === undefined ? checked.parameters.unmapped : [];
      expect([name, checked.problems, unmapped]).toEqual([name, [], []]);
      const outcome = await sandbox.run({
        ...{ language, code, timeoutMs: 20_000, memoryMb: 128, key: name },
        parametersJson: JSON.stringify(example.parameters),
      });
      const rawData = outcome.ok ? JSON.parse(outcome.resultJson).rawData : outcome.error;
      expect([name, rawData]).toEqual([name, example.rawData]);
    }
  });
});
