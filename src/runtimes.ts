import { join } from 'node:path';
import { type ToolLanguage, toolLanguages } from './core/custom-tool.ts';
import { type RuntimeDescription, type Sandbox, SandboxUnavailable } from './core/sandbox.ts';
import type { Env } from './env.ts';
import { createSandbox } from './sandbox/create-sandbox.ts';

export interface RuntimesReport {
  readonly ok: boolean;
  readonly lines: readonly string[];
}

/**
 * Installs the packages that tools may import, and imports each of them in the sandbox. `checkOnly` installs
 * nothing. Not ok when a language that was asked for by name has no packages that work.
 */
export async function settleRuntimes(
  env: Env,
  given: { readonly language: ToolLanguage | null; readonly checkOnly: boolean },
): Promise<RuntimesReport> {
  const cacheDir = join(env.dataDir, 'cache');
  const size = { maxCalls: 2, maxWarmBytes: 0 };
  await using sandbox = await createSandbox({ choice: env.sandbox, cacheDir, ...size });
  const lines: string[] = [];
  let ok = true;
  for (const language of given.language === null ? toolLanguages : [given.language]) {
    const problem = await settle(sandbox, language, given.checkOnly);
    const runtime = describe(sandbox, language);
    if (problem === null) lines.push(`ok    ${language}: ${installed(runtime)}`);
    else {
      const isOffered = runtime?.packages.unavailable === null;
      const isWanted = isOffered || given.language !== null;
      if (isWanted) ok = false;
      lines.push(`${isWanted ? 'FAIL' : 'none'}  ${language}: ${problem}`);
    }
  }
  return { ok, lines };
}

/** Null when the language has its packages, and they work. */
async function settle(
  sandbox: Sandbox,
  language: ToolLanguage,
  checkOnly: boolean,
): Promise<string | null> {
  const runtime = describe(sandbox, language);
  if (runtime === null) return `The ${sandbox.backend} sandbox cannot run it on this machine.`;
  const { list, areInstalled, unavailable } = runtime.packages;
  if (unavailable !== null) return unavailable;
  if (checkOnly && !areInstalled) {
    return `not installed: run \`signalbox runtimes install ${language}\`, or let the first call do it.`;
  }
  try {
    await sandbox.installPackages(language);
  } catch (error) {
    if (error instanceof SandboxUnavailable) return error.message;
    throw error;
  }
  const outcome = await sandbox.run({
    language,
    code: importers[language],
    parametersJson: JSON.stringify({ names: list.map((each) => each.import) }),
    timeoutMs: 120_000,
    memoryMb: 512,
    packages: list.map(({ name }) => name),
    key: 'runtimes',
  });
  return outcome.ok ? null : `installed, but they do not work: ${outcome.error}`;
}

const importers: Readonly<Record<ToolLanguage, string>> = {
  python: `
import importlib
def main(names):
    for name in names:
        importlib.import_module(name)
    return {"message": ""}
`,
  javascript: `
async function main({ names }) {
  for (const name of names) require(name);
  return { message: '' };
}
`,
};

function describe(sandbox: Sandbox, language: ToolLanguage): RuntimeDescription | null {
  return sandbox.runtimes().find((runtime) => runtime.language === language) ?? null;
}

function installed(runtime: RuntimeDescription | null): string {
  const list = runtime?.packages.list ?? [];
  return `installed: ${list.map(({ name, version }) => `${name} ${version}`).join(', ')}`;
}
