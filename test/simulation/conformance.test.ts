import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../src/core/ids.ts';
import { claimFairly } from '../../src/store/claim.ts';
import {
  type Database,
  openDatabase,
  type Queryable,
  type Statement,
} from '../../src/store/connect.ts';
import { readJournal } from '../../src/store/journal.ts';
import { registerProcess } from '../../src/store/processes.ts';
import { createRunCreator } from '../../src/store/run-creator.ts';
import { getRun } from '../../src/store/runs.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { insertAgentRow } from '../support/runs.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { simDatabase } from './client.ts';
import { type Cast, drawOperation, type Operation, plainRun } from './operations.ts';
import { SimServer } from './server.ts';
import { hostNamed, VirtualTime } from './virtual-time.ts';

// The simulated database is only worth what it has in common with the real one. Both are given the same
// random operations, the last two of them beside one another: the second begins while the first has done
// its work and not committed. Answers and tables must be the same.

let real: TestDatabase;
beforeAll(async () => {
  real = await createTestDatabase({ max: 8 });
});
afterAll(() => real[Symbol.asyncDispose]());

interface Side {
  readonly db: Database;
  /** Resolves when the operation has ended, or waits for a lock. */
  readonly settled: (work: Promise<unknown>) => Promise<void>;
}

const matchedUnlocked = `
    SELECT j.unit_id FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::int[])
      AS j (run_id, owner, epoch, unit_id, first_seq)
    JOIN runs q ON q.id = j.run_id AND q.owner IS NOT DISTINCT FROM j.owner AND q.epoch = j.epoch
      AND q.last_seq = j.first_seq - 1)) IS TRUE`;

interface Case {
  readonly agent: { readonly workspaceId: string; readonly agentId: string };
  readonly cast: Cast;
}

describe('the simulated database', () => {
  test.each(Array.from({ length: 12 }, (_, index) => index + 1))(
    'answers as the real one does, also beside an open transaction (seed %i)',
    async (seed) => {
      const random = seededRandom(seed);
      await using db = openDatabase(real.settings, { max: 8, plansByKey: seed % 2 === 0 });
      for (let round = 0; round < 25; round++) await compare(random, db);
    },
    60_000,
  );

  test.each([
    ['owner', 'AND r.owner IS NOT DISTINCT FROM u.owner', ''],
    ['epoch', 'AND r.epoch = u.epoch', ''],
    // Entries are then inserted for every run that was there when the statement began.
    ['lock', 'SELECT unit_id FROM written)) IS TRUE', matchedUnlocked],
  ])(
    'differs from a real one whose journal writes do without the %s',
    async (_, part, instead) => {
      await using db = openDatabase(real.settings, { max: 8 });
      const mutilated = withText(db, part, instead);
      const random = seededRandom(1);
      const rounds = async () => {
        for (let round = 0; round < 300; round++) await compare(random, mutilated);
      };
      await expect(rounds()).rejects.toThrow(/to deeply equal|duplicate key/);
    },
    60_000,
  );
});

/** The database with a part of the journal's statement replaced. */
function withText(db: Database, part: string, instead: string): Database {
  const changed = (statement: Statement | string): Statement | string => {
    if (typeof statement === 'string' || !statement.name?.startsWith('journal-commit')) {
      return statement;
    }
    if (statement.name === 'journal-committed-earlier') return statement;
    if (!statement.text.includes(part)) throw new Error(`The statement has no "${part}".`);
    return { ...statement, text: statement.text.replace(part, instead) };
  };
  const on = (inner: Queryable): Queryable => ({
    query: (statement) => inner.query(changed(statement)),
    execute: (statement) => inner.execute(changed(statement)),
  });
  return {
    ...on(db),
    transaction: (work, options) => db.transaction((tx) => work(on(tx)), options),
    connect: (options) => db.connect(options),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function compare(random: () => number, db: Database): Promise<void> {
  const agent = await insertAgentRow(db);
  const cast = {
    runIds: Array.from({ length: 3 }, () => newId('run')),
    owners: Array.from({ length: 3 }, () => newId('process')),
  };
  const given: Case = { agent, cast };
  const simulated = simulatedSide(random, given);
  const sides = [realSide(db), simulated.side];
  const each = async <T>(work: (side: Side) => Promise<T>): Promise<[T, T]> => {
    const first = await work(sides[0] as Side);
    return [first, await simulated.play(work(sides[1] as Side))];
  };
  await each((side) => setUp(side.db, given));
  const done: string[] = [];
  const agree = async (name: string, work: (side: Side) => Promise<unknown>) => {
    done.push(name);
    const [actual, expected] = await each(work);
    expect(expected, done.join('\n')).toEqual(actual);
    const [there, here] = await each((side) => tablesOf(side.db, cast));
    expect(here, done.join('\n')).toEqual(there);
  };
  const draw = () => drawOperation(random, cast, simulated.server.tables);
  for (let i = Math.floor(random() * 6); i > 0; i--) {
    const operation = draw();
    await agree(operation.name, (side) => operation.on(side.db));
  }
  if (random() < 0.3) {
    await agree('claim', (side) => claim(side.db, cast));
  }
  const first = draw();
  let second = draw();
  // Locks on rows of processes are not simulated: no transaction of the product writes them.
  while (first.writesProcesses && second.writesProcesses) second = draw();
  await agree(`${first.name}\nbeside it: ${second.name}`, (side) => beside(side, first, second));
}

/** The second begins when the first has been done and is not committed. */
async function beside(side: Side, first: Operation, second: Operation): Promise<unknown> {
  const gate = Promise.withResolvers<void>();
  const isDone = Promise.withResolvers<unknown>();
  const transaction = side.db.transaction(async (tx) => {
    isDone.resolve(await first.on(tx));
    await gate.promise;
  });
  const firstSaid = await Promise.race([isDone.promise, transaction]);
  const other = second.on(side.db);
  await side.settled(other);
  gate.resolve();
  await transaction;
  return [firstSaid, await other];
}

function realSide(db: Database): Side {
  const isWaiting = async () => {
    const rows = await real.db.query<{ waits: boolean }>(
      `SELECT EXISTS (SELECT 1 FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock') AS waits`,
    );
    return rows[0]?.waits === true;
  };
  return {
    db,
    settled: async (work) => {
      let isOver = false;
      const over = work.finally(() => {
        isOver = true;
      });
      over.catch(() => {});
      while (!isOver && !(await isWaiting())) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

function simulatedSide(random: () => number, { agent }: Case) {
  const time = new VirtualTime(seededRandom(Math.floor(random() * 1e9)));
  const server = new SimServer(time, {});
  server.tables.agents.set(agent.agentId, {
    id: agent.agentId,
    workspaceId: agent.workspaceId,
    definition: '{}',
    concurrency: null,
    paused_at: null,
  });
  server.tables.workspaces.set(agent.workspaceId, { id: agent.workspaceId, max_running: null });
  const host = hostNamed('conformance');
  const network = { fate: () => 'arrives' as const, isCut: () => false };
  const db = simDatabase({ server, host, network });
  const settled = async (work: Promise<unknown>) => {
    work.catch(() => {});
    await new Promise<void>((resolve) => {
      time.after(1_000, host, resolve);
    });
  };
  return {
    server,
    side: { db, settled },
    async play<T>(work: Promise<T>): Promise<T> {
      let isOver = false;
      const over = work.finally(() => {
        isOver = true;
      });
      over.catch(() => {});
      // What begins in another turn of the event loop is no event yet.
      while (!isOver) {
        await new Promise<void>((resolve) => setImmediate(resolve));
        await time.playUntil(() => isOver, Number.POSITIVE_INFINITY);
      }
      return await work;
    },
  };
}

async function setUp(db: Database, { agent, cast }: Case): Promise<void> {
  for (const [index, id] of cast.owners.slice(0, 2).entries()) {
    await registerProcess(db, { id, name: `${id}/${index}` });
  }
  await using creator = createRunCreator(db);
  for (const [index, id] of cast.runIds.entries()) {
    await creator.submit({
      event: {
        ...{ id: `te${id.slice(2)}`, workspaceId: agent.workspaceId, source: 'manual' },
        ...{ triggerId: null, payloadJson: '{}' },
      },
      runs: [
        {
          ...{ id, runId: `run_${id}`, agentId: agent.agentId, agentVersion: 1 },
          ...{ triggerId: null, triggerType: null, sessionId: null, entityId: null },
          ...{ additionalInstructions: null, retryOf: null, model: 'scripted/test' },
          ...{ traceId: 'trace', owner: cast.owners[index] ?? null },
        },
      ],
      verdicts: [],
      idempotency: null,
    });
  }
}

/** Claims what is due of the case, and says who got what. */
async function claim(db: Database, cast: Cast): Promise<unknown> {
  const { runs } = await claimFairly(db, {
    owner: cast.owners[0] ?? '',
    room: 2,
    cursor: { workspaceId: '', lanes: new Map() },
    maxRunningPerWorkspace: null,
    choose: (candidates) =>
      candidates.map((one) => one.id).filter((id) => cast.runIds.includes(id)),
  });
  return runs.map(plainRun).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

async function tablesOf(db: Queryable, cast: Cast): Promise<unknown> {
  const rows: unknown[] = [];
  for (const id of cast.runIds) {
    const run = await getRun(db, 'all', id);
    const entries = await readJournal(db, id);
    rows.push({
      run: plainRun(run),
      isDue: run?.wakeAt === null ? null : 'at some time',
      journal: entries.map(({ createdAt: _, ...entry }) => entry),
    });
  }
  return rows;
}
