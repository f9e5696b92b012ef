import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/engine-process.ts';
import { createServerPlace, type ServerPlace } from '../support/server-place.ts';
import type { ServerProcess } from '../support/server-process.ts';

// A chain in real servers: killed while a model is asked, and again while a person is.

let place: ServerPlace;
let server: ServerProcess;
let asked = 0;
const prompts: string[] = [];

beforeAll(async () => {
  place = await createServerPlace({
    answers: async ({ body }) => {
      asked += 1;
      prompts.push(JSON.stringify(body));
      // The first call is in flight when its server is killed.
      if (asked === 1) await new Promise(() => undefined);
      return { text: asked === 2 ? 'P1, I think.' : '{"priority": "P1"}' };
    },
  });
  server = await place.start();
});
afterAll(() => place[Symbol.asyncDispose]());

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await server.call<{ data: T }>(method, path, body);
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body.data;
}

const chain = {
  name: 'Triage',
  trigger_type: 'TRIGGERED',
  entity_type: 'ticket',
  actions: [
    {
      id: 'sort',
      action_type: 'EXTRACT',
      input_as_dict: {
        instructions: 'How urgent is: {{actions.find_entities.rawData.records.0.summary}}',
        fields: [{ name: 'priority', type: 'string', enum: ['P1', 'P2'], is_required: true }],
      },
    },
    {
      id: 'urgent',
      action_type: 'CONDITION',
      input_as_dict: { all: [{ field: 'actions.sort.priority', op: 'eq', value: 'P1' }] },
    },
    {
      id: 'ask',
      action_type: 'REQUEST_TECHNICIAN_APPROVAL',
      input_as_dict: {
        input: {
          question: 'Call somebody about {{entity_id}}?',
          proposed_action: 'Call somebody.',
        },
      },
    },
    {
      id: 'say',
      action_type: 'RESPOND',
      input_as_dict: { response: '{{entity_id}} is {{actions.sort.priority}}.' },
    },
  ],
};

interface Step {
  readonly type: string;
  readonly status: string;
  readonly name: string | null;
  readonly seq: number;
}

test('a chain goes on after crashes where it was, asks people, and is forked', async () => {
  const [workspace] = await call<{ id: string }[]>('GET', '/v1/workspaces');
  const named = `workspace_id=${workspace?.id}`;
  const agent = await call<{ id: string; uid: string; actions: { id: string }[] }>(
    'POST',
    '/public-api/agents',
    chain,
  );
  expect(agent.actions.map(({ id }) => id)).toEqual([
    ...['find_entities', 'found', 'sort', 'urgent', 'ask', 'say'],
  ]);
  await call('PUT', `/v1/records/psa-ticket/t1?${named}`, {
    source: 'test',
    version: 1,
    data: { summary: 'Server room on fire' },
  });
  await eventually(async () => asked === 1);
  const [run] = await call<{ id: string; run_id: string }[]>('GET', `/v1/agents/${agent.uid}/runs`);
  const runPath = `/v1/agents/${agent.uid}/runs/${run?.id}`;
  const steps = () => call<Step[]>('GET', `${runPath}/steps`);
  await server.killGroup();
  server = await place.start();

  const approvals = `/v1/approvals?${named}&status=pending`;
  let pending: { id: string; question: string } | undefined;
  await eventually(async () => {
    [pending] = await call<{ id: string; question: string }[]>('GET', approvals);
    return pending !== undefined;
  });
  expect(pending?.question).toContain('t1');
  await server.killGroup();
  server = await place.start();
  await call('POST', `/v1/approvals/${pending?.id}/decision`, { action: 'approve' });
  type Run = { status: string; response: string; disposition: string };
  let ended: Run | undefined;
  await eventually(async () => {
    ended = await call<Run>('GET', runPath);
    return ended.status === 'completed' || ended.status === 'failed';
  });
  expect(ended).toMatchObject({
    ...{ status: 'completed', response: 't1 is P1.', disposition: 'resolved' },
  });
  const trace = (await steps()).map(({ type, name, status }) => [type, name, status]);
  const model = expect.any(String);
  expect(trace).toEqual([
    ['tool', 'find_records', 'done'],
    ['tool', 'condition', 'done'],
    ['model', model, 'lost'],
    ['model', model, 'done'],
    ['model', model, 'done'],
    ['tool', 'condition', 'done'],
    ['approval', 'request_approval', 'done'],
    ['tool', 'request_approval', 'done'],
  ]);
  expect(asked).toBe(3);
  expect(prompts[1]).toContain('Server room on fire');
  expect(prompts[2]).toContain('no JSON');

  const condition = (await steps()).at(5);
  const fork = await call<{ run_id: string }>('POST', `${runPath}/fork`, {
    from_step: condition?.seq,
  });
  await eventually(async () => {
    [pending] = await call<{ id: string; question: string }[]>('GET', approvals);
    return pending !== undefined;
  });
  await call('POST', `/v1/approvals/${pending?.id}/decision`, { action: 'reject' });
  await eventually(async () => {
    const forked = await call<Run>('GET', `/v1/runs/${fork.run_id}`);
    ended = forked;
    return forked.status === 'completed' || forked.status === 'failed';
  });
  expect(ended).toMatchObject({ disposition: 'no_op', disposition_reason: 'approval_rejected' });
  expect(asked).toBe(3);
}, 240_000);
