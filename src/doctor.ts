import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from './env.ts';
import { insecureSettings } from './insecure-settings.ts';
import { findPythons } from './sandbox/jail/find-python.ts';
import {
  javascriptPackages,
  type PackageSet,
  pythonPackages,
} from './sandbox/packages/package-set.ts';
import { probeSandbox } from './sandbox/probe-sandbox.ts';
import { openDatabase } from './store/connect.ts';

export interface Diagnosis {
  readonly ok: boolean;
  readonly checks: readonly {
    readonly name: string;
    readonly ok: boolean;
    readonly message: string;
  }[];
  readonly lines: readonly string[];
}

/** What this machine offers: database, sandbox backends, packages of tools, model. Changes nothing. */
export async function diagnose(env: Env): Promise<Diagnosis> {
  const checks = [
    runtime(),
    await database(env),
    ...(await sandboxes(env)),
    ...(await packages(env)),
    model(env),
    ...settings(env),
  ];
  const lines = checks.map(
    (check) => `${check.ok ? 'ok  ' : 'FAIL'}  ${check.name}: ${check.message}`,
  );
  return { ok: checks.every((check) => check.ok), checks, lines };
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
async function sandboxes(env: Env): Promise<Diagnosis['checks'][number][]> {
  const probes = await probeSandbox();
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
