import type { TriggerType } from '../../src/core/agent.ts';
import { newId } from '../../src/core/ids.ts';
import { getAgent, insertAgent } from '../../src/store/agents.ts';
import type { Database } from '../../src/store/connect.ts';
import { createRunCreator } from '../../src/store/run-creator.ts';
import { type CronDeps, cronTicks } from '../../src/triggers/cron-ticks.ts';
import { plainDefinition } from '../support/agents.ts';
import { oracleTicks } from '../support/cron-oracle.ts';
import { mortalDatabase, silent } from '../support/engine.ts';

// Cron over simulated time and a real database: three processes that share nothing else fire the triggers of
// five zones, are killed between any two of their statements, and sometimes are all away. What was fired is
// compared with a walk through every minute on the wall (test/support/cron-oracle.ts).

const zones = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'America/Santiago',
  'Asia/Kathmandu',
] as const;

const catchUps = ['skip', 'latest', 'all'] as const;
type CatchUp = (typeof catchUps)[number];

const configs: readonly { readonly expression: string; readonly jitterMs?: number }[] = [
  { expression: '30 2 * * *' },
  { expression: '10,50 0-3 * * *' },
  { expression: '0 * * * *' },
  { expression: '*/30 1-3 * * *' },
  { expression: '15,45 30 2 * * *' },
  { expression: '0 9 * * 1-5' },
  { expression: '0 0 1 * *' },
  { expression: '0 12 * * 0', jitterMs: 3_600_000 },
];

const missedAfterMs = 10_000;
/** A process wakes up to so much after what it waits for. */
const sleepyMs = 200;

export interface YearFigures {
  readonly triggers: number;
  readonly expected: number;
  readonly fired: number;
  readonly missing: number;
  readonly unexpected: number;
  readonly doubles: number;
  readonly early: number;
  /** Later than a takeover explains, and not after an outage. */
  readonly late: number;
  readonly maxLateMs: number;
  readonly kills: number;
  readonly outages: number;
  readonly passedOver: number;
}

interface Trigger {
  readonly id: string;
  readonly expression: string;
  readonly timezone: string;
  readonly catchUp: CatchUp;
  readonly jitterMs: number;
}

interface Outage {
  readonly fromMs: number;
  readonly untilMs: number;
}

interface Fired {
  readonly triggerId: string;
  readonly tickMs: number;
  readonly atMs: number;
}

interface SimulatedProcess {
  readonly run: () => Promise<number>;
  /** Dies at the statement so many from now, before or after it took effect. */
  killAfter(statements: number): void;
  readonly died: Promise<void>;
  readonly isDead: () => boolean;
  readonly isDoomed: () => boolean;
  wakeAtMs: number;
}

/** Fires everything that is due between two moments, with seeded kills and outages, and compares. */
export async function simulateCron(
  db: Database,
  given: {
    readonly from: Date;
    readonly until: Date;
    readonly random: () => number;
    readonly report?: (line: string) => void;
  },
): Promise<YearFigures> {
  const { random } = given;
  const fromMs = given.from.getTime();
  const untilMs = given.until.getTime();
  const triggers = await createTriggers(db, given.from);
  const firstTries = new Map<string, number>();
  const outages: Outage[] = [];
  let nowMs = fromMs;
  let kills = 0;
  const start = () => startProcess(db, { nowMs: () => nowMs, firstTries, random });
  let processes = [start(), start(), start()];
  const between = (least: number, most: number) => least + random() * (most - least);
  const dayMs = 24 * 3_600_000;
  let nextKillMs = fromMs + between(0.1, 1) * dayMs;
  let nextOutageMs = fromMs + between(0.3, 1) * dayMs;
  let reportedMonth = -1;

  while (nowMs <= untilMs) {
    // Two may die one after the other with the same tick in their hands; a third would make it a missed one.
    if (nowMs >= nextKillMs && processes.filter((each) => each.isDoomed()).length < 2) {
      processes[Math.floor(random() * 3)]?.killAfter(1 + Math.floor(random() * 12));
      nextKillMs = nowMs + between(0.05, 0.6) * dayMs;
    }
    const due = processes.filter((each) => each.wakeAtMs <= nowMs);
    await Promise.all(
      due.map(async (each) => {
        for (let waitMs = 0; waitMs <= 0; ) {
          waitMs = await Promise.race([each.run(), each.died.then(() => dayMs)]);
          each.wakeAtMs = nowMs + Math.ceil(waitMs + random() * sleepyMs);
        }
      }),
    );
    // The dead come back soon enough for no outage to be theirs.
    const dead = processes.filter((each) => each.isDead()).length;
    kills += dead;
    if (dead > 0) nextKillMs = Math.max(nextKillMs, nowMs + 60_000);
    processes = processes.map((each) => (each.isDead() ? start() : each));
    const wakeAtMs = Math.min(...processes.map((each) => each.wakeAtMs));
    const isQuiet = wakeAtMs - nowMs > 60_000;
    if (nowMs >= nextOutageMs && isQuiet && nowMs < untilMs - 5 * 3_600_000) {
      const away = random() < 0.5 ? between(1_000, 90_000) : between(0.02, 2.5) * dayMs;
      // It ends before the end, which would leave no time to catch up.
      const backMs = Math.min(nowMs + 30_000 + away, untilMs - 4 * 3_600_000);
      const outage = { fromMs: nowMs + 30_000, untilMs: Math.round(backMs) };
      outages.push(outage);
      nowMs = outage.untilMs;
      processes = [start(), start(), start()];
      nextOutageMs = nowMs + between(1, 6) * dayMs;
    } else {
      nowMs = wakeAtMs;
    }
    const month = new Date(nowMs).getUTCMonth();
    if (month !== reportedMonth) {
      reportedMonth = month;
      given.report?.(`${new Date(nowMs).toISOString().slice(0, 10)}: ${firstTries.size} fired`);
    }
  }
  const fired = await readFired(db, firstTries);
  return { ...compare({ triggers, fired, outages, fromMs, untilMs }), kills };
}

/** What the database says was fired, each event with a run; by when it was first tried. */
async function readFired(
  db: Database,
  firstTries: ReadonlyMap<string, number>,
): Promise<readonly Fired[]> {
  const rows = await db.query<{ trigger_id: string; tick: Date; once_key: string }>({
    text: `SELECT e.trigger_id, e.occurred_at AS tick, e.once_key
      FROM trigger_events e JOIN runs r ON r.trigger_event_id = e.id WHERE e.source = 'cron'`,
  });
  return rows.map((row) => ({
    triggerId: row.trigger_id,
    tickMs: row.tick.getTime(),
    atMs: firstTries.get(row.once_key) ?? 0,
  }));
}

/** One agent a zone, with every expression under every way of catching up. */
async function createTriggers(db: Database, from: Date): Promise<Trigger[]> {
  const workspaceId = newId('workspace');
  await db.execute({
    text: 'INSERT INTO workspaces (id, name) VALUES ($1, $2)',
    values: [workspaceId, 'Simulated'],
  });
  const triggers: Trigger[] = [];
  for (const [z, timezone] of zones.entries()) {
    const own = configs.map(({ expression, jitterMs = 0 }, n) => ({
      id: newId('trigger'),
      expression,
      timezone,
      // What is jittered is compared by its ticks alone, so it has to catch up with all.
      catchUp: jitterMs > 0 ? ('all' as const) : (catchUps[(n + z) % 3] ?? 'all'),
      jitterMs,
    }));
    triggers.push(...own);
    const agent = {
      id: newId('agent'),
      workspaceId,
      definition: plainDefinition,
      enabled: true,
      triggers: own.map(({ id, jitterMs, catchUp, ...config }) => ({
        id,
        name: config.expression,
        description: '',
        type: 'cron' satisfies TriggerType as TriggerType,
        config: { ...config, catch_up: catchUp, overlap: 'allow', jitter_ms: jitterMs },
        enabled: true,
        hookKey: null,
        sealedSecret: null,
        isChanged: true,
      })),
    };
    await db.transaction((tx) => insertAgent(tx, agent));
  }
  await db.execute({
    text: 'UPDATE cron_cursors SET after_tick = $1, due_at = $1',
    values: [from],
  });
  return triggers;
}

function startProcess(
  db: Database,
  given: {
    readonly nowMs: () => number;
    /** When each firing was first tried, by its key. */
    readonly firstTries: Map<string, number>;
    readonly random: () => number;
  },
): SimulatedProcess {
  const mortal = mortalDatabase(db);
  const death = Promise.withResolvers<void>();
  let isDead = false;
  let left = Number.POSITIVE_INFINITY;
  const counted = async <T>(statement: () => Promise<T>): Promise<T> => {
    left -= 1;
    if (left > 0) return await statement();
    isDead = true;
    // Half of the time the statement takes effect, and nobody is told.
    if (given.random() < 0.5) statement().catch(() => undefined);
    await mortal.kill();
    death.resolve();
    return await new Promise<never>(() => {});
  };
  const own: Database = {
    ...mortal.db,
    query: (statement) => counted(() => mortal.db.query(statement)),
    execute: (statement) => counted(() => mortal.db.execute(statement)),
  };
  const creator = createRunCreator(own);
  const deps: CronDeps = {
    db: own,
    creator: {
      submit: async (firing: Parameters<typeof creator.submit>[0]) => {
        const { onceKey } = firing.event;
        if (typeof onceKey === 'string' && !given.firstTries.has(onceKey)) {
          given.firstTries.set(onceKey, given.nowMs());
        }
        return await creator.submit(firing);
      },
    } as unknown as CronDeps['creator'],
    models: { whyUnusable: () => null } as unknown as CronDeps['models'],
    defaultModel: 'scripted/none',
    engine: { ownerForNewRun: () => null, notCreated: () => undefined, wake: () => undefined },
    reads: { agent: (scope, id) => getAgent(own, scope, id) },
    logger: silent,
    now: async () => new Date(given.nowMs()),
  };
  const work = cronTicks(deps);
  return {
    run: () => work.run(),
    killAfter: (statements) => {
      left = statements;
    },
    died: death.promise,
    isDead: () => isDead,
    isDoomed: () => !isDead && left !== Number.POSITIVE_INFINITY,
    wakeAtMs: given.nowMs(),
  };
}

function compare(given: {
  readonly triggers: readonly Trigger[];
  readonly fired: readonly Fired[];
  readonly outages: readonly Outage[];
  readonly fromMs: number;
  readonly untilMs: number;
}): Omit<YearFigures, 'kills'> {
  const { triggers, outages, fromMs, untilMs } = given;
  let [expected, missing, unexpected, doubles, early, late, maxLateMs, passedOver] = [
    0, 0, 0, 0, 0, 0, 0, 0,
  ];
  const byTrigger = Map.groupBy(given.fired, (one) => one.triggerId);
  for (const trigger of triggers) {
    const after = new Date(fromMs);
    // The last hours are left out: what is due at the end may not have fired.
    const until = new Date(untilMs - 2 * 3_600_000);
    const all = oracleTicks({ ...trigger, after, until }).map((tick) => tick.getTime());
    const due = new Set(afterOutages(all, trigger, outages));
    const fired = (byTrigger.get(trigger.id) ?? []).filter((one) => one.tickMs <= until.getTime());
    const ticks = new Set(fired.map((one) => one.tickMs));
    expected += due.size;
    passedOver += all.length - due.size;
    missing += [...due].filter((tick) => !ticks.has(tick)).length;
    unexpected += [...ticks].filter((tick) => !due.has(tick)).length;
    doubles += fired.length - ticks.size;
    for (const { tickMs, atMs } of fired) {
      if (atMs < tickMs) early += 1;
      if (outages.some((one) => tickMs + trigger.jitterMs >= one.fromMs && tickMs <= one.untilMs)) {
        continue;
      }
      const lateMs = Math.max(0, atMs - tickMs - trigger.jitterMs);
      maxLateMs = Math.max(maxLateMs, lateMs);
      if (lateMs > missedAfterMs) late += 1;
    }
  }
  const fired = given.fired.length;
  return {
    triggers: triggers.length,
    ...{ expected, fired, missing, unexpected, doubles, early, late, maxLateMs },
    outages: outages.length,
    passedOver,
  };
}

/** The ticks that are to fire by the policy: all but those that nobody was there for and that it drops. */
function afterOutages(
  ticks: readonly number[],
  trigger: Trigger,
  outages: readonly Outage[],
): readonly number[] {
  if (trigger.catchUp === 'all') return ticks;
  const dropped = new Set<number>();
  for (const { fromMs, untilMs } of outages) {
    const away = ticks.filter((tick) => tick > fromMs && tick <= untilMs);
    const missed = away.filter((tick) => tick < untilMs - missedAfterMs);
    const hasNewer = away.length > missed.length;
    const kept = trigger.catchUp === 'latest' && !hasNewer ? missed.slice(-1) : [];
    for (const tick of missed) if (!kept.includes(tick)) dropped.add(tick);
  }
  return ticks.filter((tick) => !dropped.has(tick));
}
