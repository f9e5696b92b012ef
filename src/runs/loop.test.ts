import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { functionTool, insertAgent, startTestEngine } from '../../test/support/engine.ts';
import { callTurn, finishTurn } from '../../test/support/turns.ts';
import type { AgentDefinition } from '../core/agent.ts';
import { stringifyJson } from '../core/raw-json.ts';
import type { ScriptInput } from '../models/script.ts';
import { readJournal } from '../store/journal.ts';
import type { AgentTool } from '../tools/tool.ts';
import { stepsOf, type ToolTraceItem, toolTraceOf } from './steps.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

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
  return {
    run: ended,
    entries,
    steps: stepsOf(id, entries),
    trace: shown(toolTraceOf(id, entries)),
  };
}

/** As a reader of the API sees it. */
function shown(trace: readonly ToolTraceItem[]): ToolTraceItem[] {
  return JSON.parse(stringifyJson(trace)) as ToolTraceItem[];
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
        {
          answer: {
            ...callTurn('one', 'two').answer,
            usage: { input_tokens: 10, output_tokens: 5 },
          },
        },
        {
          expect: { results_of: ['one', 'two'] },
          answer: {
            ...finishTurn({
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
    const result = await run(
      [both, { expect: { contains: ['call finish alone'] }, ...finishTurn() }],
      {
        tools,
      },
    );
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
        finishTurn({ output: { when: 'tomorrow', kind: 'c' } }),
        {
          expect: {
            contains: [
              'output.when must be a date (YYYY-MM-DD)',
              'output.kind must be one of a, b',
            ],
          },
          ...finishTurn({ output: { when: '2026-04-05' } }),
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
      [text, { expect: { contains: ['finish'] }, ...finishTurn({ output: { a: 'x' } }) }],
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
        callTurn('nope'),
        {
          expect: { contains: ['There is no tool "nope". The tools are: one, finish.'] },
          answer: { tool_calls: [{ name: 'one', arguments: '{"of": "cut o' }] },
        },
        { expect: { contains: ['not valid JSON'] }, ...callTurn('one') },
        { expect: { contains: ['no such booking'] }, ...finishTurn() },
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
    const result = await run([{ answer: { text: 'Done already.' } }, finishTurn()]);
    expect(result.run).toMatchObject({ status: 'failed' });
    expect(result.run.error).toMatch(/unused|not used/i);
  });

  test('goes on with the fallback model when its own fails for good', async () => {
    const { db } = database;
    await using engine = await startTestEngine({
      db,
      scripts: {
        test: { turns: [{ answer: { error: { kind: 'overloaded', message: 'No room.' } } }] },
        spare: { turns: [finishTurn()] },
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
      answer: { ...callTurn('one').answer, usage: { input_tokens: 10, output_tokens: 5 } },
    };
    const result = await run([turn, turn, turn, turn, finishTurn()], {
      definition: { limits },
      tools,
    });
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
    const result = await run([callTurn('one'), finishTurn({ response: 'nul \u0000' })], {
      tools,
      payload: '{"z":1,"a":"\\u0000\\ud800","n":12345678901234567890}',
    });
    expect(result.run.response).toBe('nul \u0000');
    expect(result.run.payloadJson).toBe('{"z":1,"a":"\\u0000\\ud800","n":12345678901234567890}');
    expect(result.trace[0]?.output).toEqual({ message: 'ok', rawData: 'nul \u0000, lone \udc00' });
  });

  test('hands a tool the digits that the model wrote', async () => {
    const given: string[] = [];
    const tool = functionTool('one', async (_input, { inputJson }) => given.push(inputJson));
    const text = '{"id": 12345678901234567890}';
    const turn = { answer: { tool_calls: [{ name: 'one', arguments: text }] } };
    const result = await run([turn, finishTurn()], { tools: [tool] });
    expect(given).toEqual(['{"id":12345678901234567890}']);
    expect(result.steps[1]?.inputJson).toBe('{"id":12345678901234567890}');
  });

  test('in copilot proposes instead of answering', async () => {
    const result = await run([finishTurn({ response: 'Dear guest' })], {
      definition: { operation_mode: 'copilot' },
    });
    expect(result.run).toMatchObject({ disposition: 'escalated', response: 'Dear guest' });
  });
});
