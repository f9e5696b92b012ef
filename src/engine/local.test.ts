import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import {
  functionTool,
  insertAgent,
  mortalDatabase,
  startTestEngine,
} from '../../test/support/engine.ts';
import type { AgentDefinition } from '../core/agent.ts';
import type { ModelRequest } from '../core/model.ts';
import { createModelClient } from '../models/client.ts';
import type { ScriptInput } from '../models/script.ts';
import { cancelRun } from '../runs/cancel.ts';
import { retryRun } from '../runs/retry.ts';
import { stepsOf, toolTraceOf } from '../runs/steps.ts';
import { readJournal } from '../store/journal.ts';
import { getRun } from '../store/runs.ts';
import type { AgentTool } from '../tools/tool.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const finish = (more: Record<string, unknown> = {}) => ({
  answer: {
    tool_calls: [{ name: 'finish', arguments: { disposition: 'resolved', ...more } }],
  },
});
const call = (...names: string[]) => ({
  answer: { text: 'looking', tool_calls: names.map((name) => ({ name, arguments: { of: name } })) },
});
const price = { input: 1_000_000, output: 1_000_000 };

/** Runs one agent to its end. */
async function run(
  turns: ScriptInput['turns'],
  given: {
    definition?: Partial<AgentDefinition>;
    tools?: readonly AgentTool[];
    payload?: string;
  } = {},
) {
  const { db } = database;
  await using engine = await startTestEngine({
    db,
    scripts: { test: { turns, price } },
    tools: given.tools ?? [],
  });
  await engine.start();
  const { agentId } = await insertAgent(db, given.definition);
  const id = await engine.dispatch(agentId, given.payload);
  const ended = await engine.ended(id);
  const entries = await readJournal(db, id);
  return { run: ended, entries, steps: stepsOf(id, entries), trace: toolTraceOf(id, entries) };
}

describe('a run', () => {
  test('calls the model, then tools side by side, then the model, and ends with its decision', async () => {
    const seen: string[] = [];
    const tools = ['one', 'two'].map((name) =>
      functionTool(name, async (input, { key }) => {
        seen.push(key);
        return { got: input };
      }),
    );
    const {
      run: ended,
      steps,
      trace,
    } = await run(
      [
        { answer: { ...call('one', 'two').answer, usage: { input_tokens: 10, output_tokens: 5 } } },
        {
          expect: { results_of: ['one', 'two'] },
          answer: {
            ...finish({
              disposition_reason: 'done',
              response: 'Hello',
              reflection: 'Why',
              output: { a: 1 },
            }).answer,
            usage: { input_tokens: 20, output_tokens: 7 },
          },
        },
      ],
      { tools },
    );
    expect(ended).toMatchObject({
      status: 'completed',
      stopReason: 'completed',
      disposition: 'resolved',
      dispositionReason: 'done',
      response: 'Hello',
      reflection: 'Why',
      outputJson: '{"a":1}',
      inputTokens: 30,
      outputTokens: 12,
      costUsd: 42,
      error: null,
    });
    expect(steps.map((step) => [step.type, step.name, step.status])).toEqual([
      ['model', 'scripted/test', 'done'],
      ['tool', 'one', 'done'],
      ['tool', 'two', 'done'],
      ['model', 'scripted/test', 'done'],
    ]);
    expect(trace).toMatchObject([
      {
        name: 'one',
        input: { of: 'one' },
        output: { message: 'ok', rawData: { got: { of: 'one' } } },
        error: null,
        attempts: 1,
      },
      { name: 'two' },
    ]);
    expect(new Set(seen)).toEqual(new Set(trace.map((item) => item.step_id)));
    expect(ended.completedAt?.getTime()).toBeGreaterThanOrEqual(ended.createdAt.getTime());
  });

  test('that stops with plain text has answered', async () => {
    expect((await run([{ answer: { text: 'Yes.' } }])).run).toMatchObject({
      status: 'completed',
      disposition: 'resolved',
      response: 'Yes.',
    });
    expect((await run([{ answer: { text: ' ' } }])).run).toMatchObject({
      disposition: 'no_op',
      response: null,
    });
  });

  test('runs the calls beside finish first and asks for finish again', async () => {
    const tools = [functionTool('one', async () => 1)];
    const both = {
      answer: {
        tool_calls: [
          { name: 'finish', arguments: { disposition: 'no_op' } },
          { name: 'one', arguments: {} },
        ],
      },
    };
    const result = await run([both, { expect: { contains: ['call finish alone'] }, ...finish() }], {
      tools,
    });
    expect(result.run).toMatchObject({ status: 'completed', disposition: 'resolved' });
    expect(result.trace.map((item) => item.name)).toEqual(['one']);
  });

  test('is told what is wrong with its output and mends it', async () => {
    const definition = {
      output_schema: [
        { name: 'when', description: 'A day', type: 'date' as const, is_required: true },
        {
          name: 'kind',
          description: 'Which',
          type: 'string' as const,
          enum: ['a', 'b'],
          is_required: false,
        },
      ],
    };
    const result = await run(
      [
        finish({ output: { when: 'tomorrow', kind: 'c' } }),
        {
          expect: {
            contains: [
              'output.when must be a date (YYYY-MM-DD)',
              'output.kind must be one of a, b',
            ],
          },
          ...finish({ output: { when: '2026-04-05' } }),
        },
      ],
      { definition },
    );
    expect(result.run).toMatchObject({ status: 'completed', outputJson: '{"when":"2026-04-05"}' });
  });

  test('with a required output is asked once for finish, then fails with the reason', async () => {
    const definition = {
      output_schema: [{ name: 'a', description: '', type: 'string' as const, is_required: true }],
    };
    const text = { answer: { text: 'Just words.' } };
    const mended = await run(
      [text, { expect: { contains: ['finish'] }, ...finish({ output: { a: 'x' } }) }],
      { definition },
    );
    expect(mended.run.status).toBe('completed');
    const failed = await run([text, text], { definition });
    expect(failed.run).toMatchObject({ status: 'failed', stopReason: 'failed' });
    expect(failed.run.error).toContain('must call `finish`');
  });

  test.each(['length', 'content_filter'] as const)(
    'does not take a stop by %s for an answer',
    async (reason) => {
      const result = await run([{ answer: { text: 'half a sen', finish_reason: reason } }]);
      expect(result.run).toMatchObject({
        status: 'failed',
        stopReason: 'failed',
        disposition: null,
      });
    },
  );

  test('gives mistakes of the model back to it: unknown tool, malformed arguments, failing tool', async () => {
    const tools = [
      functionTool('one', async () => {
        throw new Error('no such booking');
      }),
    ];
    const result = await run(
      [
        call('nope'),
        {
          expect: { contains: ['There is no tool "nope". The tools are: one, finish.'] },
          answer: { tool_calls: [{ name: 'one', arguments: '{"of": "cut o' }] },
        },
        { expect: { contains: ['not valid JSON'] }, ...call('one') },
        { expect: { contains: ['no such booking'] }, ...finish() },
      ],
      { tools },
    );
    expect(result.run).toMatchObject({ status: 'completed' });
    expect(result.trace.map((item) => [item.name, item.attempts, item.output])).toEqual([
      ['nope', 0, null],
      ['one', 0, null],
      ['one', 1, null],
    ]);
  });

  test('that ends before its script does fails, and names the unused answers', async () => {
    const result = await run([{ answer: { text: 'Done already.' } }, finish()]);
    expect(result.run).toMatchObject({ status: 'failed' });
    expect(result.run.error).toMatch(/unused|not used/i);
  });

  test('goes on with the fallback model when its own fails for good', async () => {
    const { db } = database;
    await using engine = await startTestEngine({
      db,
      scripts: {
        test: { turns: [{ answer: { error: { kind: 'overloaded', message: 'No room.' } } }] },
        spare: { turns: [finish()] },
      },
    });
    await engine.start();
    const { agentId } = await insertAgent(db, { fallback_model: 'scripted/spare' });
    const id = await engine.dispatch(agentId);
    expect(await engine.ended(id)).toMatchObject({ status: 'completed' });
    const steps = stepsOf(id, await readJournal(db, id));
    expect(steps.map((step) => [step.name, step.status])).toEqual([
      ['scripted/test', 'failed'],
      ['scripted/spare', 'done'],
    ]);
  });

  test.each([
    ['max_steps', { max_steps: 3 }],
    ['max_tokens', { max_tokens: 30 }],
    ['max_cost', { max_cost_usd: 30 }],
  ] as const)('ends at its cap %s with the reason and keeps what it has', async (reason, cap) => {
    const limits = {
      max_steps: null,
      max_tokens: null,
      max_cost_usd: null,
      timeout_ms: null,
      ...cap,
    };
    const tools = [functionTool('one', async () => 1)];
    const turn = {
      answer: { ...call('one').answer, usage: { input_tokens: 10, output_tokens: 5 } },
    };
    const result = await run([turn, turn, turn, turn, finish()], { definition: { limits }, tools });
    expect(result.run).toMatchObject({ status: 'failed', stopReason: reason, disposition: null });
    expect(result.run.error).toContain('limit');
    expect(result.steps).toHaveLength(4);
    expect(result.run.inputTokens).toBe(20);
  });

  test('ends at its time limit, in the middle of a call', async () => {
    const limits = { max_steps: null, max_tokens: null, max_cost_usd: null, timeout_ms: 150 };
    const result = await run([{ answer: { text: 'late', delay_ms: 60_000 } }], {
      definition: { limits },
    });
    expect(result.run).toMatchObject({ status: 'failed', stopReason: 'timeout' });
  });

  test('stores text that Postgres would refuse, and gives it back', async () => {
    const tools = [functionTool('one', async () => 'nul \u0000, lone \udc00')];
    const result = await run([call('one'), finish({ response: 'nul \u0000' })], {
      tools,
      payload: '{"z":1,"a":"\\u0000\\ud800","n":12345678901234567890}',
    });
    expect(result.run.response).toBe('nul \u0000');
    expect(result.run.payloadJson).toBe('{"z":1,"a":"\\u0000\\ud800","n":12345678901234567890}');
    expect(result.trace[0]?.output).toEqual({ message: 'ok', rawData: 'nul \u0000, lone \udc00' });
  });

  test('in copilot proposes instead of answering', async () => {
    const result = await run([finish({ response: 'Dear guest' })], {
      definition: { operation_mode: 'copilot' },
    });
    expect(result.run).toMatchObject({ disposition: 'escalated', response: 'Dear guest' });
  });
});

describe('cancel and retry', () => {
  test('cancel stops the call in flight, shuts the owner out, and is final', async () => {
    const { db } = database;
    const began = Promise.withResolvers<void>();
    const aborted = Promise.withResolvers<void>();
    const tools = [
      functionTool('slow', async (_, { signal }) => {
        began.resolve();
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        aborted.resolve();
      }),
    ];
    await using engine = await startTestEngine({
      db,
      scripts: { test: { turns: [call('slow')] } },
      tools,
    });
    await engine.start();
    const { agentId, workspaceId } = await insertAgent(db);
    const id = await engine.dispatch(agentId);
    await began.promise;
    const request = { scope: [workspaceId], id, by: 'a test' };
    expect(await cancelRun(engine.deps, request)).toMatchObject({ status: 'cancelled' });
    await aborted.promise;
    const ended = await engine.ended(id);
    expect(ended).toMatchObject({
      status: 'cancelled',
      stopReason: 'cancelled',
      error: 'Cancelled by a test.',
    });
    const steps = stepsOf(id, await readJournal(db, id));
    expect(steps.at(-1)).toMatchObject({ name: 'slow', status: 'cancelled' });
    await expect(cancelRun(engine.deps, request)).rejects.toMatchObject({ problem: 'conflict' });
    await expect(cancelRun(engine.deps, { ...request, scope: ['ws'] })).rejects.toMatchObject({
      problem: 'not_found',
    });
  });

  test('retry starts a new run with the same payload, once the first has ended', async () => {
    const { db } = database;
    await using engine = await startTestEngine({ db, scripts: { test: { turns: [finish()] } } });
    const { agentId } = await insertAgent(db);
    const id = await engine.dispatch(agentId, '{"b":1,"a":2}');
    const request = { scope: 'all' as const, id, traceparent: null, idempotency: null };
    await expect(retryRun(engine.deps, request)).rejects.toMatchObject({ problem: 'conflict' });
    await engine.start();
    await engine.ended(id);
    const again = await retryRun(engine.deps, request);
    if (again.kind !== 'dispatched') throw new Error(again.kind);
    expect(await engine.ended(again.id)).toMatchObject({
      status: 'completed',
      retryOf: id,
      payloadJson: '{"b":1,"a":2}',
    });
  });
});

describe('a run whose owner died', () => {
  /** An engine that stops where the hook says, as if its process had been killed there. */
  async function crashAt(stage: 'model' | 'tool', idempotent: boolean) {
    const { db } = database;
    const reached = Promise.withResolvers<void>();
    const forever = new Promise<never>(() => {});
    const turns = [call('pay'), finish()];
    const requests: ModelRequest[] = [];
    const scripted = createModelClient({ scripts: { test: { turns, price } } });
    let hang = true;
    const models = {
      ...scripted,
      call: async (request: ModelRequest) => {
        requests.push(request);
        if (hang && stage === 'model' && requests.length === 2) {
          reached.resolve();
          await forever;
        }
        return await scripted.call(request);
      },
    };
    let paid = 0;
    const tools = [
      functionTool(
        'pay',
        async () => {
          paid += 1;
          if (hang && stage === 'tool') {
            reached.resolve();
            await forever;
          }
          return 'paid';
        },
        { idempotent },
      ),
    ];
    const processName = `crash ${stage} ${idempotent}`;
    const { agentId } = await insertAgent(db);
    const mortal = mortalDatabase(db);
    const first = await startTestEngine({ db: mortal.db, models, tools, processName });
    await first.start();
    const id = await first.dispatch(agentId);
    await reached.promise;
    hang = false;
    await mortal.kill();
    await using second = await startTestEngine({ db, models, tools, processName });
    await second.start();
    const ended = await second.ended(id);
    return { id, ended, requests, paid, steps: stepsOf(id, await readJournal(db, id)) };
  }

  test('is resumed without asking again for what is committed, and shows the lost model call', async () => {
    const { ended, requests, paid, steps } = await crashAt('model', false);
    expect(ended.status).toBe('completed');
    expect(paid).toBe(1);
    expect(requests.map((request) => request.messages.length)).toEqual([2, 4, 4]);
    expect(steps.map((step) => [step.type, step.status])).toEqual([
      ['model', 'done'],
      ['tool', 'done'],
      ['model', 'lost'],
      ['model', 'done'],
    ]);
    expect(steps[2]?.costUsd).toBeGreaterThan(0);
  });

  test('does not repeat a tool call that was in flight, and tells the model so', async () => {
    const { ended, requests, paid, steps } = await crashAt('tool', false);
    expect(ended.status).toBe('completed');
    expect(paid).toBe(1);
    expect(steps.map((step) => step.status)).toEqual(['done', 'interrupted', 'done']);
    expect(requests.at(-1)?.messages.at(-1)?.text).toContain('interrupted by a crash');
  });

  test('repeats a call of an idempotent tool, with the same key', async () => {
    const { ended, paid, steps } = await crashAt('tool', true);
    expect(ended.status).toBe('completed');
    expect(paid).toBe(2);
    expect(steps.map((step) => [step.status, step.attempts])).toEqual([
      ['done', 1],
      ['done', 2],
      ['done', 1],
    ]);
  });
});

describe('the engine', () => {
  test('takes what comes beyond its room from the database, and loses nothing', async () => {
    const { db } = database;
    await using engine = await startTestEngine({
      db,
      scripts: { test: { turns: [finish()] } },
      maxRuns: 3,
    });
    await engine.start();
    const { agentId } = await insertAgent(db);
    const ids = await Promise.all(Array.from({ length: 40 }, () => engine.dispatch(agentId)));
    const ended = await Promise.all(ids.map((id) => engine.ended(id)));
    expect(ended.every((one) => one.status === 'completed')).toBe(true);
  });

  test('hands its open runs back when it stops, and another goes on with them', async () => {
    const { db } = database;
    const began = Promise.withResolvers<void>();
    const slow = functionTool('slow', async (_, { signal }) => {
      began.resolve();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    });
    const scripts = { test: { turns: [call('slow'), finish()] } };
    const { agentId } = await insertAgent(db);
    const first = await startTestEngine({ db, scripts, tools: [slow] });
    await first.start();
    const id = await first.dispatch(agentId);
    await began.promise;
    await first[Symbol.asyncDispose]();
    expect(await getRun(db, 'all', id)).toMatchObject({ status: 'running', owner: null });
    await using second = await startTestEngine({ db, scripts, tools: [slow] });
    await second.start();
    expect(await second.ended(id)).toMatchObject({ status: 'completed' });
  });
});
