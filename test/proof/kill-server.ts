import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../support/seeded-random.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';
import {
  createLoadAgent,
  dispatchUntilAcknowledged,
  judgeLoad,
  type LoadFigures,
  modelEnv,
  startLoadModel,
} from './run-load.ts';

export type Victim = 'server' | 'postgres';

export interface KillFigures extends LoadFigures {
  readonly kills: number;
  /** From each kill until a dispatch can be acknowledged again, ms. */
  readonly readyAfterMs: readonly number[];
}

/**
 * Kills the server's process group, or its Postgres, with SIGKILL at random moments while runs are
 * dispatched and driven. The embedded database's own directory is used, so that orphans are met too.
 */
export async function proveKills(given: {
  readonly victim: Victim;
  readonly seed: number;
  readonly runs: number;
  readonly kills: number;
  readonly modelDelayMs: number;
  readonly report?: (line: string) => void;
}): Promise<KillFigures> {
  const random = seededRandom(given.seed);
  const dataDir = mkdtempSync(join(tmpdir(), 'signalbox-kill-'));
  await using model = await startLoadModel(given.modelDelayMs);
  const env = modelEnv(model);
  let server: ServerProcess = await startServerProcess({ dataDir, env });
  try {
    const agentId = await createLoadAgent(server);
    const ids = new Map<number, string>();
    let next = 0;
    const dispatcher = async () => {
      while (next < given.runs) {
        const n = next++;
        ids.set(n, await dispatchUntilAcknowledged(() => server, { agentId, n }));
        await sleep(random() * 4 * given.modelDelayMs);
      }
    };
    const dispatching = Promise.all(Array.from({ length: 4 }, dispatcher));
    // Awaited below; a failure before that must not end the process with the server left behind.
    dispatching.catch(() => undefined);
    const readyAfterMs: number[] = [];
    for (let kill = 0; kill < given.kills; kill++) {
      await sleep(100 + random() * 1_500);
      const at = performance.now();
      if (given.victim === 'server') {
        await server.killGroup();
        server = await startServerProcess({ dataDir, env });
      } else {
        process.kill(postmasterOf(dataDir), 'SIGKILL');
      }
      await readyAgain(server);
      readyAfterMs.push(Math.round(performance.now() - at));
      given.report?.(
        `kill ${kill + 1}: ready after ${readyAfterMs.at(-1)} ms, ${ids.size} acknowledged`,
      );
    }
    await dispatching;
    const figures = await judgeLoad({ server, model, agentId, ids, patienceMs: 120_000 });
    return { ...figures, kills: given.kills, readyAfterMs };
  } finally {
    await server[Symbol.asyncDispose]();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function readyAgain(server: ServerProcess): Promise<void> {
  for (;;) {
    const ready = await server.call('GET', '/readyz').catch(() => null);
    if (ready?.status === 200) return;
    await sleep(10);
  }
}

function postmasterOf(dataDir: string): number {
  for (const folder of ['postgres/data', 'postgres', 'pgdata']) {
    try {
      return Number(readFileSync(join(dataDir, folder, 'postmaster.pid'), 'utf8').split('\n')[0]);
    } catch {}
  }
  throw new Error(`No postmaster.pid below ${dataDir}`);
}
