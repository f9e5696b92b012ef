import { afterAll, describe, expect, it } from 'vitest';
import { createTestApi } from '../../test/support/api.ts';
import { firingBench, matched } from '../../test/support/firing.ts';
import type { FiringOutcome, NewFiring } from '../store/new-firing.ts';
import { createRunCreator, insertFirings, type RunCreator } from '../store/run-creator.ts';
import { fire } from './fire.ts';

const api = await createTestApi();
afterAll(() => api[Symbol.asyncDispose]());
const { deps } = api;
const { agentWith, firing, runsOfEvent, verdictsOf } = firingBench(api);

describe('a firing', () => {
  it('is kept with every verdict and its runs, each with the payload as it was given', async () => {
    const [one, two, three] = [await agentWith(), await agentWith(), await agentWith()];
    const comparison = { field: 'n', op: 'eq', expected: 2, actual: 1, matched: false };
    const result = await fire(
      deps,
      firing({
        payloadJson: '{ "n":1.0 }',
        candidates: [
          matched(one),
          { ...three, matched: false, comparisons: [comparison] },
          matched(two),
        ],
      }),
    );
    expect(result.kind).toBe('fired');
    expect(result.runs.map((run) => run.agentId)).toEqual([one.agent.id, two.agent.id]);
    const runs = await runsOfEvent(result.triggerEventId);
    expect(runs.map((run) => run.payload)).toEqual(['{ "n":1.0 }', '{ "n":1.0 }']);
    expect(await verdictsOf(result.triggerEventId)).toEqual([
      { agent_id: one.agent.id, verdict: 'ran', reason: null, run_id: result.runs[0]?.id },
      { agent_id: three.agent.id, verdict: 'not_matched', reason: null, run_id: null },
      { agent_id: two.agent.id, verdict: 'ran', reason: null, run_id: result.runs[1]?.id },
    ]);
  });

  it('is kept when nothing matches', async () => {
    const result = await fire(deps, firing());
    expect(result).toMatchObject({ kind: 'fired', runs: [] });
    const [row] = await deps.db.query<{ type: string }>({
      text: 'SELECT type FROM trigger_events WHERE id = $1',
      values: [result.triggerEventId],
    });
    expect(row?.type).toBe('a.b');
  });

  it('is the first one’s when its key was used before, at the same time too', async () => {
    const one = await agentWith();
    const once = firing({ onceKey: `event:x:${one.agent.id}`, candidates: [matched(one)] });
    const results = await Promise.all(Array.from({ length: 20 }, () => fire(deps, once)));
    const again = await fire(deps, once);
    const fired = results.filter((result) => result.kind === 'fired');
    expect(fired).toHaveLength(1);
    for (const result of [...results, again]) {
      expect(result.triggerEventId).toBe(fired[0]?.triggerEventId);
      expect(result.runs).toEqual(fired[0]?.runs);
    }
    expect(await runsOfEvent(again.triggerEventId)).toHaveLength(1);
  });

  it('is one when two processes are told of it, whatever the order in which they are', async () => {
    const one = await agentWith();
    await using other = createRunCreator(deps.db);
    const keys = Array.from({ length: 12 }, (_, n) => `event:two:${one.agent.id}:${n}`);
    const at = (creator: typeof deps.creator, onceKey: string) =>
      fire({ ...deps, creator }, firing({ onceKey, candidates: [matched(one)] }));
    const results = await Promise.all([
      ...keys.map((key) => at(deps.creator, key)),
      ...keys.toReversed().map((key) => at(other, key)),
    ]);
    expect(results.filter((result) => result.kind === 'fired')).toHaveLength(keys.length);
    expect(new Set(results.map((result) => result.triggerEventId)).size).toBe(keys.length);
  });

  it('is recognised when it is sent again since nobody knows whether it was stored', async () => {
    const [one, once] = [await agentWith(), await agentWith({ run_only_once_per_entity: true })];
    const entityId = 'ticket-7';
    const units: NewFiring[] = [];
    const creator = { ...deps.creator, submit: (unit: NewFiring) => submit(unit) } as RunCreator;
    const submit = async (unit: NewFiring) => {
      units.push(unit);
      const [outcome] = await insertFirings(deps.db, [unit]);
      return outcome as FiringOutcome;
    };
    const twice = firing({
      onceKey: `event:again:${one.agent.id}`,
      candidates: [matched(one), matched(once, { entityId })],
    });
    await fire(deps, firing({ candidates: [matched(once, { entityId })] }));
    const first = await fire({ ...deps, creator }, twice);
    expect(first.runs).toHaveLength(1);
    const [again] = await insertFirings(deps.db, units);
    expect(again).toMatchObject({ kind: 'created' });
    expect(again?.kind === 'created' && again.skippedRuns.size).toBe(1);
    expect(await runsOfEvent(first.triggerEventId)).toHaveLength(1);
    expect(await verdictsOf(first.triggerEventId)).toHaveLength(2);
  });

  it('keeps of many long comparisons those that decided', async () => {
    const one = await agentWith();
    const long = { field: 'x'.repeat(200), op: 'eq', expected: 'y'.repeat(200) };
    const comparisons = Array.from({ length: 50 }, (_, n) => ({ ...long, matched: n !== 49 }));
    const result = await fire(
      deps,
      firing({ candidates: [{ ...one, matched: false, comparisons }] }),
    );
    const [row] = await deps.db.query<{ comparisons: string }>({
      text: 'SELECT comparisons FROM trigger_verdicts WHERE event_id = $1',
      values: [result.triggerEventId],
    });
    expect(row?.comparisons.length).toBeLessThanOrEqual(8_000);
    expect(JSON.parse(row?.comparisons ?? '')[0].matched).toBe(false);
  });

  it('says who is disabled, inactive or without a model, and runs the others', async () => {
    const [good, off, inactive, unusable] = [
      await agentWith(),
      await agentWith(),
      await agentWith({ operation_mode: 'inactive' }),
      await agentWith({ model: 'openai/none' }),
    ];
    const models = {
      ...deps.models,
      whyUnusable: (m: string) => (m === 'openai/none' ? 'No.' : null),
    };
    const result = await fire(
      { ...deps, models },
      firing({
        candidates: [
          matched({ ...off, agent: { ...off.agent, enabled: false } }),
          matched(inactive),
          matched({ ...good, trigger: { ...good.trigger, enabled: false } }),
          matched(unusable),
          matched(good),
        ],
      }),
    );
    const verdicts = await verdictsOf(result.triggerEventId);
    expect(verdicts.map((one) => one.reason ?? one.verdict)).toEqual([
      'agent_disabled',
      'inactive',
      'trigger_disabled',
      'not_dispatchable',
      'ran',
    ]);
  });

  it('starts no more runs than an event may', async () => {
    const one = await agentWith();
    const result = await fire(
      deps,
      firing({ candidates: Array.from({ length: 103 }, () => matched(one)) }),
    );
    expect(result.runs).toHaveLength(100);
    const verdicts = await verdictsOf(result.triggerEventId);
    expect(verdicts.filter((verdict) => verdict.reason === 'too_many_runs')).toHaveLength(3);
  });
});

it('gives back what its first runs took when a later one cannot be judged', async () => {
  const [one, two] = [await agentWith(), await agentWith()];
  const places: string[] = [];
  const left: string[] = [];
  const givenBack: string[] = [];
  const failing = {
    ...deps,
    engine: {
      ...deps.engine,
      ownerForNewRun: ({ id }: { readonly id: string }) => {
        places.push(id);
        return 'this process';
      },
      notCreated: (id: string) => {
        left.push(id);
      },
    },
    budgets: {
      admit: async ({ agentId }: { readonly agentId: string }) => {
        if (agentId === two.agent.id) throw new Error('The database went away.');
        return { refused: null, counted: ['a budget'] };
      },
      giveBack: (counted: readonly string[]) => {
        givenBack.push(...counted);
      },
    },
  };
  const fired = fire(failing, firing({ candidates: [matched(one), matched(two)] }));
  await expect(fired).rejects.toThrow('The database went away.');
  expect(places).toHaveLength(1);
  expect({ left, givenBack }).toEqual({ left: places, givenBack: ['a budget'] });
});
