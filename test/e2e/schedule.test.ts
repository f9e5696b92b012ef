import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/engine-process.ts';
import { createServerPlace, type ServerPlace } from '../support/server-place.ts';
import type { ServerProcess } from '../support/server-process.ts';

// An agent that has itself run again in a moment, in a real server.

let place: ServerPlace;
let server: ServerProcess;
beforeAll(async () => {
  place = await createServerPlace({
    answers: async ({ body, toolResults }) => {
      const isFollowUp = JSON.stringify(body).includes('Follow up now.');
      const schedule = { in_minutes: 0.01, instructions: 'Follow up now.', payload: { round: 2 } };
      return toolResults === 0 && !isFollowUp
        ? { toolCalls: [{ name: 'schedule', arguments: schedule }] }
        : { toolCalls: [{ name: 'finish', arguments: { disposition: 'no_op', response: '' } }] };
    },
  });
  server = await place.start();
});
afterAll(() => place[Symbol.asyncDispose]());

interface Schedule {
  readonly status: string;
  readonly run_id: string | null;
  readonly created_by_run: string | null;
  readonly payload: unknown;
}

async function addAgent(): Promise<string> {
  const workspaces = await server.call<{ data: { id: string }[] }>('GET', '/v1/workspaces');
  const made = await server.call<{ data: { id: string } }>('POST', '/v1/agents', {
    workspace_id: workspaces.body.data[0]?.id,
    name: 'Follower',
    description: 'Follows up.',
    instructions: 'Follow up later.',
    tools: ['schedule'],
    triggers: [{ name: 'Hook', type: 'webhook', config: {} }],
  });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body.data.id;
}

async function schedulesOf(agentId: string): Promise<readonly Schedule[]> {
  const path = `/v1/schedules?agent_id=${agentId}`;
  const workspaces = await server.call<{ data: { id: string }[] }>('GET', '/v1/workspaces');
  const list = await server.call<{ data: Schedule[] }>(
    'GET',
    `${path}&workspace_id=${workspaces.body.data[0]?.id}`,
  );
  return list.body.data;
}

test('an agent schedules itself, runs once more with what it asked for, and both runs end', async () => {
  const agentId = await addAgent();
  const first = await server.call<{ data: { id: string } }>('POST', `/v1/agents/${agentId}/run`);
  let fired: Schedule | undefined;
  await eventually(async () => {
    [fired] = await schedulesOf(agentId);
    return fired?.status === 'fired';
  });
  expect(fired).toMatchObject({ created_by_run: first.body.data.id, payload: { round: 2 } });
  await eventually(async () => {
    const run = await server.call<{ data: { status: string } }>(
      'GET',
      `/v1/agents/${agentId}/runs/${fired?.run_id}`,
    );
    return run.body.data.status === 'completed';
  });
  expect(await schedulesOf(agentId)).toHaveLength(1);
}, 60_000);

test('a dry run only plans to schedule', async () => {
  const agentId = await addAgent();
  const dry = await server.call<{ data: { run: { status: string } } }>(
    'POST',
    `/v1/agents/${agentId}/run?wait=30`,
    { dry_run: true },
  );
  expect(dry.body.data.run.status).toBe('completed');
  expect(await schedulesOf(agentId)).toEqual([]);
}, 60_000);
