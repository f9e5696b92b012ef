// Whether node_modules is what package-lock.json says, and how to make it so.
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runQuietly } from './run.js';

const installTimeoutMs = 15 * 60_000;
const stampName = '.signalbox-setup.json';

/** True when node_modules has every package of the lock file that this machine needs, in its version. */
export function dependenciesAreCurrent(root) {
  if (readStamp(root)?.lock === lockHash(root)) return true;
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'));
  if (installed === null) return false;
  const wanted = Object.entries(readJson(join(root, 'package-lock.json')).packages);
  const same = wanted.every(([path, entry]) => {
    if (!path.startsWith('node_modules/') || entry.link) return true;
    const found = installed.packages[path];
    if (!found) return entry.optional === true && !isMeantForThisMachine(entry);
    return found.version === entry.version && found.integrity === entry.integrity;
  });
  if (same) writeStamp(root, {});
  return same;
}

/** Installs exactly what the lock file says, development tools included, without install scripts. */
export async function installDependencies(root, { onStart }) {
  rmSync(stampFile(root), { force: true });
  // An empty or unwritable HOME leaves npm no place for its cache.
  const ownCache = hasUsableHome() ? null : join(root, '.cache', 'npm');
  await runQuietly({
    ...npm(['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit']),
    cwd: root,
    timeoutMs: installTimeoutMs,
    env: ownCache ? { ...process.env, npm_config_cache: ownCache } : process.env,
    onStart,
  });
  if (ownCache) rmSync(ownCache, { recursive: true, force: true });
  writeStamp(root, {});
}

/** What set-up noted about this installation, or null. */
export function readStamp(root) {
  return readJson(stampFile(root));
}

/** Notes facts that hold until the next installation. A tree that cannot be written stays as it is. */
export function writeStamp(root, facts) {
  const before = readStamp(root);
  const lock = lockHash(root);
  const kept = before?.lock === lock ? before : {};
  try {
    writeFileSync(stampFile(root), `${JSON.stringify({ ...kept, ...facts, lock })}\n`);
  } catch (error) {
    if (!['EACCES', 'EROFS', 'EPERM'].includes(error.code)) throw error;
  }
}

/** How npm is started with these arguments. */
export function npm(args) {
  // Set by `npm run`; it is that npm's own script, whatever is on PATH.
  const script = process.env.npm_execpath;
  if (script && basename(script) === 'npm-cli.js' && existsSync(script)) {
    return { command: process.execPath, args: [script, ...args] };
  }
  return { command: 'npm', args };
}

function hasUsableHome() {
  try {
    accessSync(process.env.HOME ?? '', constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** An optional package without `os` and `cpu` only serves another one that names them. */
function isMeantForThisMachine({ os, cpu, libc }) {
  if (!os && !cpu) return false;
  if (!admits(os, process.platform) || !admits(cpu, process.arch)) return false;
  return !libc || admits(libc, libcName());
}

function admits(rule, value) {
  if (rule === undefined) return true;
  const rules = [rule].flat();
  if (rules.includes(`!${value}`)) return false;
  return rules.includes(value) || rules.every((each) => each.startsWith('!'));
}

function libcName() {
  return process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl';
}

function lockHash(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(`${process.platform}-${process.arch}`)
    .digest('hex');
}

function stampFile(root) {
  return join(root, 'node_modules', stampName);
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return null;
    throw error;
  }
}
