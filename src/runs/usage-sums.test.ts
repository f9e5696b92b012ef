import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  asks,
  cached,
  fails,
  helps,
  insertAgentPair,
  never,
  readersOf,
} from '../../test/support/agent-pair.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { insertAgent, startTestEngine } from '../../test/support/engine.ts';
import { finishTurn } from '../../test/support/turns.ts';
import type { ScriptInput } from '../models/script.ts';
import { countCall, countUsage, readUsage, type UsageSums, usageGroups } from '../store/usage.ts';
import { cancelRun } from './cancel.ts';

// Runs as they really end, of agents that ask others, and what is counted of them by all groupings.

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const ofNoPrice: ScriptInput = { turns: [{ answer: { ...finishTurn().answer } }] };

const zero = {
  ...{ runs: 0, completed: 0, failed: 0, cancelled: 0, inputTokens: 0, outputTokens: 0 },
  ...{ costUsd: 0, runsOfUnknownCost: 0 },
};

function added(all: readonly UsageSums[]): UsageSums {
  return all.reduce<UsageSums>((sum, each) => {
    const names = Object.keys(zero) as (keyof UsageSums)[];
    return Object.fromEntries(names.map((name) => [name, sum[name] + each[name]])) as never;
  }, zero);
}

test('every grouping of usage adds up to the same total, children, cancelled, failed and cached calls included', async () => {
  const { db } = database;
  const { workspaceId, parentId, tool } = await insertAgentPair(db);
  const { childrenOf, waits } = readersOf(db);
  const slowHelper = await insertAgentPair(db, {
    workspaceId,
    parent: { model: 'scripted/patient' },
    helper: { model: 'scripted/never' },
  });
  const own = async (model: string) =>
    (await insertAgent(db, { model: `scripted/${model}` }, workspaceId)).agentId;
  const scripts = {
    ...{ parent: asks([tool, tool]), helper: helps, patient: asks([slowHelper.tool]), never },
    ...{ cached, fails, ofNoPrice },
  };
  await using engine = await startTestEngine({ db, scripts });
  const pair = await engine.dispatch(parentId);
  const patient = await engine.dispatch(slowHelper.parentId);
  const ending = [pair];
  for (const model of ['cached', 'fails', 'ofNoPrice']) {
    ending.push(await engine.dispatch(await own(model)));
  }
  await db.execute({
    text: `UPDATE runs SET trigger_id = 'tr' || right(id, 1) WHERE id IN ($1, $2)`,
    values: [pair, patient],
  });
  await engine.start();
  for (const id of ending) await engine.ended(id);
  await waits(patient);
  await cancelRun(engine.deps, { scope: 'all', id: patient, by: 'a test' });
  for (const child of await childrenOf(patient)) await engine.ended(child.id);
  while ((await countUsage(db, 10)) > 0);
  // A question of the run that asked, and one of nobody's run.
  const call = { workspaceId, model: 'openai/text-embedding-3-small', outputTokens: 0 };
  await countCall(db, { ...call, runId: pair, inputTokens: 40, costUsd: 0.25 });
  await countCall(db, { ...call, runId: null, inputTokens: 2, costUsd: null });
  await db.execute({
    text: `UPDATE usage_days SET day = day - 3 WHERE workspace_id = $1 AND model = 'scripted/cached'`,
    values: [workspaceId],
  });

  const whole = {
    ...{ workspaceId, from: '2000-01-01', to: '2100-01-01', limit: 1_000 },
    ...{ agentId: null, model: null, triggerId: null },
  };
  const { totals } = await readUsage(db, { ...whole, groupBy: [] });
  // Two answers of the parent and one of each child, one of the patient, one before the failure: 3 USD each.
  expect(totals).toEqual({
    ...{ runs: 8, completed: 5, failed: 1, cancelled: 2 },
    inputTokens: 6 * 2 + 10 + 42 + (await tokensOf('ofNoPrice')).input,
    outputTokens: 6 + 1 + (await tokensOf('ofNoPrice')).output,
    costUsd: 6 * 3 + (2 + 8 / 2 + 1) + 0.25,
    runsOfUnknownCost: 2,
  });
  const combinations = Array.from({ length: 2 ** usageGroups.length }, (_, bits) =>
    usageGroups.filter((_group, at) => (bits >> at) % 2 === 1),
  );
  for (const groupBy of combinations.filter(({ length }) => length > 0)) {
    const grouped = await readUsage(db, { ...whole, groupBy });
    expect([groupBy, grouped.totals]).toEqual([groupBy, totals]);
    expect([groupBy, added(grouped.groups)]).toEqual([groupBy, totals]);
  }
  const byDay = await readUsage(db, { ...whole, groupBy: ['day'] });
  expect(byDay.groups).toHaveLength(2);

  async function tokensOf(model: string) {
    const { totals: of } = await readUsage(db, {
      ...whole,
      groupBy: [],
      model: `scripted/${model}`,
    });
    return { input: of.inputTokens, output: of.outputTokens };
  }
});
