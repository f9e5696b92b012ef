import { hkdfSync, randomBytes } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

// The installation's secret key and those before it: from the environment, else files in the data directory.

export interface InstallationKeys {
  readonly current: string;
  /** They open what they sealed, until `signalbox secrets rotate-key` has been through. */
  readonly former: readonly string[];
  /** The key is a file of the data directory. */
  readonly isFile: boolean;
}

interface Given {
  readonly secretKey: string | null;
  readonly oldSecretKeys: readonly string[];
  readonly dataDir: string;
}

const files = { current: 'secret-key', former: 'secret-key.former' } as const;

/**
 * The keys in force. Where there is none, one is made for a new database (`isNew`): the file is linked into place
 * whole, so that two first starts agree on one. Throws for a database that was made with a key that is gone.
 */
export function installationKeys(given: Given, isNew: boolean): InstallationKeys {
  const { secretKey, oldSecretKeys, dataDir } = given;
  if (secretKey !== null) return { current: secretKey, former: oldSecretKeys, isFile: false };
  const path = join(dataDir, files.current);
  const former = [...formerKeys(dataDir), ...oldSecretKeys];
  const existing = readIfThere(path);
  if (existing !== null)
    return { current: existing, former: without(former, existing), isFile: true };
  if (!isNew) {
    throw new Error(
      `The file ${path} is missing, and the database was made with its key. Restore it, or set SIGNALBOX_SECRET_KEY to that key.`,
    );
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const draft = writeDraft(path);
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
  const made = readIfThere(path);
  if (made === null) throw new Error(`The secret key could not be written to ${path}.`);
  return { current: made, former: without(former, made), isFile: true };
}

/** Puts another key into the file, and the one before it beside it. A crash in between loses neither. */
export function replaceKeyFile(dataDir: string): void {
  const path = join(dataDir, files.current);
  const formerPath = join(dataDir, files.former);
  appendFileSync(formerPath, `${readFileSync(path, 'utf8').trim()}\n`, {
    mode: 0o600,
    flush: true,
  });
  renameSync(writeDraft(path), path);
  syncDirectory(dataDir);
}

/** Nothing is sealed under the former keys any more. */
export function forgetFormerKeyFile(dataDir: string): void {
  unlinkSync(join(dataDir, files.former));
}

/** A key of its own for one purpose, from the installation's. */
export function derivedKey(secretKey: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secretKey, '', `signalbox ${purpose} v1`, 32));
}

function formerKeys(dataDir: string): string[] {
  const text = readIfThere(join(dataDir, files.former)) ?? '';
  return text.split('\n').filter((line) => line !== '');
}

function without(keys: readonly string[], current: string): string[] {
  return [...new Set(keys)].filter((key) => key !== current);
}

function writeDraft(path: string): string {
  const draft = `${path}.${process.pid}`;
  const key = `${randomBytes(32).toString('base64')}\n`;
  writeFileSync(draft, key, { mode: 0o600, flag: 'wx', flush: true });
  return draft;
}

function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
