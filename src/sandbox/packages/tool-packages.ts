import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RuntimePackages } from '../../core/sandbox.ts';
import { InstallFailed, installPackages } from './install.ts';
import { currentIds, type PackageSet } from './package-set.ts';
import { markUsed, sweepRuntimes } from './sweep.ts';

/** After a failure nobody tries again for so long: every call would wait for a network that is not there. */
const retryAfterMs = 60_000;

/**
 * The packages of one interpreter on this machine. Their directory is there from the start, empty until they
 * are installed: what shows it to a call need not know which it is.
 */
export class ToolPackages implements AsyncDisposable {
  readonly set: PackageSet;
  /** Holds `set.content` once they are installed, and nothing else. */
  readonly directory: string;
  readonly #runtimesDir: string;
  readonly #install: () => Promise<void>;
  readonly #closing = new AbortController();
  #isInstalled = false;
  #installing: Promise<void> | null = null;
  #failure: { readonly error: unknown; readonly at: number } | null = null;

  constructor(
    set: PackageSet,
    options: {
      readonly runtimesDir: string;
      /** Unpacks Python's. */
      readonly python: string | null;
      readonly install?: typeof installPackages;
    },
  ) {
    const { runtimesDir, python, install = installPackages } = options;
    this.set = set;
    this.directory = join(runtimesDir, set.id);
    this.#runtimesDir = runtimesDir;
    const { signal } = this.#closing;
    this.#install = () => install(set, { runtimesDir, python, signal });
    mkdirSync(this.directory, { recursive: true });
    // Whatever the umask: calls run as users of their own.
    if ((statSync(this.directory).mode & 0o755) !== 0o755) chmodSync(this.directory, 0o755);
  }

  /** Another process may have installed them. */
  get isInstalled(): boolean {
    this.#isInstalled ||= existsSync(join(this.directory, this.set.content));
    return this.#isInstalled;
  }

  /**
   * Installs them unless they are: once, however many ask at a time. Throws `InstallFailed`, or the signal's
   * reason; the installation itself goes on.
   */
  async ensure(signal?: AbortSignal): Promise<void> {
    if (this.isInstalled) return;
    signal?.throwIfAborted();
    if (this.#failure !== null && performance.now() - this.#failure.at < retryAfterMs) {
      throw this.#failure.error;
    }
    this.#installing ??= this.#installOnce();
    const aborted = Promise.withResolvers<never>();
    const onAbort = () => aborted.reject(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      await Promise.race([this.#installing, aborted.promise]);
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Ends an installation that is under way; what it made is removed. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#installing?.catch(() => {});
  }

  async #installOnce(): Promise<void> {
    try {
      await this.#install();
      this.#failure = null;
    } catch (error) {
      this.#failure = { error, at: performance.now() };
      throw error instanceof InstallFailed
        ? error
        : new InstallFailed(`They could not be put into ${this.#runtimesDir}.`, { cause: error });
    } finally {
      this.#installing = null;
    }
  }
}

export type OpenedPackages =
  | { readonly packages: ToolPackages; readonly withoutPackages: null }
  | { readonly packages: null; readonly withoutPackages: string };

/** The packages of an interpreter, or the reason why it has none. */
export function openPackages(
  set: PackageSet | string,
  given: { readonly runtimesDir: string | null; readonly python: string | null },
): OpenedPackages {
  const { runtimesDir, python } = given;
  if (typeof set === 'string') return { packages: null, withoutPackages: set };
  if (runtimesDir === null) {
    return { packages: null, withoutPackages: 'There is no directory to keep them in.' };
  }
  return { packages: new ToolPackages(set, { runtimesDir, python }), withoutPackages: null };
}

/** What is told of them. */
export function describePackages(opened: OpenedPackages): RuntimePackages {
  return {
    list: opened.packages?.set.packages ?? [],
    areInstalled: opened.packages?.isInstalled ?? false,
    unavailable: opened.withoutPackages,
  };
}

/** Says what this process uses, and removes what nobody needs any more: as far as it may. */
export async function settleRuntimes(
  runtimesDir: string,
  used: readonly ToolPackages[],
): Promise<void> {
  try {
    for (const { set } of used) await markUsed(runtimesDir, set.id);
    await sweepRuntimes(runtimesDir, currentIds());
  } catch (error) {
    // Installed by somebody else, where this process may only read.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EROFS') throw error;
  }
}
