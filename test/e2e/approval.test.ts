import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/engine-process.ts';
import { createServerPlace, type ServerPlace } from '../support/server-place.ts';
import type { ServerProcess } from '../support/server-process.ts';

// Runs that wait for people, in real servers: one is killed while they wait, another goes on with them.

let place: ServerPlace;
let server: ServerProcess;
let workspaceId: string;

beforeAll(async () => {
  const ask = { question: 'Refund 20?', proposed_action: 'Refund 20 to the guest.' };
  place = await createServerPlace({
    answers: async ({ body, toolResults }) => {
      const isApproved = JSON.stringify(body).includes('A person approved this.');
      const response = isApproved ? 'Refunded.' : 'Not refunded.';
      return toolResults === 0
        ? { toolCalls: [{ name: 'request_approval', arguments: ask }] }
        : { toolCalls: [{ name: 'finish', arguments: { disposition: 'resolved', response } }] };
    },
  });
  server = await place.start();
  const workspaces = await get<readonly { id: string }[]>('/v1/workspaces');
  workspaceId = workspaces[0]?.id ?? '';
});
afterAll(() => place[Symbol.asyncDispose]());

async function get<T>(path: string): Promise<T> {
  return (await server.call<{ data: T }>('GET', path)).body.data;
}

async function addAgent(approvals: object | null): Promise<string> {
  const made = await server.call<{ data: { id: string } }>('POST', '/v1/agents', {
    workspace_id: workspaceId,
    name: 'Cashier',
    description: 'Pays.',
    instructions: 'Ask a person before you refund anything.',
    tools: ['request_approval'],
    approvals,
    triggers: [{ name: 'Hook', type: 'webhook', config: {} }],
  });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body.data.id;
}

const run = async (agentId: string) =>
  (await server.call<{ data: { run_id: string } }>('POST', `/v1/agents/${agentId}/run`)).body.data
    .run_id;

interface Approval {
  readonly id: string;
  readonly number: number;
  readonly status: string;
}

async function pendingOf(runId: string): Promise<Approval> {
  let found: Approval | undefined;
  const path = `/v1/approvals?workspace_id=${workspaceId}&run_id=${runId}&status=pending`;
  await eventually(async () => {
    [found] = await get<readonly Approval[]>(path);
    return found !== undefined;
  });
  await eventually(async () => {
    const execution = await get<{ status: string }>(`/public-api/executions/${runId}`);
    return execution.status === 'waiting';
  });
  if (found === undefined) throw new Error('never');
  return found;
}

async function ended(runId: string) {
  type Run = { status: string; response: string | null; disposition: string | null };
  let last: Run | undefined;
  await eventually(async () => {
    last = await get<Run>(`/v1/runs/${runId}`);
    return last.status === 'completed' || last.status === 'failed';
  });
  return last;
}

test('runs wait through a crash, and go on as people decide, in either dialect', async () => {
  const agentId = await addAgent(null);
  const [first, second] = [await run(agentId), await run(agentId)];
  const approvals = [await pendingOf(first), await pendingOf(second)];
  await server.killGroup();
  server = await place.start();
  const [one, other] = approvals;
  const decided = await server.call('POST', `/v1/approvals/${one?.id}/decision`, {
    action: 'approve',
    note: 'Only this once.',
  });
  expect(decided.status).toBe(200);
  const rejected = await server.call<{ data: { status: string } }>(
    'POST',
    `/public-api/til-requests/${other?.number}/decision`,
    { action: 'reject' },
    { 'X-Workspace-Id': workspaceId },
  );
  expect([rejected.status, rejected.body.data.status]).toEqual([200, 'REJECTED']);
  expect(await ended(first)).toMatchObject({ status: 'completed', response: 'Refunded.' });
  expect(await ended(second)).toMatchObject({ status: 'completed', response: 'Not refunded.' });
  const steps = await get<readonly { type: string; message: string | null }[]>(
    `/public-api/executions/${first}/steps`,
  );
  expect(steps.map(({ type }) => type)).toEqual([
    'THOUGHT',
    'APPROVAL',
    'TOOL_CALL',
    'TOOL_RESULT',
    'THOUGHT',
    'FINAL_MESSAGE',
  ]);
});

test('what nobody decides in time follows its policy: it is handed over', async () => {
  const runId = await run(await addAgent({ expires_after_ms: 1_000, on_expiry: 'escalate' }));
  expect(await ended(runId)).toMatchObject({ status: 'completed', disposition: 'escalated' });
  const approvals = await get<readonly Approval[]>(
    `/v1/approvals?workspace_id=${workspaceId}&run_id=${runId}`,
  );
  expect(approvals).toMatchObject([{ status: 'expired' }]);
  const escalations = await get<readonly { disposition_reason: string }[]>(
    `/v1/escalations?workspace_id=${workspaceId}`,
  );
  expect(escalations).toMatchObject([
    { disposition_reason: 'approval_expired', status: 'pending' },
  ]);
});
