import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';
import { addPerson } from '../../../test/support/people.ts';
import { insertAgentRow, insertRunRow } from '../../../test/support/runs.ts';
import { newId } from '../../core/ids.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

/** An approval that a run of the workspace waits for. */
async function asked(
  question = 'May it?',
): Promise<{ id: string; runId: string; agentId: string }> {
  const { db } = api.deps;
  const { agentId } = await insertAgentRow(db);
  const workspaceId = api.workspace.id;
  await db.execute({
    text: 'UPDATE agents SET workspace_id = $2 WHERE id = $1',
    values: [agentId, workspaceId],
  });
  const runId = await insertRunRow(db, { workspaceId, agentId, owner: null });
  await db.execute({
    text: "UPDATE runs SET status = 'waiting', wake_at = NULL, entity_id = 'ticket-1' WHERE id = $1",
    values: [runId],
  });
  const id = newId('approval');
  await db.execute({
    text: `INSERT INTO approvals (id, workspace_id, run_id, agent_id, step, kind, tool_name, question, proposal,
        approvers, on_expiry, expires_at)
      VALUES ($1, $2, $3, $4, 2, 'tool_call', 'pay', $5, '{"amount":12345678901234567890}', '{}', 'reject',
        now() + interval '1 day')`,
    values: [id, workspaceId, runId, agentId, question],
  });
  return { id, runId, agentId };
}

const isDue = async (runId: string) => {
  const [row] = await api.deps.db.query<{ due: boolean }>({
    text: 'SELECT wake_at <= clock_timestamp() AS due FROM runs WHERE id = $1',
    values: [runId],
  });
  return row?.due === true;
};

test('an approval is shown, decided in either dialect, and its run is due by it', async () => {
  const first = await asked();
  const got = await api.request('GET', `/v1/approvals/${first.id}`);
  expect(got.json.data).toMatchObject({
    id: first.id,
    status: 'pending',
    kind: 'tool_call',
    tool_name: 'pay',
    approvers: [],
    entity_id: 'ticket-1',
    decided_by: null,
  });
  expect(got.text).toContain('12345678901234567890');
  expect(await isDue(first.runId)).toBe(false);
  const decided = await api.request('POST', `/v1/approvals/${first.id}/decision`, {
    body: { action: 'ask_for_changes', note: 'Half of it.' },
  });
  expect(decided.json.data).toMatchObject({
    status: 'changes_requested',
    note: 'Half of it.',
    decided_by: { name: 'test' },
  });
  expect(await isDue(first.runId)).toBe(true);

  const second = await asked();
  const listed = await api.request('GET', `/public-api/executions/${second.runId}/til-requests`);
  const [row] = listed.json.data;
  expect(row).toMatchObject({ uid: second.id, status: 'PENDING', ticket_id: 'ticket-1' });
  expect(row.id).toEqual(expect.any(Number));
  const path = `/public-api/til-requests/${row.id}/decision`;
  const answer = await api.request('POST', path, { body: { action: 'approve', note: '' } });
  expect(answer.json.data).toMatchObject({
    status: 'APPROVED',
    comment: null,
    decided_by: { name: 'test' },
  });
  expect(await isDue(second.runId)).toBe(true);
});

test('a second decision is refused in both dialects, and so is one of a run that has ended', async () => {
  const { id, runId } = await asked();
  await api.request('POST', `/v1/approvals/${id}/decision`, { body: { action: 'reject' } });
  const again = await api.request('POST', `/v1/approvals/${id}/decision`, {
    body: { action: 'approve' },
  });
  expect([again.status, again.json.error]).toEqual([409, expect.stringContaining('was rejected')]);
  const neo = await api.request('POST', `/public-api/til-requests/${id}/decision`, {
    body: { action: 'approve' },
  });
  expect([neo.status, neo.json.error.code]).toEqual([409, 'already_decided']);
  expect(await isDue(runId)).toBe(true);

  const ended = await asked();
  await api.deps.db.execute({
    text: 'UPDATE runs SET has_asked = true WHERE id = $1',
    values: [ended.runId],
  });
  const agent = (await api.request('GET', `/v1/approvals/${ended.id}`)).json.data.agent_id;
  await api.request('POST', `/v1/agents/${agent}/runs/${ended.runId}/cancel`);
  await api.request('POST', `/public-api/executions/${ended.runId}/cancel`);
  const late = await api.request('POST', `/public-api/til-requests/${ended.id}/decision`, {
    body: { action: 'approve' },
  });
  expect([late.status, late.json.error.code]).toEqual([409, 'conflict']);
});

test('bad decisions name the field and the fix', async () => {
  const { id } = await asked();
  const path = `/v1/approvals/${id}/decision`;
  for (const [body, status, words] of [
    [{}, 400, 'action'],
    [{ action: 'maybe' }, 400, 'approve'],
    [{ action: 'approve', note: 7 }, 400, 'note'],
    ['{"action":', 400, 'JSON'],
  ] as const) {
    const answer = await api.request('POST', path, { body });
    expect([answer.status, answer.json.error]).toEqual([status, expect.stringContaining(words)]);
  }
  const neo = await api.request('POST', `/public-api/til-requests/${id}/decision`, {
    body: { action: 'maybe' },
  });
  expect([neo.status, neo.json.error.details]).toEqual([422, { action: expect.any(String) }]);
  for (const unknown of ['ap00000000000000000000000000000000', '999999999', 'x']) {
    const answer = await api.request('POST', `/v1/approvals/${unknown}/decision`, {
      body: { action: 'approve' },
    });
    expect(answer.status).toBe(404);
  }
  expect((await api.request('GET', `/v1/approvals/${id}`)).json.data.status).toBe('pending');
});

test('lists are filtered and read page by page', async () => {
  const { agentId, runId, id } = await asked('Pay the 100% of Miller_s bill?');
  const ids = async (path: string) =>
    (await api.request('GET', path)).json.data.map(
      (row: { id: string; uid?: string }) => row.uid ?? row.id,
    );
  expect(await ids(`/v1/approvals?agent_id=${agentId}`)).toEqual([id]);
  expect(await ids(`/v1/approvals?run_id=${runId}&status=pending`)).toEqual([id]);
  expect(await ids(`/v1/approvals?run_id=${runId}&status=approved`)).toEqual([]);
  expect(await ids('/v1/approvals?approver=tk1')).toEqual([]);
  expect(
    await ids(`/public-api/til-requests?q=100%25%20of%20miller_s&status=PENDING,APPROVED`),
  ).toEqual([id]);
  expect(await ids('/public-api/til-requests?created_before=2020-01-01')).toEqual([]);
  const first = await api.request('GET', '/v1/approvals?limit=1');
  const cursor = encodeURIComponent(first.json.next_cursor);
  expect((await ids(`/v1/approvals?limit=1&cursor=${cursor}`))[0]).not.toBe(first.json.data[0].id);
  expect((await api.request('GET', `/v1/approvals?status=pending&cursor=${cursor}`)).status).toBe(
    400,
  );
  expect((await api.request('GET', '/public-api/til-requests?status=MAYBE')).status).toBe(422);
});

test('an agent says what its runs ask, and a name that guards nothing is refused', async () => {
  const body = {
    workspace_id: api.workspace.id,
    name: 'Payer',
    description: 'Pays.',
    instructions: 'Pay.',
    tools: ['request_approval'],
  };
  const made = await api.request('POST', '/v1/agents', {
    body: { ...body, approvals: { run: 'reply', tools: ['request_approval'] } },
  });
  expect(made.json.data.approvals).toEqual({
    run: 'reply',
    tools: ['request_approval'],
    approvers: [],
    expires_after_ms: 604_800_000,
    on_expiry: 'reject',
  });
  for (const [approvals, field] of [
    [{ tools: ['no-such-tool'] }, 'approvals.tools[0]'],
    [{ tools: ['agent:7'] }, 'approvals.tools[0]'],
    [{ approvers: ['tk0'] }, 'approvals.approvers[0]'],
    [{ on_expiry: 'approve' }, 'approvals.on_expiry'],
    [{ expires_after_ms: 1 }, 'approvals.expires_after_ms'],
    [{ expires: 1 }, 'expires'],
  ] as const) {
    const refused = await api.request('POST', '/v1/agents', { body: { ...body, approvals } });
    expect([refused.status, refused.json.error]).toEqual([400, expect.stringContaining(field)]);
  }
});

test('who owns no workspace sees of TIL requests those that they may decide', async () => {
  const { id: others } = await asked();
  const { id: anybodys } = await asked();
  const person = await addPerson(api, api.workspace.id, 'operator');
  const { id: theirs } = await asked();
  const approvers = 'UPDATE approvals SET approvers = $2 WHERE id = $1';
  await api.deps.db.execute({ text: approvers, values: [others, ['us1']] });
  await api.deps.db.execute({ text: approvers, values: [theirs, [person.id]] });
  const listed = async (headers: Record<string, string>) => {
    const token = 'cookie' in headers ? null : api.tokens.write;
    const answer = await api.request('GET', '/public-api/til-requests', { token, headers });
    const ids = answer.json.data.map(({ uid }: { uid: string }) => uid);
    return [others, anybodys, theirs].map((one) => ids.includes(one));
  };
  expect(await listed({ cookie: person.cookie })).toEqual([false, true, true]);
  expect(await listed({})).toEqual([true, true, true]);
});
