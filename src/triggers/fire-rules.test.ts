import { afterAll, describe, expect, it } from 'vitest';
import { createTestApi } from '../../test/support/api.ts';
import { firingBench, matched } from '../../test/support/firing.ts';
import type { Agent } from '../core/agent.ts';
import { releaseHeldRuns } from '../store/held-runs.ts';
import { getRun } from '../store/runs.ts';
import { fire } from './fire.ts';

// When a candidate that matched starts no run all the same, or one that waits.

const api = await createTestApi();
afterAll(() => api[Symbol.asyncDispose]());
const { deps } = api;
const { agentWith, firing, verdictsOf } = firingBench(api);

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
