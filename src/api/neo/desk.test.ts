import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';
import { insertRunRow } from '../../../test/support/runs.ts';
import { scriptTool } from '../../records/script-tool.ts';
import { getRun } from '../../store/runs.ts';

// What Neo's dialect shows of a service desk: channels, integrations, failures, insights, scripts.

let api: TestApi;
let agent: { id: string; number: string; hook: string };
beforeAll(async () => {
  api = await createTestApi();
  const made = await api.request('POST', '/v1/agents', {
    body: {
      ...{ workspace_id: api.workspace.id, name: 'Desk', description: 'Helps.' },
      instructions: 'Help.',
      triggers: [
        { name: 'Chat', type: 'message', config: { channels: ['chat'] } },
        { name: 'Hook', type: 'webhook', config: {} },
      ],
    },
  });
  const { id, triggers } = made.json.data;
  const number = (await api.request('GET', `/public-api/agents/${id}`)).json.data.id;
  agent = { id, number, hook: triggers[1].id };
});
afterAll(() => api[Symbol.asyncDispose]());

const say = (kind: string, external_id: string, data: object) =>
  api.request('POST', `/v1/records/${kind}`, { body: { records: [{ external_id, data }] } });

test('a channel is bound to an agent that hears it, greets as it was told, and needs no credentials here', async () => {
  const path = '/public-api/channels';
  const make = (body: object) => api.request('POST', path, { body });
  const wanted = { internal_name: 'Portal', audience: 'END_USER', agent_id: Number(agent.number) };
  const made = await make({ ...wanted, welcome_message: 'Hello' });
  expect(made.json.data, made.text).toMatchObject({
    ...{ transport: 'PORTAL', status: 'ACTIVE', agent_id: Number(agent.number) },
    ...{ display_name: 'Portal', welcome_message: 'Hello' },
  });
  expect((await make({ ...wanted, transport: 'TEAMS' })).text).toContain('POST /v1/channels');
  expect((await make({ ...wanted, agent_id: 'nobody' })).status).toBe(404);
  expect((await make({ ...wanted, color_icon_url: 'javascript:x' })).status).toBe(422);
  const deaf = await api.request('POST', '/v1/agents', {
    body: {
      ...{ workspace_id: api.workspace.id, name: 'Deaf', description: 'Hears nothing.' },
      instructions: 'Rest.',
    },
  });
  expect((await make({ ...wanted, agent_id: deaf.json.data.id })).text).toContain('hears nothing');
  const { id } = made.json.data;
  const changed = await api.request('PATCH', `${path}/${id}`, {
    body: { status: 'DISCONNECTED', display_name: 'Help', agent_id: null },
  });
  expect(changed.json.data, changed.text).toMatchObject({
    ...{ status: 'DISCONNECTED', display_name: 'Help', welcome_message: 'Hello', agent_id: null },
  });
  const { db } = api.deps;
  const patch = (body: object) => api.request('PATCH', `${path}/${id}`, { body });
  // Both are asked for before either is written.
  const patches = await db.transaction(async (tx) => {
    await tx.query({ text: 'SELECT 1 FROM channels WHERE id = $1 FOR UPDATE', values: [id] });
    const both = [patch({ relay_prefix: 'Desk' }), patch({ description: 'For guests' })];
    const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    while ((await db.query(waiting)).length < 2);
    return { both };
  });
  await Promise.all(patches.both);
  expect((await api.request('GET', `${path}/${id}`)).json.data).toMatchObject({
    ...{ relay_prefix: 'Desk', description: 'For guests', display_name: 'Help' },
  });
  const greets = await api.request('POST', `${path}/install-events`, { body: { channel_id: id } });
  expect(greets.json.data).toMatchObject({ display_name: 'Help', welcome_message: 'Hello' });
  expect((await api.request('GET', `${path}/${id}`, { token: api.tokens.other })).status).toBe(404);
  expect((await api.request('DELETE', `${path}/${id}`)).status).toBe(200);
});

test('synchronisations and phone numbers are shown as integrations tell them', async () => {
  const at = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
  await say('sync-runs', 's1', { integration: 'psa', started_at: at(1), activities: [{ a: 1 }] });
  await say('sync-runs', 's2', { integration: 'psa', started_at: at(40) });
  await say('sync-runs', 's3', { integration: 'rmm', started_at: at(1), error: 'Refused' });
  const runs = await api.request('GET', '/public-api/integrations/psa/sync-runs');
  expect(runs.json.data, runs.text).toMatchObject([{ run_id: 's1', activities: [{ a: 1 }] }]);
  const all = `/public-api/integrations/psa/sync-runs?since=${at(60)}`;
  expect((await api.request('GET', all)).json.data).toHaveLength(2);
  await say('phone-numbers', 'p1', { phone_number: '+15550100', agent_settings: { a: 1 } });
  const numbers = await api.request('GET', '/public-api/phone/numbers');
  expect(numbers.json.data).toMatchObject([{ phone_number: '+15550100', psa_settings: null }]);
  const integrations = '/public-api/integrations';
  expect((await api.request('GET', integrations)).json.data).toEqual([]);
  for (const name of ['one', 'two']) {
    await api.request('POST', '/v1/openapi-tools', {
      body: {
        ...{ workspace_id: api.workspace.id, name, base_url: 'https://x.example.com' },
        document: '{"openapi":"3.1.0","paths":{"/run":{"post":{"operationId":"run"}}}}',
      },
    });
  }
  const newest = await api.request('GET', `${integrations}?page_size=1`);
  expect(newest.json.data, newest.text).toMatchObject([{ name: 'two', status: 'CONNECTED' }]);
  const { next_cursor: cursor } = newest.json.meta.pagination;
  const next = await api.request('GET', `${integrations}?page_size=1&cursor=${cursor}`);
  expect(next.json).toMatchObject({
    ...{ data: [{ name: 'one' }], meta: { pagination: { has_more: false } } },
  });
});

test('technicians are mapped to members by address, and never over what somebody set', async () => {
  const member = await api.request('POST', `/v1/workspaces/${api.workspace.id}/users`, {
    token: api.tokens.admin,
    body: { email: 'tom@example.com', role: 'viewer' },
  });
  expect(member.status, member.text).toBe(201);
  await say('technicians', 't1', { name: 'Tom', email: 'Tom@Example.com' });
  await say('technicians', 't2', { name: 'Uma', email: 'uma@example.com' });
  await say('technicians', 't3', { name: 'Vic', email: 'tom@example.com', user_id: 'set' });
  const path = '/public-api/teams-availability/auto-map';
  expect((await api.request('POST', path)).json.data).toEqual({ mapped: 1, kept: 1, unmatched: 1 });
  expect((await api.request('POST', path)).json.data).toEqual({ mapped: 0, kept: 2, unmatched: 1 });
  const tom = await api.request('GET', '/v1/records/technicians/t1');
  expect(tom.json.data.user_id).toBe(member.json.data.id);
});

test('failures of an agent for one reason are one message; what was worked is analysed; people are asked', async () => {
  const of = { workspaceId: api.workspace.id, agentId: agent.id, owner: null };
  for (const error of ['First', 'Second']) {
    const id = await insertRunRow(api.deps.db, of);
    await api.deps.db.execute({
      text: `UPDATE runs SET status = 'failed', stop_reason = 'timeout', error = $2, entity_id = 'T7', wake_at = NULL,
        completed_at = clock_timestamp() WHERE id = $1`,
      values: [id, error],
    });
  }
  const inbox = await api.request('GET', '/public-api/inbox');
  expect(inbox.json.data, inbox.text).toMatchObject([
    {
      ...{ message: 'Desk failed: Second', read: false, number_of_occurrences: 2 },
      ...{ affected_workflow_ids: [Number(agent.number)], affected_entity_numbers: ['T7'] },
      deduplication_message_id: `${agent.id}:timeout`,
    },
  ]);
  expect(
    (await api.request('GET', '/public-api/inbox', { token: api.tokens.other })).json.data,
  ).toEqual([]);
  const before = await api.request('GET', '/public-api/insights/result');
  expect(before.json.data).toBeNull();
  const body = { period_days: 1, hourly_rate: 60 };
  const { json } = await api.request('POST', '/public-api/insights/analyze', { body });
  const result = await api.request('GET', '/public-api/insights/result');
  expect(result.json.data, result.text).toMatchObject({
    ...{ analysis_id: json.data.analysis_id, period_days: 1, hourly_rate: 60 },
    result: { totals: { executions: 2, failures: 2 }, agents: [{ agent_name: 'Desk' }] },
  });
  const escalate = (change: object) =>
    api.request('POST', '/public-api/escalate-to-neo-team', {
      body: { summary: 'Offline', details: 'Since noon.', ...change },
    });
  const ticket = (await escalate({})).json.data.ticket_id;
  const listed = await api.request('GET', '/v1/tickets');
  expect(listed.json.data).toMatchObject([{ id: ticket, status: 'new', subject: 'Offline' }]);
  expect((await escalate({ summary: 'x'.repeat(301) })).status).toBe(422);
  expect((await escalate({ execution_id: 'nobody' })).status).toBe(404);
  expect((await escalate({ requester_user_id: 'nobody' })).text).toContain('no member');
});

test('a script runs on a known machine by the tool that it names, with what it fixes, and is shown', async () => {
  await api.request('POST', '/v1/openapi-tools', {
    body: {
      ...{ workspace_id: api.workspace.id, name: 'rmm', base_url: 'https://rmm.example.com' },
      document: '{"openapi":"3.1.0","paths":{"/run":{"post":{"operationId":"run"}}}}',
    },
  });
  await say('rmm-scripts', 'restart', { name: 'Restart', tool: 'rmm__run', arguments: { id: 9 } });
  await say('rmm-scripts', 'off', { name: 'Off', tool: 'rmm__run', is_enabled: false });
  await say('rmm-scripts', 'lost', { name: 'Lost', tool: 'rmm__gone' });
  await say('psa-configuration', 'pc1', { name: 'PC 1' });
  const started = await api.request('POST', `/v1/agents/${agent.id}/run`, {
    body: { trigger_id: agent.hook },
  });
  const { run_id: runId } = started.json.data;
  const run = await getRun(api.deps.db, 'all', runId);
  if (run === null) throw new Error('The run is not there.');
  const inputs: unknown[] = [];
  const tool = scriptTool(
    {
      db: api.deps.db,
      connected: {
        sourceTools: () => [
          {
            ...{ name: 'rmm__run', description: '', inputSchema: {}, toolId: null, version: null },
            ...{ idempotent: false, requiresApproval: false, hasEffects: true },
            check: (value) => ({ ok: true, value: value as Record<string, unknown> }),
            call: async ({ inputJson }) => {
              inputs.push(JSON.parse(inputJson));
              const outputJson = '{"message":"restarted"}';
              return { ok: true, outputJson, modelText: outputJson, logs: null, runTimeMs: 1 };
            },
          },
        ],
      },
    },
    run,
  );
  expect(tool).toMatchObject({ requiresApproval: true, hasEffects: true, idempotent: false });
  let calls = 0;
  const call = async (script_id: string, machine_id: string) => {
    const checked = tool.check({ script_id, machine_id, arguments: { id: 1, force: true } });
    if (!checked.ok) return checked.problem;
    const key = `${run.id}:${++calls}`;
    const inputJson = JSON.stringify(checked.value);
    const done = await tool.call({ inputJson, key, signal: AbortSignal.timeout(20_000) });
    return done.ok ? done.outputJson : done.error;
  };
  expect(await call('restart', 'pc9')).toContain('no psa configuration pc9');
  expect(await call('format', 'pc1')).toContain('no rmm script format');
  expect(await call('off', 'pc1')).toContain('switched off');
  expect(await call('lost', 'pc1')).toContain('rmm__gone');
  expect(await call('restart', 'pc1')).toContain('restarted');
  expect(inputs).toEqual([{ id: 9, force: true, machine_id: 'pc1' }]);
  const path = '/public-api/rmm-scripts';
  const listed = await api.request('GET', `${path}?machine_id=pc1&execution_id=${runId}`);
  expect(listed.json.data, listed.text).toMatchObject([
    {
      ...{ script_id: 'restart', script_name: 'Restart', machine_id: 'pc1', status: 'DONE' },
      ...{ input: { id: 9 }, output: { message: 'restarted' }, tool_type_name: 'rmm__run' },
    },
  ]);
  const one = `${path}/${listed.json.data[0].id}`;
  expect((await api.request('GET', one)).status).toBe(200);
  expect((await api.request('GET', one, { token: api.tokens.other })).status).toBe(404);
  expect((await api.request('GET', `${path}?status=FAILED`)).json.data).toEqual([]);
});
