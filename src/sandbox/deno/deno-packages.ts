import { chmodSync, existsSync } from 'node:fs';
import { cp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ToolLanguage } from '../../core/custom-tool.ts';
import { javascriptPackages } from '../packages/package-set.ts';
import { type OpenedPackages, openPackages, settleRuntimes } from '../packages/tool-packages.ts';
import { makeTemporaryDirectory } from '../temporary-directory.ts';
import { isReadableByAll } from './readable-files.ts';

export interface DenoPackages {
  readonly opened: Readonly<Record<ToolLanguage, OpenedPackages>>;
  /** What a call may read, and where it finds `node_modules` when they are installed; null without packages. */
  readonly directory: string | null;
  /** Makes installed packages readable for calls. */
  show(): Promise<void>;
}

const noPython =
  'The deno sandbox has packages for JavaScript only: Python runs there without any. ' +
  'Use the jail (SIGNALBOX_SANDBOX=jail).';

/**
 * The packages of calls under Deno. A call that has dropped root cannot enter a closed data directory: then
 * it is shown a copy, for as long as the server lives, that is made when a call first needs it.
 */
export async function openDenoPackages(
  runtimesDir: string | null,
  given: { readonly dropsRoot: boolean; readonly resources: AsyncDisposableStack },
): Promise<DenoPackages> {
  const javascript = openPackages(javascriptPackages(), { runtimesDir, python: null });
  const opened = { javascript, python: { packages: null, withoutPackages: noPython } } as const;
  const { packages } = javascript;
  if (packages === null || runtimesDir === null) {
    return { opened, directory: null, show: async () => {} };
  }
  await settleRuntimes(runtimesDir, [packages]);
  if (!given.dropsRoot || (await isReadableByAll(dirname(packages.directory)))) {
    return { opened, directory: packages.directory, show: async () => {} };
  }
  const directory = await makeTemporaryDirectory('signalbox-packages-');
  given.resources.defer(() => rm(directory, { recursive: true, force: true }));
  chmodSync(directory, 0o755);
  const target = join(directory, packages.set.content);
  let copying: Promise<void> | null = null;
  const copy = async () => {
    await cp(join(packages.directory, packages.set.content), `${target}.draft`, {
      recursive: true,
    });
    await rename(`${target}.draft`, target);
  };
  const show = async () => {
    if (existsSync(target)) return;
    copying ??= copy().finally(() => {
      copying = null;
    });
    await copying;
  };
  return { opened, directory, show };
}
