import type { ReadinessCheck } from './api/deps.ts';
import type { EngineName } from './core/run.ts';
import type { Sandbox } from './core/sandbox.ts';
import type { Database } from './store/connect.ts';
import { queueStats } from './store/queue-stats.ts';

/** What `/readyz` says: whether each part works, and what to do when it does not. */
export async function readiness(given: {
  readonly db: Database;
  readonly engines: Readonly<Record<EngineName, { readonly isAlive: boolean } | null>>;
  /** Those whose runs this process drives. */
  readonly driven: readonly EngineName[];
  readonly sandbox: Sandbox;
  readonly problem: string | null;
}): Promise<ReadinessCheck[]> {
  const { db, engines, driven, sandbox, problem } = given;
  const isAlive = !driven.some((name) => engines[name]?.isAlive === false);
  const [database, driving] = await Promise.all([
    db.query('SELECT 1').then(
      () => ({ name: 'database', ok: true, message: 'reachable' }),
      () => ({ name: 'database', ok: false, message: 'The database is not reachable.' }),
    ),
    engineCheck(db, isAlive),
  ]);
  const languages = sandbox.runtimes().map(({ language, version }) => `${language} ${version}`);
  const working = [`${sandbox.backend}: ${languages.join(', ')}`, ...(sandbox.remarks ?? [])];
  return [
    database,
    { name: 'sandbox', ok: problem === null, message: problem ?? working.join('; ') },
    driving,
  ];
}

/** A long queue is no reason to send requests elsewhere; an engine that stands still is. */
async function engineCheck(db: Database, isAlive: boolean): Promise<ReadinessCheck> {
  const name = 'engine';
  if (!isAlive) {
    return { name, ok: false, message: 'Nothing starts: the database acknowledges no beat.' };
  }
  try {
    const { running, queued, oldestMs, sleeping, processes } = await queueStats(db);
    const age = queued === 0 ? '' : ` (for up to ${Math.round(oldestMs / 1_000)} s)`;
    const message = `${running} running in ${processes === 1 ? '1 process' : `${processes} processes`}, ${queued} queued${age}, ${sleeping} waiting`;
    return { name, ok: true, message };
  } catch {
    return { name, ok: false, message: 'The queue cannot be read.' };
  }
}
