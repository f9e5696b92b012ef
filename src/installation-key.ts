import { hkdfSync, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The installation's secret key: from the environment, else a file in the data directory, made at the
 * first start. The file is linked into place whole, so that two first starts agree on one.
 */
export function installationKey(given: string | null, dataDir: string): string {
  if (given !== null) return given;
  const path = join(dataDir, 'secret-key');
  const existing = readIfThere(path);
  if (existing !== null) return existing;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
  const made = readIfThere(path);
  if (made === null) throw new Error(`The secret key could not be written to ${path}.`);
  return made;
}

/** A key of its own for one purpose, from the installation's. */
export function derivedKey(secretKey: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secretKey, '', `signalbox ${purpose} v1`, 32));
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
