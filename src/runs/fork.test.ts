import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { functionTool, insertAgent, startTestEngine } from '../../test/support/engine.ts';
import { callTurn, finishTurn } from '../../test/support/turns.ts';
import type { ModelMessage } from '../core/model.ts';
import { createModelClient } from '../models/client.ts';
import type { ScriptInput } from '../models/script.ts';
import { readJournal } from '../store/journal.ts';
import { getRun } from '../store/runs.ts';
import { readSpill } from '../store/spills.ts';
import { cancelRun } from './cancel.ts';
import { type ForkRequest, forkRun } from './fork.ts';
import { stepsOf } from './steps.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const usage = { input_tokens: 10, output_tokens: 5 };
const turns: ScriptInput['turns'] = [
  { answer: { ...callTurn('one', 'two').answer, usage } },
  { answer: { ...callTurn('big').answer, usage } },
  { answer: { ...finishTurn({ response: 'first' }).answer, usage } },
];
const again: ScriptInput['turns'] = [
  ...turns.slice(0, 2),
  { answer: { ...finishTurn({ response: 'again' }).answer, usage } },
];

/** A process whose model and tools tell what they were asked, with one run that has ended. */
async function withRun() {
  const { db } = database;
  const asked: { model: string; messages: readonly ModelMessage[] }[] = [];
  const called: string[] = [];
  const price = { input: 1, output: 1 };
  const client = createModelClient({
    scripts: { test: { turns, price }, again: { turns: again, price } },
  });
  const tool = (name: string, result: unknown) =>
    functionTool(name, async () => {
      called.push(name);
      return result;
    });
  const engine = await startTestEngine({
    db,
    models: {
      ...client,
      call: (request) => {
        asked.push({ model: request.model, messages: request.messages });
        return client.call(request);
      },
    },
    tools: [tool('one', 1), tool('two', 2), tool('big', 'x'.repeat(100_000))],
  });
  await engine.start();
  const { agentId } = await insertAgent(db);
  const id = await engine.dispatch(agentId, '{"b":1,"a":2}');
  const origin = await engine.ended(id);
  asked.length = 0;
  called.length = 0;
  const fork = async (change: Partial<ForkRequest>) => {
    const result = await forkRun(engine.deps, {
      scope: 'all',
      id,
      fromStep: '1',
      instructions: null,
      model: null,
      payloadJson: null,
      toolResults: new Map(),
      traceparent: null,
      idempotency: null,
      ...change,
    });
    if (result.kind !== 'dispatched') throw new Error(result.kind);
    const run = await engine.ended(result.id);
    return { run, steps: stepsOf(run.id, await readJournal(db, run.id)) };
  };
  return {
    engine,
    id,
    agentId,
    origin,
    asked,
    called,
    fork,
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}

const brief = (steps: ReturnType<typeof stepsOf>) =>
  steps.map(
    ({ type, name, status, copied }) => `${type} ${name} ${status}${copied ? ' copied' : ''}`,
  );

describe('a fork', () => {
  test('copies the steps before, calls nothing for them, and goes on with what is changed', async () => {
    await using given = await withRun();
    const { id, origin, asked, called, fork } = given;
    const steps = stepsOf(id, await readJournal(database.db, id));
    const last = steps.at(-1)?.stepId ?? '';
    const { run, steps: forked } = await fork({
      fromStep: last,
      instructions: 'Do it otherwise.',
      model: 'scripted/again',
      payloadJson: '{"z":1}',
    });
    expect(run).toMatchObject({
      status: 'completed',
      response: 'again',
      forkedFrom: id,
      fromStep: Number(last.split(':')[1]),
      model: 'scripted/again',
      payloadJson: '{"z":1}',
      agentVersion: origin.agentVersion,
      inputTokens: 10,
      outputTokens: 5,
      costUsd: 0.000015,
    });
    expect(called).toEqual([]);
    expect(asked.map(({ model }) => model)).toEqual(['scripted/again']);
    const [system, opening] = asked[0]?.messages ?? [];
    expect(system?.text).toContain('Do it otherwise.');
    expect(system?.text).not.toContain('Do what the script says.');
    expect(opening?.text).toContain('{"z":1}');
    expect(brief(forked)).toEqual([
      'model scripted/test done copied',
      'tool one done copied',
      'tool two done copied',
      'model scripted/test done copied',
      'tool big done copied',
      'model scripted/again done',
    ]);
    expect(forked[4]?.startedAt).toEqual(steps[4]?.startedAt);
    const { output_id } = (forked[4]?.output ?? {}) as { output_id: string };
    await database.db.execute({ text: 'DELETE FROM runs WHERE id = $1', values: [id] });
    const of = { id: output_id, offset: 0, length: 10 };
    expect(await readSpill({ db: database.db }, { runId: run.id, ...of })).not.toBeNull();
  });

  test('from a tool call makes that call and those beside it again, not those before', async () => {
    await using given = await withRun();
    const { id, called, fork } = given;
    const two = stepsOf(id, await readJournal(database.db, id))[2];
    expect(two?.name).toBe('two');
    const { run, steps } = await fork({ fromStep: two?.stepId ?? '' });
    expect(run.status).toBe('completed');
    expect(called).toEqual(['two', 'big']);
    expect(brief(steps).slice(0, 4)).toEqual([
      'model scripted/test done copied',
      'tool one done copied',
      'tool two done',
      'model scripted/test done',
    ]);
  });

  test('takes other results of tools, also for the call it would make again', async () => {
    await using given = await withRun();
    const { id, asked, called, fork } = given;
    const steps = stepsOf(id, await readJournal(database.db, id));
    const large = JSON.stringify({ message: 'large', rawData: 'y'.repeat(70_000) });
    const { run, steps: forked } = await fork({
      fromStep: steps[2]?.stepId ?? '',
      toolResults: new Map([
        [steps[1]?.callId ?? '', '{"message":"edited","rawData":10}'],
        [String(steps[2]?.stepId), large],
      ]),
    });
    expect(run.status).toBe('completed');
    expect(called).toEqual(['big']);
    const results = asked[0]?.messages.filter((message) => message.role === 'tool');
    expect(results?.map(({ text }) => text.slice(0, 40))).toEqual([
      '{"message":"edited","rawData":10}',
      large.slice(0, 40),
    ]);
    expect(forked[1]).toMatchObject({
      copied: true,
      edited: true,
      outputJson: '{"message":"edited","rawData":10}',
    });
    expect(forked[2]).toMatchObject({ edited: true, output: { truncated: true } });
  });

  test('after the last step of a run that hit a cap goes on with a count of its own', async () => {
    const { db } = database;
    await using engine = await startTestEngine({
      db,
      scripts: { test: { turns: [callTurn('one'), callTurn('one'), finishTurn()] } },
      tools: [functionTool('one', async () => 1)],
    });
    await engine.start();
    const limits = { max_steps: 4, max_tokens: null, max_cost_usd: null, timeout_ms: null };
    const { agentId } = await insertAgent(db, { limits });
    const id = await engine.dispatch(agentId);
    expect(await engine.ended(id)).toMatchObject({ status: 'failed', stopReason: 'max_steps' });
    const end = (await readJournal(db, id)).at(-1)?.seq ?? 0;
    const result = await forkRun(engine.deps, {
      scope: 'all',
      id,
      fromStep: String(end),
      instructions: null,
      model: null,
      payloadJson: null,
      toolResults: new Map(),
      traceparent: null,
      idempotency: null,
    });
    if (result.kind !== 'dispatched') throw new Error(result.kind);
    expect(await engine.ended(result.id)).toMatchObject({ status: 'completed' });
  });

  test.each([
    ['99', 'is not a step of this run; they are 1, 2, 3, '],
    ['x', 'must be a step of this run'],
    [`ar${'0'.repeat(30)}:1`, 'must be a step of this run'],
  ])('from %s is refused', async (fromStep, problem) => {
    await using given = await withRun();
    await expect(given.fork({ fromStep })).rejects.toMatchObject({
      problem: 'validation_error',
      details: { from_step: expect.stringContaining(problem) },
    });
  });

  test('is refused for results of what is no copied call, and for models that cannot be used', async () => {
    await using given = await withRun();
    const { fork } = given;
    const toolResults = new Map([['1', '{}']]);
    await expect(fork({ fromStep: '2', toolResults })).rejects.toMatchObject({
      problem: 'validation_error',
      details: { 'tool_results.1': expect.stringContaining('is not the step of a tool call') },
    });
    await expect(fork({ model: 'scripted/none' })).rejects.toMatchObject({
      problem: 'unprocessable',
    });
  });

  test('of a run whose calls have not ended is possible from the calls, not after them', async () => {
    const held = Promise.withResolvers<void>();
    let calls = 0;
    const { db } = database;
    await using engine = await startTestEngine({
      db,
      scripts: { test: { turns: [callTurn('slow'), finishTurn()] } },
      tools: [
        functionTool('slow', async () => {
          calls += 1;
          if (calls === 1) await held.promise;
        }),
      ],
    });
    await engine.start();
    const { agentId } = await insertAgent(db);
    const id = await engine.dispatch(agentId);
    while (calls === 0) await new Promise((resolve) => setImmediate(resolve));
    const request = {
      scope: 'all',
      id,
      fromStep: '2',
      instructions: null,
      model: null,
      payloadJson: null,
      toolResults: new Map(),
      traceparent: null,
      idempotency: null,
    } as const;
    const result = await forkRun(engine.deps, request);
    if (result.kind !== 'dispatched') throw new Error(result.kind);
    expect(await engine.ended(result.id)).toMatchObject({ status: 'completed' });
    expect((await getRun(db, 'all', id))?.status).toBe('running');
    await cancelRun(engine.deps, { scope: 'all', id, by: 'a test' });
    held.resolve();
  });
});
