// The build of what is served to browsers, in dist/web/: the dashboard of web/ and the documentation. Made anew
// when its sources have changed since.
import { createHash } from 'node:crypto';
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { tool } from './pinned-env.js';
import { runQuietly } from './run.js';
import { root, underSetupLock } from './setup.js';

const target = join(root, 'dist', 'web');
const timeoutMs = 5 * 60_000;
const compressible = /\.(js|css|svg|html|md)$/;
/** Less is not worth a second copy. */
const leastBytes = 1_024;

/** Builds the dashboard unless the build that is there is of these very sources. */
export async function prepareDashboard() {
  if (isCurrent()) return;
  await underSetupLock(async (onStart) => {
    if (isCurrent()) return;
    process.stderr.write('signalbox: building the dashboard …\n');
    await buildDashboard({ onStart });
  });
}

/** Builds it aside and puts it in place at once: a server reads the one build or the other. */
export async function buildDashboard({ onStart } = {}) {
  const fresh = `${target}-${process.pid}`;
  const { program, args, env } = tool('vite', [
    'build',
    join(root, 'web'),
    '--outDir',
    fresh,
    '--emptyOutDir',
    '--logLevel',
    'warn',
  ]);
  try {
    const hash = sourceHash();
    await runQuietly({
      command: program,
      args,
      cwd: root,
      // Whoever asks for the build: a test's environment would give React with all its checks.
      env: { ...env, NODE_ENV: 'production' },
      timeoutMs,
      onStart,
    });
    // It uses packages, and this file is read before there are any.
    const { buildDocs } = await import('./docs.js');
    buildDocs({ root, target: fresh });
    for (const file of filesOf(fresh)) compress(join(fresh, file));
    writeFileSync(join(fresh, 'sources'), hash);
    rmSync(target, { recursive: true, force: true });
    renameSync(fresh, target);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function isCurrent() {
  const stamp = join(target, 'sources');
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === sourceHash();
}

function compress(file) {
  if (!compressible.test(file) || statSync(file).size < leastBytes) return;
  const bytes = readFileSync(file);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 9,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params }));
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
}

/** Of all that goes into the build, the packages' versions by way of the lock file. */
function sourceHash() {
  const hash = createHash('sha256');
  hash.update(readFileSync(new URL('docs.js', import.meta.url)));
  for (const folder of ['web', 'client', 'docs', 'decisions']) {
    for (const file of filesOf(join(root, folder))) {
      if (/\.test\.tsx?$/.test(file) || file.startsWith('openapi/')) continue;
      hash.update(`${folder}/${file}\0`).update(readFileSync(join(root, folder, file)));
    }
  }
  return hash.update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
}

function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
