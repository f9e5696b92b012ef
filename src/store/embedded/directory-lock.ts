import { accessSync, constants, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

// One server a data directory. The lock must die with its holder, however it dies, and a stale file must
// mean nothing. Node has no flock; SQLite takes the kernel's own lock on a file for us, which also holds
// between containers that share the directory.

/** Takes the directory's lock until disposed. Throws, in plain words, when another process holds it. */
export function lockDirectory(dataDir: string): Disposable {
  const file = openLockFile(dataDir);
  const holderFile = join(dataDir, 'server.pid');
  try {
    file.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (cause) {
    file.close();
    if (!isBusy(cause)) throw cause;
    throw new Error(
      `Another Signalbox server${holderOf(holderFile)} uses the data directory ${dataDir}. ` +
        'Stop it first, or give this one a directory of its own with SIGNALBOX_DATA_DIR.',
      { cause },
    );
  }
  writeFileSync(holderFile, `${process.pid}\n`);
  return { [Symbol.dispose]: () => file.close() };
}

function openLockFile(dataDir: string): DatabaseSync {
  const path = join(dataDir, 'server.lock');
  try {
    accessSync(dataDir, constants.W_OK | constants.X_OK);
    return new DatabaseSync(path, { timeout: 0 });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `The data directory ${dataDir} cannot be written to: ${reason}. Make it writable for this user, or ` +
        'set another SIGNALBOX_DATA_DIR.',
      { cause },
    );
  }
}

function isBusy(error: unknown): boolean {
  const sqliteBusy = 5;
  return error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy;
}

// Only a hint for people: the lock decides.
function holderOf(holderFile: string): string {
  try {
    return ` (process ${Number.parseInt(readFileSync(holderFile, 'utf8'), 10)})`;
  } catch {
    return '';
  }
}
