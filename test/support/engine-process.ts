import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { newId, newRunExecutionId } from '../../src/core/ids.ts';
import type { EngineName } from '../../src/core/run.ts';
import type { Database } from '../../src/store/connect.ts';
import { createRunCreator } from '../../src/store/run-creator.ts';
import { compiledOnce } from './compiled.ts';
import { repositoryRoot } from './source-tree.ts';

export interface EngineProcess extends AsyncDisposable {
  readonly pid: number;
  readonly exited: Promise<unknown>;
  readonly isRunning: () => boolean;
  signal(name: NodeJS.Signals): void;
}

/** An engine in a process of its own (engine-process-main.ts). Resolves when it drives runs, or has died. */
export async function startEngineProcess(given: {
  readonly url: string;
  readonly name: string;
  readonly how?: 'freeze' | 'patient' | `die:${string}`;
  readonly env?: Readonly<Record<string, string>>;
}): Promise<EngineProcess> {
  const main = join(repositoryRoot, 'test', 'support', 'engine-process-main.ts');
  const child = spawn(
    process.execPath,
    [main, given.name, ...(given.how === undefined ? [] : [given.how])],
    {
      // Its end of an inherited pipe would keep the test runner waiting for a process that is left behind.
      stdio: ['ignore', 'pipe', 'ignore'],
      env: {
        PATH: process.env.PATH ?? '',
        DATABASE_URL: given.url,
        ...compiledOnce,
        ...given.env,
      },
    },
  );
  const exited = once(child, 'exit');
  await Promise.race([once(child.stdout, 'data'), exited]);
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  return {
    pid: child.pid ?? 0,
    exited,
    isRunning,
    signal: (name) => {
      child.kill(name);
    },
    async [Symbol.asyncDispose]() {
      if (isRunning()) child.kill('SIGKILL');
      await exited;
    },
  };
}

/** Whether a process is stopped by a signal. */
export function isFrozen(pid: number): boolean {
  return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.startsWith('T') === true;
}

/** The table that the tools of engine processes write to. */
export async function createLedger(db: Database): Promise<void> {
  await db.execute('CREATE TABLE ledger (tool text, key text, pid integer)');
}

/** Runs of an agent for whoever has room; their ids. */
export async function queueRuns(
  db: Database,
  given: {
    readonly agent: { readonly workspaceId: string; readonly agentId: string };
    readonly n: number;
    readonly model?: string;
    readonly priority?: number;
    readonly concurrencyKey?: string;
    readonly engine?: EngineName;
  },
): Promise<string[]> {
  await using creator = createRunCreator(db);
  const { agent, n, model = 'scripted/test', priority = 0, concurrencyKey = null } = given;
  const { engine = 'local' } = given;
  const ids = Array.from({ length: n }, () => newId('run'));
  const submitted = ids.map((id) =>
    creator.submit({
      event: {
        id: newId('triggerEvent'),
        workspaceId: agent.workspaceId,
        source: 'test',
        triggerId: null,
        payloadJson: '{}',
      },
      runs: [
        {
          id,
          runId: newRunExecutionId(),
          agentId: agent.agentId,
          agentVersion: 1,
          triggerId: null,
          triggerType: null,
          sessionId: null,
          entityId: null,
          additionalInstructions: null,
          retryOf: null,
          model,
          traceId: '0'.repeat(32),
          owner: null,
          engine,
          priority,
          concurrencyKey,
        },
      ],
      verdicts: [],
      idempotency: null,
    }),
  );
  await Promise.all(submitted);
  return ids;
}

/** Resolves when the condition holds; asks every 10 ms, for at most 20 s unless told otherwise. */
export async function eventually(
  holds: () => Promise<boolean> | boolean,
  patienceMs = 20_000,
): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`It never came to hold: ${holds}`);
    await sleep(10);
  }
}
