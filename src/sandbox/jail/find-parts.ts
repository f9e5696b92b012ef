import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { SandboxUnavailable } from '../../core/sandbox.ts';
import type { Cgroups } from '../cgroups.ts';
import type { Egress } from '../egress/proxy.ts';
import { findPrograms } from '../find-program.ts';
import { findIdentity } from '../identity.ts';
import { egressFiles } from './egress-files.ts';
import { interpreterNameAddress } from './first-program.ts';
import type { JailParts } from './jail-command.ts';
import { assembleFilter } from './seccomp.ts';
import { architectures } from './syscalls.ts';

/** What jails are made of on this machine. Throws `SandboxUnavailable` with what is missing. */
export async function findParts({
  egress,
  cgroups,
}: {
  readonly egress: Egress | null;
  readonly cgroups: Cgroups | null;
}): Promise<JailParts> {
  if (process.platform !== 'linux') {
    throw new SandboxUnavailable('The jail needs Linux; use the deno backend here.');
  }
  const architecture = architectures.find((name) => name === process.arch);
  if (architecture === undefined) {
    throw new SandboxUnavailable(`The jail knows no system calls of ${process.arch}; use deno.`);
  }
  const [bubblewrap] = findPrograms('bwrap');
  if (bubblewrap === undefined) {
    throw new SandboxUnavailable('bubblewrap is not installed: install the package `bubblewrap`.');
  }
  const identity = findIdentity();
  const help = await helpOf(bubblewrap);
  if (!help.includes('--size')) {
    throw new SandboxUnavailable('bubblewrap is too old: install 0.8 or later.');
  }
  const becomes = interpreterNameAddress;
  return {
    bubblewrap,
    canDisableUserNamespaces: help.includes('--disable-userns'),
    identity,
    cgroups,
    architecture,
    filter: assembleFilter({ architecture, becomes }),
    filterOfForks: assembleFilter({ architecture }),
    open: egress && {
      filter: assembleFilter({ architecture, becomes, reachesProxy: true }),
      files: egressFiles(egress),
    },
  };
}

/** Throws `SandboxUnavailable` when the program does not start. */
async function helpOf(program: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(program, ['--help'], { env: {} });
    return stdout;
  } catch (cause) {
    throw new SandboxUnavailable(`${program} does not start: reinstall bubblewrap.`, { cause });
  }
}
