// bubblewrap and python3 make the strong sandbox. Where they are missing and can simply be installed,
// set-up does so; everywhere else the sandbox that needs only npm packages is used.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runQuietly } from './run.js';

const wanted = { bwrap: 'bubblewrap', python3: 'python3' };
const timeoutMs = 120_000;
const install = ['install', '-y', '-qq', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=60'];

/** The Debian packages that could be installed here and are not; none without root or apt. */
export function missingSystemPackages() {
  if (process.getuid?.() !== 0 || !isOnPath('apt-get')) return [];
  return Object.entries(wanted)
    .filter(([program]) => !isOnPath(program))
    .map(([, name]) => name);
}

/** Installs Debian packages. Throws with apt's own words when that fails. */
export async function installSystemPackages(names, { onStart }) {
  const apt = (args) =>
    runQuietly({
      command: 'apt-get',
      args,
      timeoutMs,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      onStart,
    });
  try {
    await apt([...install, ...names]);
  } catch {
    // Most likely no package lists yet, or stale ones.
    await apt(['update', '-qq']);
    await apt([...install, ...names]);
  }
}

function isOnPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
}
