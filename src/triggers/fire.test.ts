import { afterAll, describe, expect, it } from 'vitest';
import { newAgentRow } from '../../test/support/agents.ts';
import { createTestApi } from '../../test/support/api.ts';
import type { Agent, AgentDefinition, Trigger } from '../core/agent.ts';
import { newId } from '../core/ids.ts';
import { getAgent, insertAgent } from '../store/agents.ts';
import { releaseHeldRuns } from '../store/held-runs.ts';
import type { FiringOutcome, NewFiring } from '../store/new-firing.ts';
import { createRunCreator, insertFirings, type RunCreator } from '../store/run-creator.ts';
import { getRun } from '../store/runs.ts';
import { fire } from './fire.ts';
import type { Firing, MatchedCandidate } from './firing.ts';

const api = await createTestApi();
afterAll(() => api[Symbol.asyncDispose]());
const { deps, workspace } = api;

async function agentWith(
  definition: Partial<AgentDefinition> = {},
  given: { readonly type?: Trigger['type']; readonly config?: Record<string, unknown> } = {},
): Promise<{ readonly agent: Agent; readonly trigger: Trigger }> {
  const row = newAgentRow({ workspaceId: workspace.id, definition });
  const inserted = await deps.db.transaction((tx) =>
    insertAgent(tx, {
      ...row,
      triggers: [
        {
          ...{ id: newId('trigger'), name: 'On it', description: '', enabled: true },
          ...{ type: given.type ?? 'event', config: given.config ?? { event: 'a.b', filter: [] } },
          ...{ hookKey: null, sealedSecret: null, isChanged: true },
        },
      ],
    }),
  );
  const agent = (await getAgent(deps.db, 'all', inserted.id)) as Agent;
  return { agent, trigger: agent.triggers[0] as Trigger };
}

function matched(
  of: { readonly agent: Agent; readonly trigger: Trigger },
  more: Partial<MatchedCandidate> = {},
): MatchedCandidate {
  return { ...of, comparisons: [], entityId: null, ...more, matched: true };
}

function firing(more: Partial<Firing> = {}): Firing {
  return {
    ...{ workspaceId: workspace.id, source: 'event', eventType: 'a.b', triggerId: null },
    ...{ payloadJson: '{"n":1}', onceKey: null, occurredAt: null, causedByRunId: null, depth: 0 },
    candidates: [],
    ...more,
  };
}

async function verdictsOf(eventId: string) {
  return await deps.db.query<{
    agent_id: string;
    verdict: string;
    reason: string | null;
    run_id: string | null;
  }>({
    text: 'SELECT agent_id, verdict, reason, run_id FROM trigger_verdicts WHERE event_id = $1 ORDER BY n',
    values: [eventId],
  });
}

async function runsOfEvent(eventId: string) {
  return await deps.db.query<{ id: string; payload: string; wake_at: Date | null }>({
    text: 'SELECT id, payload, wake_at FROM runs WHERE trigger_event_id = $1 ORDER BY id',
    values: [eventId],
  });
}

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

describe('an agent that runs once per entity', () => {
  it('runs once however many events come at the same time, and says of the others why not', async () => {
    const one = await agentWith({ run_only_once_per_entity: true });
    const results = await Promise.all(
      Array.from({ length: 20 }, () =>
        fire(deps, firing({ candidates: [matched(one, { entityId: 'ticket-1' })] })),
      ),
    );
    expect(results.flatMap((result) => result.runs)).toHaveLength(1);
    const refused = results.find((result) => result.runs.length === 0);
    expect(await verdictsOf(refused?.triggerEventId ?? '')).toEqual([
      { agent_id: one.agent.id, verdict: 'skipped', reason: 'once_per_entity', run_id: null },
    ]);
    const other = await fire(
      deps,
      firing({ candidates: [matched(one, { entityId: 'ticket-2' })] }),
    );
    expect(other.runs).toHaveLength(1);
  });
});

function cronConfig(overlap: string) {
  return { expression: '0 0 * * *', timezone: 'UTC', catch_up: 'latest', overlap, jitter_ms: 0 };
}

describe('a trigger whose runs must not overlap', () => {
  it('starts one run at a time, and one again when that has ended', async () => {
    const one = await agentWith({}, { type: 'cron', config: cronConfig('skip') });
    const tick = () => fire(deps, firing({ source: 'cron', candidates: [matched(one)] }));
    const results = await Promise.all(Array.from({ length: 10 }, tick));
    const runs = results.flatMap((result) => result.runs);
    expect(runs).toHaveLength(1);
    const skipped = results.find((result) => result.runs.length === 0);
    expect(await verdictsOf(skipped?.triggerEventId ?? '')).toMatchObject([
      { verdict: 'skipped', reason: 'overlap' },
    ]);
    await deps.db.execute({
      text: `UPDATE runs SET status = 'completed', owner = NULL, wake_at = NULL, completed_at = now() WHERE id = $1`,
      values: [runs[0]?.id],
    });
    expect((await tick()).runs).toHaveLength(1);
    expect((await tick()).runs).toHaveLength(0);
  });

  it('queues runs under its own key when they are to follow one another', async () => {
    const one = await agentWith({}, { type: 'cron', config: cronConfig('queue') });
    const result = await fire(deps, firing({ source: 'cron', candidates: [matched(one)] }));
    const [row] = await deps.db.query<{ concurrency_key: string }>({
      text: 'SELECT concurrency_key FROM runs WHERE id = $1',
      values: [result.runs[0]?.id],
    });
    expect(row?.concurrency_key).toBe(one.trigger.id);
  });
});

describe('agents that heed their order', () => {
  it('run one after the other, the lower first, whatever becomes of the one before', async () => {
    const inOrder = { ignore_execution_order: false };
    const [second, first, beside] = [
      await agentWith({ ...inOrder, execution_order: 2 }),
      await agentWith({ ...inOrder, execution_order: 1 }),
      await agentWith({ execution_order: 0 }),
    ];
    const result = await fire(
      deps,
      firing({ candidates: [matched(second), matched(beside), matched(first)] }),
    );
    const idOf = (of: { readonly agent: Agent }) =>
      result.runs.find((run) => run.agentId === of.agent.id)?.id ?? '';
    const isDue = async (id: string) => (await getRun(deps.db, 'all', id))?.wakeAt !== null;
    expect(await isDue(idOf(first))).toBe(true);
    expect(await isDue(idOf(beside))).toBe(true);
    expect(await isDue(idOf(second))).toBe(false);
    await releaseHeldRuns(deps.db);
    expect(await isDue(idOf(second))).toBe(false);
    await deps.db.execute({
      text: `UPDATE runs SET status = 'failed', wake_at = NULL, completed_at = now() WHERE id = $1`,
      values: [idOf(first)],
    });
    await releaseHeldRuns(deps.db);
    expect(await isDue(idOf(second))).toBe(true);
  });
});

describe('a chain', () => {
  it('ends after eight firings, and says so', async () => {
    const one = await agentWith();
    const at = (depth: number) => fire(deps, firing({ depth, candidates: [matched(one)] }));
    expect((await at(8)).runs).toHaveLength(1);
    const result = await at(9);
    expect(result.runs).toHaveLength(0);
    expect(await verdictsOf(result.triggerEventId)).toMatchObject([
      { verdict: 'refused', reason: 'chain_depth' },
    ]);
  });

  it('starts no more runs of an agent in a minute than it may', async () => {
    const one = await agentWith();
    const result = await fire(
      deps,
      firing({ depth: 1, candidates: Array.from({ length: 59 }, () => matched(one)) }),
    );
    expect(result.runs).toHaveLength(59);
    const next = await fire(deps, firing({ depth: 1, candidates: [matched(one), matched(one)] }));
    expect(next.runs).toHaveLength(1);
    expect(await verdictsOf(next.triggerEventId)).toMatchObject([
      { verdict: 'ran' },
      { verdict: 'refused', reason: 'chain_rate' },
    ]);
    const unchained = await fire(deps, firing({ candidates: [matched(one)] }));
    expect(unchained.runs).toHaveLength(1);
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
