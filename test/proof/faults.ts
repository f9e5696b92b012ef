import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, openDatabase } from '../../src/store/connect.ts';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/store/embedded/supervisor.ts';
import { CuttableProxy } from '../chaos/proxy.ts';
import { type FakeProvider, startFakeProvider } from '../support/fake-provider.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { repositoryRoot } from '../support/source-tree.ts';
import { GreedyClients } from './greedy-clients.ts';

// One fault after another under a real server that is dispatched to all the while. Asked is what callers saw,
// whether anything acknowledged was lost, and how long it took until dispatches were taken again without a hand.

export interface FaultReport {
  readonly fault: string;
  /** Status → answers to dispatches while the fault lasted; `none`: no answer within 10 s. */
  readonly seen: Readonly<Record<string, number>>;
  readonly acknowledged: number;
  /** Acknowledged runs that the database does not know, or that have not ended. */
  readonly lost: number;
  /** Acknowledged runs that ended as failed: the fault was theirs too. */
  readonly failed: number;
  /** Refusals without `Retry-After`, and answers that say nothing of what to do. */
  readonly unclear: number;
  /** From the end of the fault to the first dispatch that was taken. */
  readonly recoveredMs: number;
  /** From there until every acknowledged run had ended. */
  readonly settledMs: number;
}

interface Setting {
  readonly folder: string;
  readonly databaseDir: string;
  postgres: EmbeddedPostgres;
  readonly model: FakeProvider;
  readonly proxy: CuttableProxy;
  readonly server: ServerProcess;
  readonly agent: string;
}

interface Fault {
  /** Begins the fault; what it returns ends it. */
  readonly begin: (setting: Setting) => Promise<() => Promise<void> | void>;
  /** How long it lasts. */
  readonly ms: number;
  /** Whether it really happened, where what callers see does not tell. */
  readonly hasHappened?: (setting: Setting) => boolean;
  /** Needs a small file system for the database. */
  readonly isSmall?: true;
}

const faults: Readonly<Record<string, Fault>> = {
  'Postgres is down': {
    ms: 3_000,
    begin: async (setting) => {
      await setting.postgres[Symbol.asyncDispose]();
      return async () => {
        setting.postgres = await startEmbeddedPostgres({
          dataDir: setting.databaseDir,
        });
      };
    },
  },
  'Postgres does not answer': {
    ms: 15_000,
    begin: async ({ proxy }) => {
      proxy.hold(15_000);
      return () => {};
    },
  },
  'Postgres is slow (a stop of 300 ms every 400 ms)': {
    ms: 5_000,
    begin: async ({ proxy }) => {
      const timer = setInterval(() => proxy.hold(300), 400);
      return async () => {
        clearInterval(timer);
        await sleep(300);
      };
    },
  },
  'Postgres is read-only': {
    ms: 5_000,
    begin: async (setting) => {
      await onDatabase(setting, setReadOnly(true));
      return () => onDatabase(setting, setReadOnly(false));
    },
  },
  'Postgres has no connection left': {
    ms: 10_000,
    begin: async (setting) => {
      const greedy = new GreedyClients(setting.postgres.connection);
      await greedy.takeAll();
      return () => greedy[Symbol.asyncDispose]();
    },
  },
  'The disk of the database is full': {
    ms: 15_000,
    isSmall: true,
    begin: async ({ databaseDir }) => {
      const filler = join(databaseDir, 'filler');
      const { bavail, bsize } = statfsSync(databaseDir);
      writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - 65_536)));
      return () => rmSync(filler);
    },
  },
  'The model’s provider refuses (503)': {
    ms: 3_000,
    begin: async ({ model }) => {
      model.answerWith(() => ({
        status: 503,
        errorType: 'overloaded',
        message: 'Overloaded',
      }));
      return () => model.answerWith(() => ({ text: 'ok' }));
    },
  },
  'The model’s provider answers garbage': {
    ms: 3_000,
    begin: async ({ model }) => {
      model.answerWith(() => ({ text: 'half an ans', cutAfter: 1 }));
      return () => model.answerWith(() => ({ text: 'ok' }));
    },
  },
  'The model’s provider never answers': {
    ms: 3_000,
    begin: async ({ model }) => {
      model.answerWith(() => ({ hang: 'before' }));
      return () => model.answerWith(() => ({ text: 'ok' }));
    },
  },
  'A tool eats all memory': {
    ms: 5_000,
    hasHappened: ({ model }) =>
      model.requests.filter(({ body }) => JSON.stringify(body).includes('more memory than'))
        .length > 3,
    begin: async ({ model }) => {
      model.answerWith(({ toolResults }) =>
        toolResults === 0 ? { toolCalls: [{ name: 'eat', arguments: {} }] } : { text: 'ok' },
      );
      return () => model.answerWith(() => ({ text: 'ok' }));
    },
  },
  'The server’s clock jumps an hour ahead': clockJump(3_600_000),
  'The server’s clock jumps an hour back': clockJump(-3_600_000),
  'The server’s event loop stands still (SIGSTOP)': {
    ms: 4_000,
    begin: async ({ server }) => {
      process.kill(server.pid, 'SIGSTOP');
      return () => {
        process.kill(server.pid, 'SIGCONT');
      };
    },
  },
};

export const faultNames = Object.keys(faults);

/** And back again when it ends: a jump the other way. */
function clockJump(ms: number): Fault {
  const jump = (setting: Setting, offsetMs: number) => {
    writeFileSync(join(setting.folder, clockFile), String(offsetMs));
    process.kill(setting.server.pid, 'SIGUSR2');
  };
  return {
    ms: 5_000,
    begin: async (setting) => {
      jump(setting, ms);
      return () => jump(setting, 0);
    },
  };
}

const clockFile = 'clock-offset-ms';

/** Plays the faults, each on a server and a database of its own. `names`: only these. */
export async function playFaults(
  names: readonly string[],
  report: (line: string) => void,
): Promise<FaultReport[]> {
  const reports: FaultReport[] = [];
  for (const name of names) {
    const fault = faults[name];
    if (fault === undefined) throw new Error(`There is no fault "${name}".`);
    if (fault.isSmall === true && !canMount()) {
      report(`${name}: left out, this machine lets nobody mount a small file system`);
      continue;
    }
    const one = await play(name, fault);
    reports.push(one);
    report(`${name}: ${JSON.stringify(one)}`);
  }
  return reports;
}

async function play(name: string, fault: Fault): Promise<FaultReport> {
  await using undo = new AsyncDisposableStack();
  const setting = await prepare(fault, undo);
  const load = startLoad(setting);
  await sleep(500);
  const end = await fault.begin(setting);
  load.mark();
  await sleep(fault.ms);
  const seen = load.seen();
  await end();
  const endedAt = performance.now();
  await load.nextTaken();
  const recoveredAt = performance.now();
  const acknowledged = await load.stop();
  if (fault.hasHappened?.(setting) === false) throw new Error(`There was no "${name}".`);
  const { open: lost, failed } = await settle(setting, acknowledged);
  return {
    fault: name,
    seen,
    acknowledged: acknowledged.length,
    lost,
    failed,
    unclear: load.unclear(),
    recoveredMs: Math.round(recoveredAt - endedAt),
    settledMs: Math.round(performance.now() - recoveredAt),
  };
}

async function prepare(fault: Fault, undo: AsyncDisposableStack): Promise<Setting> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-faults-'));
  undo.defer(() => rmSync(folder, { recursive: true, force: true }));
  const databaseDir = join(folder, 'database');
  mkdirSync(databaseDir);
  if (fault.isSmall === true) {
    run('mount', ['-t', 'tmpfs', '-o', 'size=220m', 'tmpfs', databaseDir]);
    undo.defer(() => run('umount', ['-l', databaseDir]));
  }
  const postgres = await startEmbeddedPostgres({ dataDir: databaseDir });
  const { host, port, user, database } = postgres.connection;
  const proxy = undo.use(new CuttableProxy(`${host}/.s.PGSQL.${port}`));
  const model = undo.use(await startFakeProvider());
  const setting = { folder, databaseDir, postgres, model, proxy };
  undo.defer(() => setting.postgres[Symbol.asyncDispose]());
  const server = undo.use(
    await startServerProcess({
      dataDir: join(folder, 'server'),
      env: {
        DATABASE_URL: `postgresql://${user}@127.0.0.1:${await proxy.listen()}/${database}`,
        SIGNALBOX_SECRET_KEY: 'a secret key of a test, thirty-two characters',
        OPENAI_COMPATIBLE_BASE_URL: `${model.url}/v1`,
        OPENAI_COMPATIBLE_API_KEY: 'sk-fake-0123456789',
        SIGNALBOX_DEFAULT_MODEL: 'openai-compatible/any',
        CLOCK_OFFSET_FILE: join(folder, clockFile),
        NODE_OPTIONS: `--import ${join(repositoryRoot, 'test', 'proof', 'jumping-clock.ts')}`,
      },
    }),
  );
  const workspaces = await server.call<{ data: { id: string }[] }>('GET', '/v1/workspaces');
  const workspace_id = workspaces.body.data[0]?.id;
  const tool = await server.call('POST', '/v1/custom-tools', {
    workspace_id,
    name: 'eat',
    description: 'Needs more memory than there is.',
    language: 'python',
    code: "def main():\n    eaten = []\n    while True:\n        eaten.append(bytearray(b'x' * (1 << 20)))\n    return {'eaten': len(eaten)}\n",
    enable_globally: true,
  });
  if (tool.status !== 201) throw new Error(JSON.stringify(tool.body));
  const agent = await server.call<{ data: { id: string } }>('POST', '/v1/agents', {
    workspace_id,
    ...{
      name: 'Any',
      description: 'Any',
      instructions: 'Any',
      limits: { timeout_ms: 20_000 },
    },
    triggers: [{ name: 'hook', type: 'webhook', config: {} }],
  });
  return Object.assign(setting, { server, agent: agent.body.data.id });
}

/** Four callers, each with one dispatch at a time. */
function startLoad({ server, agent }: Setting) {
  const acknowledged: string[] = [];
  let seen: Record<string, number> = {};
  let unclear = 0;
  let isOver = false;
  let onTaken: (() => void) | null = null;
  const callers = Array.from({ length: 4 }, async () => {
    while (!isOver) {
      const answer = await within(
        server.call<{ data?: { id: string }; error?: string }>(
          'POST',
          `/v1/agents/${agent}/run`,
          {},
        ),
      );
      const status = answer === null ? 'none' : String(answer.status);
      seen[status] = (seen[status] ?? 0) + 1;
      if (answer?.status === 200) {
        acknowledged.push(answer.body.data?.id ?? '');
        onTaken?.();
      } else if (answer !== null) {
        if (answer.status !== 503 || answer.headers.get('retry-after') === null) unclear += 1;
      }
      await sleep(20);
    }
  });
  return {
    /** What is seen from now on is seen of the fault. */
    mark: () => {
      seen = {};
    },
    seen: () => ({ ...seen }),
    unclear: () => unclear,
    nextTaken: () => new Promise<void>((resolve) => (onTaken = resolve)),
    stop: async () => {
      isOver = true;
      await Promise.all(callers);
      return acknowledged;
    },
  };
}

async function within<T>(work: Promise<T>): Promise<T | null> {
  return await Promise.race([work.catch(() => null), sleep(10_000, null, { ref: false })]);
}

/** How many of the runs are missing, or have not ended two minutes later, and how many failed. */
async function settle(setting: Setting, ids: readonly string[]) {
  const until = performance.now() + 120_000;
  for (;;) {
    let open = ids.length;
    let failed = 0;
    await onDatabase(setting, async (db) => {
      const [row] = await db.query<{ ended: number; failed: number }>({
        text: `SELECT count(*) FILTER (WHERE status IN ('completed', 'failed')) AS ended,
            count(*) FILTER (WHERE status = 'failed') AS failed
          FROM runs WHERE id = ANY ($1)`,
        values: [ids],
      });
      open = ids.length - (row?.ended ?? 0);
      failed = row?.failed ?? 0;
    });
    if (open === 0 || performance.now() > until) return { open, failed };
    await sleep(200);
  }
}

function setReadOnly(isReadOnly: boolean): (db: Database) => Promise<void> {
  return async (db) => {
    await db.execute('SET default_transaction_read_only = off');
    await db.execute(
      `ALTER SYSTEM SET default_transaction_read_only = ${isReadOnly ? 'on' : 'off'}`,
    );
    await db.query('SELECT pg_reload_conf()');
  };
}

function own({ postgres }: Setting) {
  return { kind: 'embedded', connection: postgres.connection } as const;
}

async function onDatabase(setting: Setting, work: (db: Database) => Promise<void>): Promise<void> {
  await using db = openDatabase(own(setting), {
    max: 1,
    applicationName: 'fault',
  });
  await work(db);
}

function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-mount-'));
  try {
    const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
    if (status === 0) run('umount', [folder]);
    return status === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(command: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
}
