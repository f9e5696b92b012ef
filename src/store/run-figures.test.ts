import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { insertAgentRow, insertRunRow } from '../../test/support/runs.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { copyMissedFigures, readAgentFigures, readEventFunnel } from './run-figures.ts';
import { copyAllSearched, copySearched } from './run-search.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const start = Date.now() - 3_600_000;

interface Entry {
  readonly type: string;
  readonly state: string;
  readonly atMs: number;
  readonly durationMs: number;
  readonly model: string;
  readonly copied: boolean;
}

interface Made {
  readonly id: string;
  readonly agentId: string;
  readonly createdMs: number;
  readonly waitMs: number;
  readonly isTest: boolean;
  readonly hasEvent: boolean;
  status: string;
  totalMs: number;
  entries: Entry[];
}

/** Times are counted from the run's creation. What a text holds must not matter. */
async function insertEntries(run: Made): Promise<void> {
  for (const [n, entry] of run.entries.entries()) {
    const data = {
      text: 'NUL \u0000, half \ud800, \\u0000 and "durationMs":99',
      model: entry.model,
      durationMs: entry.durationMs,
      ...(entry.copied ? { copied: true } : {}),
    };
    await database.db.execute({
      text: `INSERT INTO journal (run_id, seq, unit_id, step, type, state, data, created_at)
        VALUES ($1, $2, 'un', $2, $3, $4, $5, $6)`,
      values: [
        run.id,
        n + 1,
        entry.type,
        entry.state,
        JSON.stringify(data),
        new Date(run.createdMs + entry.atMs),
      ],
    });
  }
}

/** The linear percentile of the values, by its definition. */
function p95Of(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const place = 0.95 * (sorted.length - 1);
  const low = sorted[Math.floor(place)] as number;
  const high = sorted[Math.ceil(place)] as number;
  return low + (high - low) * (place - Math.floor(place));
}

/** Milliseconds in which something was at work: counted one by one. */
function workOf(run: Made): number {
  let ms = 0;
  const own = run.entries.filter(({ copied }) => !copied);
  for (let at = 0; at < run.totalMs; at++) {
    if (own.some((entry) => at >= entry.atMs - entry.durationMs && at < entry.atMs)) ms += 1;
  }
  return ms;
}

function recount(runs: readonly Made[], agentId: string) {
  const own = runs.filter((run) => run.agentId === agentId && !run.isTest);
  const timed = own.filter((run) => ['completed', 'failed'].includes(run.status));
  const ended = own.filter((run) => ['completed', 'failed', 'cancelled'].includes(run.status));
  const entries = ended.flatMap((run) => run.entries.filter((entry) => !entry.copied));
  const calls = Map.groupBy(
    entries.filter(({ type, state }) => type !== 'tool' && ['done', 'failed'].includes(state)),
    ({ type, model }) => `${type === 'model' ? 'agent' : type} ${model}`,
  );
  return {
    agentId,
    runs: own.length,
    failed: own.filter((run) => run.status === 'failed').length,
    p95TotalMs: p95Of(timed.map((run) => run.totalMs)),
    p95WorkMs: p95Of(timed.map(workOf)),
    p95OverheadMs: p95Of(timed.map((run) => run.totalMs - workOf(run))),
    toolCalls: entries.filter(({ type, state }) => type === 'tool' && state === 'started').length,
    modelCalls: [...calls]
      .map(([name, of]) => {
        const [purpose, model] = name.split(' ');
        return { purpose, model, count: of.length, p95Ms: p95Of(of.map((c) => c.durationMs)) };
      })
      .sort((a, b) => (`${a.purpose} ${a.model}` < `${b.purpose} ${b.model}` ? -1 : 1)),
  };
}

const toNearest = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, v) => (typeof v === 'number' ? Math.round(v * 1e6) / 1e6 : v)),
  );

test.each([1, 2])(
  'the sums of a window equal a recount over its runs, whatever is copied (seed %i)',
  async (seed) => {
    const { db } = database;
    const random = seededRandom(seed);
    const below = (n: number) => Math.floor(random() * n);
    const pick = <T>(from: readonly T[]): T => from[below(from.length)] as T;
    const { workspaceId, agentId } = await insertAgentRow(db);
    const second = (await insertAgentRow(db)).agentId;
    const runs: Made[] = [];
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < 7; n++) {
        const agent = pick([agentId, agentId, second]);
        const id = await insertRunRow(db, { workspaceId, agentId: agent, owner: 'pr' });
        const createdMs = start + (round * 10 + n) * 1_000;
        const run: Made = {
          ...{ id, agentId: agent, createdMs, waitMs: below(50) },
          ...{ isTest: random() < 0.1, hasEvent: random() < 0.5 },
          ...{ status: 'running', totalMs: 0, entries: [] },
        };
        runs.push(run);
        if (run.hasEvent) {
          await db.execute({
            text: `INSERT INTO trigger_events (id, workspace_id, source, payload, run_id, created_at)
              VALUES ('te' || $1, $2, 'webhook', '{}', $1, $3)`,
            values: [id, workspaceId, new Date(createdMs)],
          });
        }
        await db.execute({
          text: `UPDATE runs SET created_at = $2, started_at = $3, test_run_id = $4,
            trigger_event_id = CASE WHEN $5 THEN 'te' || id END WHERE id = $1`,
          values: [
            id,
            new Date(createdMs),
            new Date(createdMs + run.waitMs),
            run.isTest ? 'tr' : null,
            run.hasEvent,
          ],
        });
      }
      for (const run of runs.filter((each) => each.status === 'running' && random() < 0.7)) {
        run.status = pick(['completed', 'completed', 'failed', 'cancelled']);
        run.totalMs = run.waitMs + below(400);
        run.entries = Array.from({ length: below(5) }, () => ({
          type: pick(['model', 'tool', 'guardrail']),
          state: pick(['started', 'done', 'failed', 'lost']),
          atMs: below(500),
          durationMs: below(200),
          model: pick(['a/one', 'b/two']),
          copied: random() < 0.2,
        }));
        await insertEntries(run);
        await db.execute({
          text: `UPDATE runs SET status = $2, owner = NULL, wake_at = NULL, completed_at = $3 WHERE id = $1`,
          values: [run.id, run.status, new Date(run.createdMs + run.totalMs)],
        });
      }
      if (random() < 0.6) await copySearched(db, 5);
      if (round === 0) {
        // As the release before leaves them.
        await db.execute('TRUNCATE run_figures');
        if (seed === 2) await copyMissedFigures(db);
      }
      if (round === 1) await copyAllSearched(db);
      const from = new Date(start);
      const to = new Date(pick([start + 15_000, start + 100_000]));
      const inside = runs.filter((run) => run.createdMs < to.getTime());
      const window = { workspaceId, agentId: null, from, to };
      const expected = [agentId, second]
        .map((id) => recount(inside, id))
        .filter((row) => row.runs > 0)
        .sort((a, b) => b.runs - a.runs || (a.agentId < b.agentId ? -1 : 1));
      expect(toNearest(await readAgentFigures(db, window))).toEqual(toNearest(expected));
      const one = await readAgentFigures(db, { ...window, agentId });
      expect(toNearest(one)).toEqual(toNearest(expected.filter((row) => row.agentId === agentId)));

      const caused = inside.filter((run) => run.hasEvent && !run.isTest);
      const ended = caused.filter((run) => run.status !== 'running');
      expect(toNearest(await readEventFunnel(db, { workspaceId, from, to }))).toMatchObject({
        events: inside.filter((run) => run.hasEvent).length,
        matched: inside.filter((run) => run.hasEvent).length,
        runs: caused.length,
        started: caused.length,
        ended: ended.length,
        failed: ended.filter((run) => run.status === 'failed').length,
        p95WaitMs: toNearest(p95Of(caused.map((run) => run.waitMs))),
      });
    }
  },
  60_000,
);
