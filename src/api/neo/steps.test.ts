import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';
import { functionTool, startTestEngine } from '../../../test/support/engine.ts';
import { addAgent, documentFault, runNow } from '../../../test/support/neo.ts';
import { createApi } from '../app.ts';

// Runs that a real engine drives, on scripted models.

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const price = { input: 1_000_000, output: 1_000_000 };
const usage = { input_tokens: 10, output_tokens: 5 };
const scripts = {
  works: {
    price,
    turns: [
      {
        answer: {
          text: 'I look it up.',
          tool_calls: [
            { name: 'look-up', arguments: { id: 7 } },
            { name: 'break', arguments: {} },
          ],
          usage,
        },
      },
      {
        expect: { results_of: ['look-up', 'break'] },
        answer: {
          tool_calls: [
            {
              name: 'finish',
              arguments: {
                disposition: 'resolved',
                disposition_reason: 'found',
                response: 'It is done.',
                reflection: 'Went well.',
              },
            },
          ],
          usage,
        },
      },
    ],
  },
  fails: {
    turns: [{ answer: { error: { kind: 'bad_request' as const, message: 'No such thing.' } } }],
  },
};
const tools = [
  functionTool('look-up', async (input) => ({ found: input })),
  functionTool('break', async () => {
    throw new Error('It broke.');
  }),
];

/** One run of an agent on this script, to its end, by way of the API. */
async function execute(script: keyof typeof scripts) {
  await using engine = await startTestEngine({ db: api.deps.db, scripts, tools });
  await engine.start();
  const app = createApi({ ...api.deps, ...engine.deps, feeds: engine.feeds });
  const request: TestApi['request'] = async (method, path, { body } = {}) => {
    const response = await app.request(path, {
      method,
      headers: {
        Authorization: `Bearer ${api.tokens.write}`,
        'Content-Type': 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const { status, headers } = response;
    return { status, headers, text, json: JSON.parse(text) };
  };
  const agent = await addAgent(api, { model: `scripted/${script}` });
  const body = { target_entity_id: 'ticket-1' };
  const { json } = await runNow({ request }, agent.number, { body });
  const executionId: string = json.data.execution_id;
  const { id } = (await request('GET', `/public-api/executions/${executionId}`)).json.data;
  await engine.ended(id);
  const execution = (await request('GET', `/public-api/executions/${executionId}`)).json.data;
  const steps = async (query = '') => {
    const path = `/public-api/executions/${executionId}/steps?${query}`;
    const answer = await request('GET', path);
    const operation = 'GET /public-api/executions/{execution_id}/steps';
    expect(documentFault(operation, answer), answer.text).toBeNull();
    return answer;
  };
  return { agent, execution, steps, all: (await steps()).json.data };
}

type Row = Record<string, unknown>;
const typesOf = (rows: readonly Row[]) => rows.map((row) => row.type);

describe('an execution that succeeds', () => {
  let done: Awaited<ReturnType<typeof execute>>;
  beforeAll(async () => {
    done = await execute('works');
  });

  test('shows what it decided, used and cost', () => {
    const { execution } = done;
    expect(execution).toMatchObject({
      status: 'success',
      error: null,
      message_for_dashboard: 'It is done.',
      disposition: 'resolved',
      disposition_reason: 'found',
      reflection: 'Went well.',
      token_usage: { input: 20, output: 10 },
      total_cost: 30,
      stop_reason: 'completed',
      agent_version: 1,
    });
    const spent = Date.parse(execution.completed_at) - Date.parse(execution.created_at);
    expect(execution.seconds_spent).toBe(spent / 1_000);
    expect(execution.updated_at).toBe(execution.completed_at);
  });

  test('has its thoughts, calls, results and final message in order', () => {
    const { all } = done;
    expect(typesOf(all).slice(0, 3)).toEqual(['THOUGHT', 'TOOL_CALL', 'TOOL_CALL']);
    expect(typesOf(all).slice(3)).toEqual([
      'TOOL_RESULT',
      'TOOL_RESULT',
      'THOUGHT',
      'FINAL_MESSAGE',
    ]);
    expect(all[0]).toMatchObject({
      message: 'I look it up.',
      data: { token_usage: { input: 10 } },
    });
    expect(all.at(-1)).toMatchObject({
      message: 'It is done.',
      data: { disposition: 'resolved', reflection: 'Went well.' },
      is_error: false,
    });
    expect(new Set(all.map((row: Row) => row.step_id)).size).toBe(all.length);
    const times = all.map((row: Row) => Date.parse(String(row.created_at)));
    expect(times.slice(1).every((time: number, i: number) => time >= times[i])).toBe(true);
  });

  test('pairs a call with its result, whether it worked or not', () => {
    const rowsOf = (name: string) =>
      done.all.filter((row: Row) => row.tool_type_name === name) as Row[];
    const [call, result] = rowsOf('look-up');
    expect(call).toMatchObject({ type: 'TOOL_CALL', is_error: false, data: { input: { id: 7 } } });
    expect(result).toMatchObject({
      type: 'TOOL_RESULT',
      is_error: false,
      message: 'ok',
      data: { output: { message: 'ok', rawData: { found: { id: 7 } } } },
    });
    expect(result?.tool_call_id).toBe(call?.tool_call_id);
    expect(call?.tool_call_id).toEqual(expect.any(String));
    expect(rowsOf('break')[1]).toMatchObject({ is_error: true, message: 'It broke.' });
  });

  test('has its steps filtered by type, tool and id', async () => {
    const { steps, all } = done;
    const results = (await steps('type=TOOL_RESULT,FINAL_MESSAGE')).json.data;
    expect(typesOf(results)).toEqual(['TOOL_RESULT', 'TOOL_RESULT', 'FINAL_MESSAGE']);
    const named = (await steps('tool_type_name=LOOK-UP&type=TOOL_CALL')).json.data;
    expect(named).toMatchObject([{ tool_type_name: 'look-up', type: 'TOOL_CALL' }]);
    expect((await steps(`step_id=${all[1].step_id}`)).json.data).toEqual([all[1]]);
    expect((await steps('type=APPROVAL')).json.data).toEqual([]);
  });

  test('has a light index of its steps without data', async () => {
    const light = (await done.steps('include_data=false')).json.data;
    expect(light).toEqual(done.all.map(({ data: _, ...row }: Row) => row));
    expect((await done.steps('include_data=true')).json.data).toEqual(done.all);
  });

  test.each([
    ['type=thinking', 'type'],
    ['include_data=yes', 'include_data'],
  ])('refuses steps?%s', async (query, field) => {
    const { status, json } = await done.steps(query);
    expect([status, Object.keys(json.error.details)]).toEqual([422, [field]]);
  });

  test('does not know a step of another name', async () => {
    const { status, json } = await done.steps('step_id=ar0:1');
    expect([status, json.error.code]).toEqual([404, 'not_found']);
  });

  test('counts in the statistics of its agent', async () => {
    const path = `/public-api/agents/${done.agent.number}/stats`;
    expect((await api.request('GET', path)).json.data).toMatchObject({
      agent_id: Number(done.agent.number),
      executions: 1,
      executions_by_status: { success: 1, failed: 0, queued: 0 },
      success_rate: 1,
      p50_total_duration_seconds: done.execution.seconds_spent,
      token_usage: { input: 20, output: 10 },
      total_cost: 30,
      last_execution: { execution_id: done.execution.execution_id, status: 'success' },
    });
  });
});

test('an execution that fails says why in its error and its last step', async () => {
  const { execution, all, agent } = await execute('fails');
  expect(execution).toMatchObject({ status: 'failed', message_for_dashboard: null });
  expect(execution.error).toContain('No such thing.');
  expect(typesOf(all)).toEqual(['ERROR', 'ERROR']);
  expect(all.at(-1)).toMatchObject({ message: execution.error, is_error: true });
  const stats = await api.request('GET', `/public-api/agents/${agent.number}/stats`);
  expect(stats.json.data).toMatchObject({ failures: 1, success_rate: 0 });
});
