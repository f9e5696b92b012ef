import { type SandboxOutcome, SandboxUnavailable } from '../../core/sandbox.ts';
import { packageOf } from '../check/find-imports.ts';
import { type Importable, unknownModule } from '../check/judge-imports.ts';
import type { PreparedCall } from '../prepared-call.ts';
import { InstallFailed } from './install.ts';
import type { OpenedPackages } from './tool-packages.ts';

// A call and the packages that it needs: installed before it starts, and named when it asks for one that
// there is not. Calls that need none never wait for any.

export async function runWithPackages(given: {
  readonly call: PreparedCall;
  readonly opened: OpenedPackages;
  readonly importable: Importable;
  /** Throws like `Sandbox.run`. */
  readonly run: (call: PreparedCall) => Promise<SandboxOutcome>;
}): Promise<SandboxOutcome> {
  const { call, opened, importable, run } = given;
  const { packages = [] } = call;
  if (packages.length > 0) {
    const unprepared = await prepare(call, opened);
    if (unprepared !== null) return unprepared;
  }
  return explainMissing(await run(call), { call, importable, opened });
}

/** Installs what an interpreter has, unless it is. Throws `SandboxUnavailable` with the reason. */
export async function installOpened(opened: OpenedPackages): Promise<void> {
  if (opened.packages === null) throw new SandboxUnavailable(opened.withoutPackages);
  try {
    await opened.packages.ensure();
  } catch (error) {
    if (error instanceof InstallFailed)
      throw new SandboxUnavailable(error.message, { cause: error });
    throw error;
  }
}

async function prepare(
  { packages = [], language, signal }: PreparedCall,
  opened: OpenedPackages,
): Promise<SandboxOutcome | null> {
  const nothingRan = { ok: false, logs: null, runTimeMs: 0 } as const;
  const names = packages.join(', ');
  if (opened.packages === null) {
    const error = `The tool needs the packages ${names}, and there are none here. ${opened.withoutPackages}`;
    return { ...nothingRan, failure: 'unprepared', error };
  }
  try {
    await opened.packages.ensure(signal);
    return null;
  } catch (error) {
    if (signal?.aborted) {
      return { ...nothingRan, failure: 'aborted', error: 'The call was cancelled.' };
    }
    if (!(error instanceof InstallFailed)) throw error;
    const reason = error.message.replace(/\.?$/, '.');
    const told =
      `The tool needs the packages ${names}, which are not installed on this server and could not be: ` +
      `${reason} Run \`signalbox runtimes install ${language}\` there.`;
    return { ...nothingRan, failure: 'unprepared', error: told };
  }
}

const missing =
  /ModuleNotFoundError: No module named '([^']+)'|Cannot find (?:package|module) '([^']+)'|Import "([^"]+)" not a dependency|Requires read access to ".*?\/node_modules\/((?:@[^/"]+\/)?[^/"]+)/;

/** An error about a module says which there are. What code names only when it runs is seen only here. */
function explainMissing(
  outcome: SandboxOutcome,
  {
    call,
    importable,
    opened,
  }: {
    readonly call: PreparedCall;
    readonly importable: Importable;
    readonly opened: OpenedPackages;
  },
): SandboxOutcome {
  if (outcome.ok || outcome.failure !== 'threw') return outcome;
  const [, python, node, deno, unread] = missing.exec(outcome.error) ?? [];
  const name = python?.split('.')[0] ?? packageOf(node ?? deno ?? unread ?? '');
  if (name === undefined || name === null || name === '') return outcome;
  const isOffered = importable.packages.has(name);
  if (isOffered && opened.packages?.isInstalled !== false) return outcome;
  const hint = isOffered
    ? `\`${name}\` is not installed yet: import it by its name in the code, or run \`signalbox runtimes install ${call.language}\` on the server.`
    : `${unknownModule(name, importable)}.`;
  return { ...outcome, error: `${outcome.error}\n${hint}` };
}
