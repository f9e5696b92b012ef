import { readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, openDatabase } from '../../src/store/connect.ts';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/store/embedded/supervisor.ts';
import type { CuttableProxy } from '../chaos/proxy.ts';
import type { FakeProvider } from '../support/fake-provider.ts';
import type { ServerProcess } from '../support/server-process.ts';
import { GreedyClients } from './greedy-clients.ts';

// What can fail under a server, by name: how each fault begins and how it ends.

/** In the folder of a setting: how far the server's clock is off. */
export const clockFile = 'clock-offset-ms';

export interface Setting {
  readonly folder: string;
  readonly databaseDir: string;
  postgres: EmbeddedPostgres;
  readonly model: FakeProvider;
  readonly proxy: CuttableProxy;
  readonly server: ServerProcess;
  readonly agent: string;
}

export interface Fault {
  /** Begins the fault; what it returns ends it. */
  readonly begin: (setting: Setting) => Promise<() => Promise<void> | void>;
  /** How long it lasts. */
  readonly ms: number;
  /** Whether it really happened, where what callers see does not tell. */
  readonly hasHappened?: (setting: Setting) => boolean;
  /** Needs a small file system for the database. */
  readonly isSmall?: true;
}

export const faults: Readonly<Record<string, Fault>> = {
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
  'Postgres stands still (SIGSTOP of all its processes)': {
    ms: 15_000,
    begin: async ({ databaseDir }) => {
      const pids = postgresPids(databaseDir);
      for (const pid of pids) process.kill(pid, 'SIGSTOP');
      return () => {
        for (const pid of pids) process.kill(pid, 'SIGCONT');
      };
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

/** The server of this folder first, and all that it has started. */
function postgresPids(databaseDir: string): number[] {
  const files = readdirSync(databaseDir, { recursive: true, encoding: 'utf8' });
  const file = files.find((name) => name.endsWith('postmaster.pid'));
  if (file === undefined) throw new Error('Postgres does not run.');
  const postmaster = Number(readFileSync(join(databaseDir, file), 'utf8').split('\n')[0]);
  const started = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => parentOf(pid) === postmaster);
  return [postmaster, ...started.map(Number)];
}

function parentOf(pid: string): number | null {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    // It has ended meanwhile.
    return null;
  }
}

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

function setReadOnly(isReadOnly: boolean): (db: Database) => Promise<void> {
  return async (db) => {
    await db.execute('SET default_transaction_read_only = off');
    await db.execute(
      `ALTER SYSTEM SET default_transaction_read_only = ${isReadOnly ? 'on' : 'off'}`,
    );
    await db.query('SELECT pg_reload_conf()');
  };
}

/** Work on the database itself, past the proxy. */
export async function onDatabase(
  { postgres }: Setting,
  work: (db: Database) => Promise<void>,
): Promise<void> {
  await using db = openDatabase(
    { kind: 'embedded', connection: postgres.connection },
    { max: 1, applicationName: 'fault' },
  );
  await work(db);
}
