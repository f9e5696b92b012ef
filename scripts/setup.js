// Everything between a fresh clone and the first start. Plain JavaScript for Node 20 without
// dependencies: it runs before there are any. Safe to repeat, to interrupt, and to run at once in
// several processes.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  dependenciesAreCurrent,
  installDependencies,
  readStamp,
  writeStamp,
} from './dependencies.js';
import { withSetupLock } from './setup-lock.js';
import { installSystemPackages, missingSystemPackages } from './system-packages.js';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Installs what is missing; takes a few milliseconds when nothing is. Tells what it does on stderr. */
export async function prepare() {
  if (isPrepared()) return;
  await underSetupLock(async (onStart) => {
    if (!dependenciesAreCurrent(root)) {
      const startedAtMs = Date.now();
      say('installing dependencies, once (npm ci) …');
      await installDependencies(root, { onStart });
      say(`dependencies installed in ${Math.round((Date.now() - startedAtMs) / 1000)} s`);
    }
    await addSystemPackages(onStart);
    writeStamp(root, { prepared: true });
  });
}

/** Does work that only one process may do at a time in this tree. `work` is given `onStart(pid)` for its children. */
export async function underSetupLock(work) {
  const folder = join(root, '.cache', 'setup');
  const onWait = (pid) => say(`waiting for the set-up that process ${pid} is doing`);
  await withSetupLock({ folder, onWait }, work);
}

function isPrepared() {
  return dependenciesAreCurrent(root) && readStamp(root)?.prepared === true;
}

async function addSystemPackages(onStart) {
  const names = process.env.SIGNALBOX_NO_APT ? [] : missingSystemPackages();
  if (names.length === 0) return;
  say(
    `installing ${names.join(' and ')} for the sandbox (SIGNALBOX_NO_APT=1 leaves the system alone) …`,
  );
  try {
    await installSystemPackages(names, { onStart });
  } catch (error) {
    say(`could not install them; tools run in the deno sandbox instead (${lastLine(error)})`);
  }
}

function lastLine(error) {
  return error.message.trimEnd().split('\n').at(-1);
}

function say(line) {
  process.stderr.write(`signalbox: ${line}\n`);
}
