// One set-up at a time in a working tree. Node has no flock, so the lock is a numbered file: whoever
// creates the next number holds it. Numbers only grow and the highest is never deleted, so a holder
// that was killed is succeeded by exactly one of those who wait.
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname, uptime } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** No set-up lasts longer: the commands it runs are ended before. */
const longestHoldMs = 20 * 60_000;
const pollMs = 200;

/**
 * Waits for the lock kept in `folder`, then gives what `work(addProcess)` gives. `addProcess(pid)` names
 * a child that must have ended too before the lock counts as left behind by a killed holder.
 * `onWait(pid)` is called once if somebody else holds it.
 */
export async function withSetupLock({ folder, onWait }, work) {
  mkdirSync(folder, { recursive: true });
  for (let told = false; ; ) {
    const highest = highestNumber(folder);
    const holder = highest === 0 ? null : readHolder(folder, highest);
    if (holder === null || isOver(holder)) {
      if (take(folder, highest + 1)) return await hold(folder, highest + 1, work);
      continue;
    }
    if (!told) onWait(holder.processes[0]);
    told = true;
    await sleep(pollMs);
  }
}

async function hold(folder, mine, work) {
  const processes = [process.pid];
  for (const older of numbers(folder)) {
    if (older < mine) rmSync(fileOf(folder, older), { force: true });
  }
  const update = (released) => {
    renameSync(writeHolder(folder, { processes, released }), fileOf(folder, mine));
  };
  try {
    return await work((pid) => {
      processes.push(pid);
      update(false);
    });
  } finally {
    update(true);
  }
}

/** Creates number `mine`, complete at once. False if somebody has it or has gone past it meanwhile. */
function take(folder, mine) {
  const draft = writeHolder(folder, { processes: [process.pid], released: false });
  try {
    linkSync(draft, fileOf(folder, mine));
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  if (highestNumber(folder) === mine) return true;
  rmSync(fileOf(folder, mine), { force: true });
  return false;
}

function writeHolder(folder, { processes, released }) {
  const draft = join(folder, `draft-${process.pid}`);
  writeFileSync(draft, JSON.stringify({ host: hostname(), processes, released }));
  return draft;
}

/** Null when the number has just been succeeded. */
function readHolder(folder, number) {
  try {
    const takenAtMs = statSync(fileOf(folder, number)).mtimeMs;
    return { ...JSON.parse(readFileSync(fileOf(folder, number), 'utf8')), takenAtMs };
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

function isOver({ released, host, processes, takenAtMs }) {
  if (released) return true;
  const bootedAtMs = Date.now() - uptime() * 1000;
  if (takenAtMs < bootedAtMs - 5000 || takenAtMs < Date.now() - longestHoldMs) return true;
  return host === hostname() && processes.every((pid) => !isAlive(pid));
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function numbers(folder) {
  return readdirSync(folder)
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function highestNumber(folder) {
  return Math.max(0, ...numbers(folder));
}

function fileOf(folder, number) {
  return join(folder, String(number));
}
