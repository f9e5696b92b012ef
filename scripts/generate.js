// Files that are generated from the code and committed: the OpenAPI documents. `--check` only tells
// whether they are up to date.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { underPinnedNode } from './pinned-env.js';
import { runQuietly } from './run.js';
import { prepare, root } from './setup.js';

const timeoutMs = 60_000;
const committed = join(root, 'docs', 'openapi');

await prepare();
if (!process.argv.includes('--check')) {
  await writeDocuments(committed);
} else if (!existsSync(committed)) {
  console.log('nothing is generated yet');
} else {
  const stale = await staleDocuments();
  if (stale.length > 0) {
    console.error(`not up to date: ${stale.join(', ')}; run \`npm run generate\``);
    process.exitCode = 1;
  }
}

async function writeDocuments(folder) {
  const { program, args, env } = underPinnedNode([
    join(root, 'src', 'main.ts'),
    'openapi',
    '--out',
    folder,
  ]);
  await runQuietly({ command: program, args, cwd: root, env, timeoutMs });
}

async function staleDocuments() {
  const fresh = mkdtempSync(join(tmpdir(), 'signalbox-openapi-'));
  try {
    await writeDocuments(fresh);
    const names = new Set([...readdirSync(fresh), ...readdirSync(committed)]);
    return [...names].filter((name) => read(fresh, name) !== read(committed, name)).sort();
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function read(folder, name) {
  const file = join(folder, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}
