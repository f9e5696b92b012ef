import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../src/store/connect.ts';
import { startFakeProvider } from '../support/fake-provider.ts';
import { startServerProcess } from '../support/server-process.ts';
import { modelEnv } from './run-load.ts';

export interface LatenessFigures {
  readonly ticks: number;
  readonly missing: number;
  readonly doubles: number;
  readonly early: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly runsCompleted: number;
}

/**
 * A real server with an agent that runs every second, for so many seconds. A tick is late by the time from the
 * second on the database's clock to the row of its event on the same clock.
 */
export async function measureLateness(given: {
  readonly db: Database;
  readonly databaseUrl: string;
  readonly seconds: number;
}): Promise<LatenessFigures> {
  const { db } = given;
  const dataDir = mkdtempSync(join(tmpdir(), 'signalbox-late-'));
  await using model = await startFakeProvider({
    answers: async () => ({
      toolCalls: [{ name: 'finish', arguments: { disposition: 'no_op', response: '' } }],
    }),
  });
  try {
    await using server = await startServerProcess({
      dataDir,
      env: {
        ...modelEnv(model),
        DATABASE_URL: given.databaseUrl,
        SIGNALBOX_SECRET_KEY: 'a secret key of the proofs, no other',
      },
    });
    const workspaces = await server.call<{ data: { id: string }[] }>('GET', '/v1/workspaces');
    const made = await server.call<{ data: { id: string; triggers: { id: string }[] } }>(
      'POST',
      '/v1/agents',
      {
        workspace_id: workspaces.body.data[0]?.id,
        name: 'Every second',
        description: 'Runs every second.',
        instructions: 'Finish.',
        triggers: [{ name: 'Second', type: 'cron', config: { expression: '* * * * * *' } }],
      },
    );
    if (made.status !== 201) throw new Error(JSON.stringify(made.body));
    const { id: agentId, triggers } = made.body.data;
    const triggerId = triggers[0]?.id ?? '';
    while ((await ticksOf(db, triggerId)).length < given.seconds) await sleep(500);
    await server.call('PATCH', `/v1/agents/${agentId}`, { enabled: false });
    while ((await openRuns(db)) > 0) await sleep(100);
    return figuresOf(await ticksOf(db, triggerId), await completedRuns(db));
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

interface Tick {
  readonly at: Date;
  readonly lateMs: number;
}

async function ticksOf(db: Database, triggerId: string): Promise<Tick[]> {
  const rows = await db.query<{ at: Date; late_ms: number }>({
    text: `SELECT occurred_at AS at, extract(epoch FROM created_at - occurred_at)::float8 * 1000 AS late_ms
      FROM trigger_events WHERE trigger_id = $1 ORDER BY occurred_at`,
    values: [triggerId],
  });
  return rows.map((row) => ({ at: row.at, lateMs: row.late_ms }));
}

async function openRuns(db: Database): Promise<number> {
  const [row] = await db.query<{ n: number }>(
    "SELECT count(*) AS n FROM runs WHERE status IN ('accepted', 'running', 'waiting')",
  );
  return row?.n ?? 0;
}

async function completedRuns(db: Database): Promise<number> {
  const [row] = await db.query<{ n: number }>(
    "SELECT count(*) AS n FROM runs WHERE status = 'completed'",
  );
  return row?.n ?? 0;
}

function figuresOf(ticks: readonly Tick[], runsCompleted: number): LatenessFigures {
  const seconds = ticks.map((tick) => tick.at.getTime() / 1_000);
  const [first = 0] = seconds;
  const span = (seconds.at(-1) ?? first) - first + 1;
  const distinct = new Set(seconds).size;
  const late = ticks.map((tick) => tick.lateMs).sort((a, b) => a - b);
  const at = (share: number) =>
    late[Math.min(late.length - 1, Math.ceil(share * late.length) - 1)] ?? 0;
  return {
    ticks: ticks.length,
    missing: span - distinct,
    doubles: ticks.length - distinct,
    early: late.filter((ms) => ms < 0).length,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: at(1),
    runsCompleted,
  };
}
