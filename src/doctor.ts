import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from './env.ts';
import { insecureSettings } from './insecure-settings.ts';
import { createLogger } from './logger.ts';
import { openDatabaseAsItIs } from './open-store.ts';
import { judgeHealth } from './retention/judge-health.ts';
import { findPythons } from './sandbox/jail/find-python.ts';
import {
  javascriptPackages,
  type PackageSet,
  pythonPackages,
} from './sandbox/packages/package-set.ts';
import { probeSandbox, type SandboxProbe } from './sandbox/probe-sandbox.ts';
import { type Database, openDatabase } from './store/connect.ts';
import { connectToRunning } from './store/embedded/connection.ts';
import { readHealth } from './store/health.ts';
import { openS3 } from './store/s3.ts';

export interface Diagnosis {
  readonly ok: boolean;
  readonly checks: readonly {
    readonly name: string;
    readonly ok: boolean;
    readonly message: string;
  }[];
  readonly lines: readonly string[];
}

/**
 * What this machine offers: database, sandbox backends, packages of tools, model. `deep`: the health of the database,
 * and whether the object storage takes, gives and removes. Changes nothing else. `probes`: of sandboxes, if made already.
 */
export async function diagnose(
  env: Env,
  options: { readonly deep?: boolean; readonly probes?: Promise<readonly SandboxProbe[]> } = {},
): Promise<Diagnosis> {
  const checks = [
    runtime(),
    await database(env),
    ...sandboxes(env, await (options.probes ?? probeSandbox())),
    ...(await packages(env)),
    model(env),
    ...settings(env),
    ...(options.deep === true
      ? [...(await databaseHealth(env)), ...(await objectStorage(env))]
      : []),
  ];
  const lines = checks.map(
    (check) => `${check.ok ? 'ok  ' : 'FAIL'}  ${check.name}: ${check.message}`,
  );
  return { ok: checks.every((check) => check.ok), checks, lines };
}

async function databaseHealth(env: Env): Promise<readonly Diagnosis['checks'][number][]> {
  await using undo = new AsyncDisposableStack();
  try {
    const db = await databaseOf(env, undo);
    const checks = judgeHealth(await readHealth(db), [], new Date());
    return checks.map((check) => ({ ...check, name: `database ${check.name}` }));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [{ name: 'database health', ok: false, message: reason }];
  }
}

/** The embedded one is the running server's, if there is a server; else it is started for as long as this takes. */
async function databaseOf(env: Env, undo: AsyncDisposableStack): Promise<Database> {
  const running = env.databaseUrl === null ? connectToRunning(env.dataDir) : null;
  if (running === null) {
    return (await openDatabaseAsItIs({ env, logger: createLogger('silent') }, undo)).db;
  }
  const { connection } = undo.use(running);
  return undo.use(openDatabase({ kind: 'embedded', connection }, { max: 1 }));
}

async function objectStorage(env: Env): Promise<readonly Diagnosis['checks'][number][]> {
  const name = 'object storage';
  if (env.s3 === null)
    return [{ name, ok: true, message: 'none: large outputs are in the database' }];
  const objects = openS3(env.s3);
  const key = `doctor/${randomUUID()}`;
  try {
    await objects.put(key, Buffer.from('signalbox'));
    const back = await objects.get(key, { offset: 0, length: 9 });
    await objects.remove(key);
    if (back?.toString() !== 'signalbox') throw new Error('It did not give back what it took.');
    return [{ name, ok: true, message: `${env.s3.bucket} takes, gives and removes` }];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [
      { name, ok: false, message: `${reason} Check SIGNALBOX_S3_… and the bucket’s rights.` },
    ];
  }
}

function settings(env: Env): Diagnosis['checks'][number][] {
  const found = insecureSettings(env);
  if (found.length === 0) return [{ name: 'settings', ok: true, message: 'nothing insecure' }];
  return found.map(({ setting, isFault, message }) => ({
    name: `${isFault ? 'insecure' : 'mind'} ${setting}`,
    ok: !isFault,
    message,
  }));
}

function runtime(): Diagnosis['checks'][number] {
  return {
    name: 'node',
    ok: true,
    message: `${process.version} on ${process.platform} ${process.arch}`,
  };
}

async function database(env: Env): Promise<Diagnosis['checks'][number]> {
  const name = 'database';
  if (env.databaseUrl === null) {
    return { name, ok: true, message: `embedded, in ${env.dataDir}` };
  }
  await using db = openDatabase({ kind: 'url', url: env.databaseUrl }, { max: 1 });
  try {
    const rows = await db.query<{ version: string }>('SHOW server_version');
    return { name, ok: true, message: `Postgres ${rows[0]?.version}` };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { name, ok: false, message: `${reason}. Check DATABASE_URL and that the server runs.` };
  }
}

/** One usable backend is enough, unless the settings ask for a certain one. */
function sandboxes(env: Env, probes: readonly SandboxProbe[]): Diagnosis['checks'][number][] {
  const anyUsable = probes.some((probe) => probe.usable);
  return probes.map((probe) => ({
    name: `sandbox ${probe.backend}`,
    ok: probe.usable || (anyUsable && env.sandbox !== probe.backend),
    message: probe.usable ? ['usable', ...probe.remarks].join('; ') : `not usable: ${probe.reason}`,
  }));
}

/** None of them is a fault: what is not installed is installed when a tool needs it. */
async function packages(env: Env): Promise<Diagnosis['checks'][number][]> {
  const [python] = await findPythons();
  const sets = {
    python: python === undefined ? 'There is no python3.' : pythonPackages(python.version),
    javascript: javascriptPackages(),
  };
  return Object.entries(sets).map(([language, set]) => ({
    name: `packages ${language}`,
    ok: true,
    message: typeof set === 'string' ? set : stateOf(env, set),
  }));
}

function stateOf(env: Env, set: PackageSet): string {
  const isThere = existsSync(join(env.dataDir, 'cache', 'runtimes', set.id, set.content));
  const { length } = set.packages;
  return isThere
    ? `${length} installed`
    : `${length} not installed yet: the first tool that needs them installs them, or \`signalbox runtimes install ${set.language}\``;
}

function model(env: Env): Diagnosis['checks'][number] {
  return {
    name: 'default model',
    ok: true,
    message:
      env.defaultModel ?? 'none: every agent must name its model, or set SIGNALBOX_DEFAULT_MODEL',
  };
}
