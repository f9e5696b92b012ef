import { afterAll, describe, expect, test } from 'vitest';
import { insertAgent, startTestEngine } from '../../test/support/engine.ts';
import { openModelRegistry } from '../../test/support/model-registry.ts';
import { stepsOf } from '../runs/steps.ts';
import { readJournal } from '../store/journal.ts';

const registry = await openModelRegistry();
afterAll(() => registry[Symbol.asyncDispose]());
const { api, fake, client, limiter, make } = registry;

describe('a run', () => {
  const engineOf = () => startTestEngine({ db: api.deps.db, models: client });
  const runOf = async (definition: Parameters<typeof insertAgent>[1]) => {
    await using engine = await engineOf();
    await engine.start();
    const { agentId } = await insertAgent(api.deps.db, definition, api.workspace.id);
    const id = await engine.dispatch(agentId);
    const run = await engine.ended(id);
    return { run, steps: stepsOf(id, await readJournal(api.deps.db, id)) };
  };

  test('asks the model behind a name, and its trace says which one answered', async () => {
    const model = await make();
    fake.answerWith([{ text: 'Done.', usage: { input: 1_000, output: 100 } }]);
    const { run, steps } = await runOf({ model: model.name });
    expect(run).toMatchObject({ status: 'completed', model: model.name, response: 'Done.' });
    expect(steps[0]).toMatchObject({
      name: 'openai/gpt-5-mini',
      output: { asked_as: model.name },
    });
    // Listed at 0.25 and 2 USD a million.
    expect(run.costUsd).toBeCloseTo((1_000 * 0.25 + 100 * 2) / 1e6, 10);
  });

  test('goes down the chain, in order, and the trace has every failure', async () => {
    const last = await make({ model: 'gpt-5' });
    const second = await make({ model: 'gpt-5-nano', fallbacks: [last.name] });
    const first = await make({ fallbacks: [second.name] });
    fake.answerWith((request) =>
      request.model === 'gpt-5' ? { text: 'The third one.' } : { status: 503, message: 'no room' },
    );
    const { run, steps } = await runOf({ model: first.name });
    expect(run).toMatchObject({ status: 'completed', response: 'The third one.' });
    expect(steps.map((step) => [step.name, step.status])).toEqual([
      [first.name, 'failed'],
      [second.name, 'failed'],
      ['openai/gpt-5', 'done'],
    ]);
  });

  test('does not go down the chain after an error that the model keeps to itself', async () => {
    const spare = await make({ model: 'gpt-5' });
    const first = await make({ fallbacks: [spare.name], fallback_on: ['overloaded'] });
    const before = fake.requests.length;
    fake.answerWith(() => ({ status: 401, message: 'no' }));
    const { run } = await runOf({ model: first.name });
    expect(run).toMatchObject({ status: 'failed', error: expect.stringContaining('401') });
    expect(fake.requests.slice(before).map((request) => request.model)).toEqual(['gpt-5-mini']);
  });

  test('fails with a sentence when the name is gone', async () => {
    const { run } = await runOf({ model: 'gone' });
    expect(run).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('no model "gone"'),
    });
  });

  test('costs what the workspace says that its model costs', async () => {
    const model = await make({ model: 'gpt-5-nano' });
    const set = await api.request('POST', '/v1/prices', {
      body: {
        model: 'openai/gpt-5-nano',
        input: 10,
        output: 20,
        cached_input: 1,
        tiers: [{ above_input_tokens: 2_000, input: 100, output: 200 }],
        source: 'our contract',
      },
    });
    expect(set.status).toBe(201);
    fake.answerWith(() => ({ text: 'ok', usage: { input: 1_000, output: 10, cached: 400 } }));
    const { run } = await runOf({ model: model.name });
    expect(run.costUsd).toBeCloseTo((600 * 10 + 400 * 1 + 10 * 20) / 1e6, 10);
    fake.answerWith(() => ({ text: 'ok', usage: { input: 3_000, output: 10 } }));
    const large = await runOf({ model: model.name });
    expect(large.run.costUsd).toBeCloseTo((3_000 * 100 + 10 * 200) / 1e6, 10);
    const inForce = await api.request('GET', '/v1/prices/in-force?model=openai/gpt-5-nano');
    expect(inForce.json.data).toMatchObject({ from: 'workspace', source: 'our contract' });
    await api.request('DELETE', `/v1/prices/${set.json.data.id}`);
    const listed = await api.request('GET', '/v1/prices/in-force?model=openai/gpt-5-nano');
    expect(listed.json.data).toMatchObject({ from: 'list', date: expect.any(String) });
  });

  test('waits as a row at a limit of its model, and that is no trouble of the provider', async () => {
    const model = await make({ limits: { requests_per_minute: 1 } });
    fake.answerWith(() => ({ text: 'ok' }));
    await (await limiter.admit({ ...model, id: model.id }, 1)).end(1);
    await using engine = await startTestEngine({ db: api.deps.db, models: client });
    await engine.start();
    const { agentId } = await insertAgent(api.deps.db, { model: model.name }, api.workspace.id);
    const id = await engine.dispatch(agentId);
    await expect
      .poll(async () => (await readJournal(api.deps.db, id)).at(-1), { timeout: 20_000 })
      .toMatchObject({ type: 'delay', data: { isOwnLimit: true } });
  });
});
