import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedPostgres } from '../../src/store/embedded/supervisor.ts';
import { CuttableProxy } from '../chaos/proxy.ts';
import { startFakeProvider } from '../support/fake-provider.ts';
import { startServerProcess } from '../support/server-process.ts';
import { repositoryRoot } from '../support/source-tree.ts';
import { clockFile, type Fault, faults, onDatabase, type Setting } from './fault-kinds.ts';
import { modelEnv } from './run-load.ts';

// One fault after another under a real server that is dispatched to all the while. Asked is what callers saw,
// whether anything acknowledged was lost, and how long it took until dispatches were taken again without a hand.

export interface FaultReport {
  readonly fault: string;
  /** Status → answers to dispatches while the fault lasted; `none`: no answer within 10 s, which is unclear, too. */
  readonly seen: Readonly<Record<string, number>>;
  readonly acknowledged: number;
  /** Acknowledged runs that the database does not know, or that have not ended. */
  readonly lost: number;
  /** Acknowledged runs that ended as failed: the fault was theirs too. */
  readonly failed: number;
  /** Refusals without `Retry-After`, and answers that say nothing of what to do. */
  readonly unclear: number;
  /** The longest that a caller waited for an answer. */
  readonly slowestMs: number;
  /** From the end of the fault to the first dispatch that was taken. */
  readonly recoveredMs: number;
  /** From there until every acknowledged run had ended. */
  readonly settledMs: number;
}

export const faultNames = Object.keys(faults);

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
    const one = await play(name, fault, report);
    reports.push(one);
    report(`${name}: ${JSON.stringify(one)}`);
  }
  return reports;
}

async function play(
  name: string,
  fault: Fault,
  report: (line: string) => void,
): Promise<FaultReport> {
  await using undo = new AsyncDisposableStack();
  const setting = await prepare(fault, undo);
  const load = startLoad(setting, report);
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
    slowestMs: load.slowestMs(),
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
        ...modelEnv(model),
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
function startLoad({ server, agent }: Setting, report: (line: string) => void) {
  const acknowledged: string[] = [];
  let seen: Record<string, number> = {};
  let unclear = 0;
  let slowestMs = 0;
  let isOver = false;
  let onTaken: (() => void) | null = null;
  const callers = Array.from({ length: 4 }, async () => {
    while (!isOver) {
      const askedAt = performance.now();
      let cause = 'no answer';
      const asked = server
        .call<{ data?: { id: string }; error?: string }>('POST', `/v1/agents/${agent}/run`, {})
        .catch((error: unknown) => {
          cause = `${error} ${error instanceof Error ? error.cause : ''}`;
          return null;
        });
      const answer = await Promise.race([asked, sleep(10_000, null, { ref: false })]);
      const status = answer === null ? 'none' : String(answer.status);
      slowestMs = Math.max(slowestMs, performance.now() - askedAt);
      seen[status] = (seen[status] ?? 0) + 1;
      if (answer?.status === 200) {
        acknowledged.push(answer.body.data?.id ?? '');
        onTaken?.();
      } else if (answer?.status !== 503 || answer.headers.get('retry-after') === null) {
        unclear += 1;
        const waitedMs = Math.round(performance.now() - askedAt);
        report(`unclear after ${waitedMs} ms: ${status} ${JSON.stringify(answer?.body ?? cause)}`);
      }
      await sleep(20);
    }
  });
  return {
    /** What is seen from now on is seen of the fault. */
    mark: () => {
      seen = {};
    },
    slowestMs: () => Math.round(slowestMs),
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
