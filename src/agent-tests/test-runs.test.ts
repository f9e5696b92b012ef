import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestedDesk, type TestedDesk } from '../../test/support/agent-test-desk.ts';
import { assistant, modelOf, type Said } from '../../test/support/agent-tests.ts';
import type { ModelRequest } from '../core/model.ts';

let api: TestedDesk;
let say: (request: ModelRequest) => Said | Promise<Said> = assistant;

beforeAll(async () => {
  api = await createTestedDesk(modelOf((request) => say(request)));
}, 60_000);
afterAll(() => api[Symbol.asyncDispose]());

const shipped = { results: [{ tool: 'look-up', result: { state: 'shipped' } }] };

describe('a test run', () => {
  test('holds the run against every expectation and makes no scripted call', async () => {
    const agent = await api.makeAgent();
    await api.makeCase(agent, {
      tools: shipped,
      expect: {
        disposition: 'resolved',
        tools_called: [{ tool: 'look-up', arguments: { order: 'o1' }, times: 1 }],
        tools_not_called: [{ tool: 'refund' }],
        tools_in_order: ['look-up'],
        max_tool_calls: 1,
        max_cost_usd: 0.05,
        text: [
          { contains: 'o1 is shipped' },
          { not_contains: '%' },
          { matches: '^We .+\\.$' },
          { not_matches: 'refund' },
          { judge: 'It apologises.' },
        ],
      },
    });
    api.lookedUp.length = 0;
    const { testRun, results } = await api.tested({ agent_id: agent });
    expect(results[0].verdicts.filter((verdict: { passed: boolean }) => !verdict.passed)).toEqual(
      [],
    );
    expect(testRun).toMatchObject({ status: 'completed', passed: true, runs: 1, runs_passed: 1 });
    // Two answers of the model, and the judge's.
    expect(testRun.cost_usd).toBeCloseTo(0.03);
    expect(results[0].verdicts.at(-1)).toMatchObject({
      kind: 'judge',
      detail: 'The reply says sorry.',
      judge_model: 'test/one',
    });
    expect(api.lookedUp).toEqual([]);
  });

  test('says of every expectation that is not met what came instead', async () => {
    const agent = await api.makeAgent('offer 20 without asking');
    await api.makeCase(agent, {
      expect: {
        disposition: ['escalated', 'no_op'],
        output: [{ path: '/resolution', exists: true }],
        tools_called: [{ tool: 'look-up' }],
        max_cost_usd: 0.001,
        text: [{ not_contains: '%' }, { equals: 'Hello' }, { judge: 'It says nothing of money.' }],
      },
    });
    const { testRun, results } = await api.tested({ agent_id: agent });
    expect(testRun.passed).toBe(false);
    const failed = results[0].verdicts.filter((verdict: { passed: boolean }) => !verdict.passed);
    expect(failed.map((verdict: { kind: string }) => verdict.kind)).toEqual([
      'disposition',
      'output',
      'tools_called',
      'max_cost_usd',
      'text',
      'text',
    ]);
    expect(failed[0].detail).toBe('it is resolved');
    expect(failed[4].detail).toContain('You get 20 % back');
  });

  test('answers calls by name, arguments and order, and names the one without a result', async () => {
    const agent = await api.makeAgent();
    say = ({ messages }) => {
      const answers = messages.filter((message) => message.role === 'tool').map(({ text }) => text);
      if (answers.length > 0) return answers.join(' | ');
      return ['a', 'b', 'a', 'c', 'a'].map((order) => ({ name: 'look-up', arguments: { order } }));
    };
    const results = [
      { tool: 'look-up', arguments: { order: 'a' }, result: 'first', times: 1 },
      { tool: 'look-up', arguments: { order: 'a' }, result: 'second', times: 1 },
      { tool: 'look-up', arguments: { order: 'b' }, error: 'no such order' },
      { tool: 'look-up', arguments: { order: 'c' }, result: [1, 2] },
    ];
    await api.makeCase(agent, { tools: { results } });
    const tested = await api.tested({ agent_id: agent });
    say = assistant;
    const run = await api.request('GET', `/v1/runs/${tested.results[0].run_id}`);
    const answers = run.json.data.response.split(' | ');
    expect(answers.slice(0, 4)).toEqual([
      '{"message":"first"}',
      'The tool failed: no such order',
      '{"message":"second"}',
      '{"message":"done","rawData":[1,2]}',
    ]);
    expect(answers[4]).toContain('gives no result for this call');
    expect(tested.results[0].status).toBe('failed');
    expect(tested.results[0].verdicts[1]).toMatchObject({
      kind: 'tools',
      passed: false,
      detail: 'none for look-up({"order":"a"})',
    });
  });

  test('makes real calls where the case says so', async () => {
    const agent = await api.makeAgent();
    await api.makeCase(agent, {
      tools: { others: 'real' },
      expect: { text: [{ contains: 'shipped' }] },
    });
    api.lookedUp.length = 0;
    const { testRun } = await api.tested({ agent_id: agent });
    expect(testRun.passed).toBe(true);
    expect(api.lookedUp).toEqual(['o1']);
  });

  test('compares versions and models side by side, n times each, with the interval of the rate', async () => {
    const agent = await api.makeAgent();
    await api.request('PATCH', `/v1/agents/${agent}`, { body: { instructions: 'answer at once' } });
    await api.makeCase(agent, {
      tools: shipped,
      expect: { disposition: 'resolved', tools_called: [{ tool: 'look-up' }] },
    });
    const { testRun } = await api.tested({
      agent_id: agent,
      repeat: 3,
      variants: [{ version: 1 }, { version: 2 }, { version: 1, model: 'test/lazy' }],
    });
    const rates = testRun.variants.map((variant: { runs_passed: number }) => variant.runs_passed);
    expect(rates).toEqual([3, 0, 0]);
    expect(testRun.variants[0].pass_rate_low).toBeCloseTo(0.4385, 3);
    expect(testRun.variants[1].pass_rate_high).toBeCloseTo(0.5615, 3);
    expect(testRun.cases[0].passed).toBe(false);
  });

  test('gives the run of a conversation its messages in their order, each with who said it', async () => {
    const agent = await api.makeAgent('answer');
    await api.makeCase(agent, {
      payload: { order: 'o7' },
      conversation: [
        { from: 'contact', text: 'Where is my order?' },
        { from: 'agent', text: 'Which one do you mean?' },
        { from: 'contact', text: 'The one of Monday.' },
      ],
      expect: { text: [{ equals: 'Seen.' }] },
    });
    const seen: string[] = [];
    say = ({ messages }) => {
      seen.push(messages.map(({ text }) => text ?? '').join('\n'));
      return 'Seen.';
    };
    const { testRun } = await api.tested({ agent_id: agent });
    say = assistant;
    expect(testRun.passed).toBe(true);
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatch(
      /contact[\s\S]*Where is my order\?[\s\S]*agent[\s\S]*Which one do you mean\?[\s\S]*contact[\s\S]*The one of Monday\./,
    );
    expect(seen[0]).toContain('"order":"o7"');
  });

  test('takes a case as passed that passes as often as it asks for', async () => {
    const agent = await api.makeAgent('answer');
    let count = 0;
    say = () => (++count % 4 === 0 ? 'no' : 'yes');
    await api.makeCase(agent, {
      repeat: 8,
      min_pass_rate: 0.7,
      expect: { text: [{ equals: 'yes' }] },
    });
    const { testRun } = await api.tested({ agent_id: agent, concurrency: 1 });
    say = assistant;
    expect(testRun).toMatchObject({ runs: 8, runs_passed: 6, passed: true });
  });

  test('goes on where it stood when its process dies', async () => {
    const agent = await api.makeAgent('answer');
    const started = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    say = async () => {
      started.resolve();
      await go.promise;
      return 'done';
    };
    await api.makeCase(agent, { repeat: 6, expect: { text: [{ equals: 'done' }] } });
    const made = await api.request('POST', '/v1/tests/runs', {
      body: { agent_id: agent, concurrency: 2 },
    });
    await started.promise;
    await api.restartWork();
    go.resolve();
    await api.restartWork();
    const { testRun, results } = await api.ended(made.json.data.id);
    say = assistant;
    expect(testRun).toMatchObject({ passed: true, runs: 6, runs_passed: 6 });
    expect(new Set(results.map((result: { run_id: string }) => result.run_id)).size).toBe(6);
    const runs = await api.request('GET', `/v1/runs?test_run_id=${testRun.id}`);
    expect(runs.json.data).toHaveLength(6);
  });

  test('is cancelled with its runs', async () => {
    const agent = await api.makeAgent('answer');
    const started = Promise.withResolvers<void>();
    say = async ({ signal }) => {
      started.resolve();
      await new Promise((resolve) => signal?.addEventListener('abort', resolve));
      return 'never';
    };
    await api.makeCase(agent, { repeat: 3 });
    const made = await api.request('POST', '/v1/tests/runs', {
      body: { agent_id: agent, concurrency: 2 },
    });
    await started.promise;
    const path = `/v1/tests/runs/${made.json.data.id}/cancel`;
    expect((await api.request('POST', path)).json.data.status).toBe('cancelling');
    const { testRun, results } = await api.ended(made.json.data.id);
    say = assistant;
    expect(testRun).toMatchObject({ status: 'cancelled', passed: null });
    expect(results.map((result: { status: string }) => result.status)).toEqual([
      'cancelled',
      'cancelled',
      'cancelled',
    ]);
    const runs = await api.request('GET', `/v1/runs?test_run_id=${testRun.id}`);
    expect(runs.json.data.every((run: { status: string }) => run.status === 'failed')).toBe(true);
    expect((await api.request('POST', path)).status).toBe(409);
  });

  test('stops at its cap of money', async () => {
    const agent = await api.makeAgent('answer');
    say = () => 'done';
    await api.makeCase(agent, { repeat: 6 });
    const { testRun, results } = await api.tested({
      agent_id: agent,
      max_cost_usd: 0.035,
      concurrency: 1,
    });
    say = assistant;
    const statuses = results.map((result: { status: string }) => result.status);
    expect(statuses.filter((status: string) => status === 'skipped').length).toBe(2);
    expect(testRun.passed).toBe(false);
    expect(testRun.cost_usd).toBeLessThan(0.05);
  });

  test('leaves no mark on the agent: no list, no statistics, no events, no retry or fork', async () => {
    const agent = await api.makeAgent();
    await api.request('PATCH', `/v1/agents/${agent}`, {
      body: { triggers: [{ type: 'event', name: 'Ends', config: { event: 'run.completed' } }] },
    });
    await api.makeCase(agent, { tools: shipped });
    const { results } = await api.tested({ agent_id: agent });
    const runId = results[0].run_id;
    const lists = [
      `/v1/agents/${agent}/runs`,
      `/v1/runs?agent_id=${agent}`,
      `/public-api/executions?agent_id=${agent}`,
    ];
    for (const path of lists) {
      const answer = await api.request('GET', path);
      expect([path, answer.status, answer.json.data]).toEqual([path, 200, []]);
    }
    const stats = await api.request('GET', `/public-api/agents/${agent}/stats`);
    expect(JSON.stringify(stats.json)).not.toContain(runId);
    const events = await api.request('GET', `/v1/trigger-events?agent_id=${agent}`);
    expect(events.json.data).toEqual([]);
    const told = await api.deps.db.query({
      text: 'SELECT id FROM internal_events WHERE run_id = $1',
      values: [runId],
    });
    expect(told).toEqual([]);
    for (const action of ['retry', 'fork']) {
      const path = `/v1/agents/${agent}/runs/${runId}/${action}`;
      const body = action === 'fork' ? { from_step: '1' } : {};
      expect((await api.request('POST', path, { body })).status).toBe(409);
    }
    const run = await api.request('GET', `/v1/runs/${runId}`);
    expect(run.json.data).toMatchObject({
      test_run_id: expect.stringMatching(/^tn/),
      dry_run: false,
    });
  });
});
