// Files that are generated from the code and committed: the OpenAPI documents, and from them the client's types,
// what the command line knows of operations, and the page of what is covered; and, from what was measured, the tables of
// docs/capacity.md. `--check` only tells whether they are up to date.
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { underPinnedNode } from './pinned-env.js';
import { runQuietly } from './run.js';
import { prepare, root } from './setup.js';

const timeoutMs = 60_000;
const committed = {
  documents: join(root, 'docs', 'openapi'),
  client: join(root, 'client', 'generated'),
  commands: join(root, 'src', 'cli', 'generated'),
  coverage: join(root, 'docs', 'coverage'),
};
const capacity = join(root, 'docs', 'capacity.md');

await prepare();
if (!process.argv.includes('--check')) {
  await write(committed);
  await reckon(capacity);
} else {
  const stale = await staleFiles();
  if (stale.length > 0) {
    console.error(`not up to date: ${stale.join(', ')}; run \`npm run generate\``);
    process.exitCode = 1;
  }
}

async function write({ documents, client, commands, coverage }) {
  await run([join(root, 'src', 'main.ts'), 'openapi', '--out', documents]);
  await run([join(root, 'scripts', 'generate-client.js'), documents, client]);
  await run([join(root, 'scripts', 'generate-commands.js'), documents, commands]);
  await run([join(root, 'scripts', 'generate-coverage.js'), documents, coverage]);
}

async function reckon(page) {
  await run([join(root, 'scripts', 'capacity.js'), page]);
}

async function run(args) {
  const { program, args: all, env } = underPinnedNode(args);
  await runQuietly({ command: program, args: all, cwd: root, env, timeoutMs });
}

async function staleFiles() {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-generated-'));
  const fresh = {
    documents: join(folder, 'documents'),
    client: join(folder, 'client'),
    commands: join(folder, 'commands'),
    coverage: join(folder, 'coverage'),
  };
  try {
    await write(fresh);
    const page = join(folder, 'capacity.md');
    copyFileSync(capacity, page);
    await reckon(page);
    const isReckoned = readFileSync(page, 'utf8') === readFileSync(capacity, 'utf8');
    return [
      ...Object.keys(committed).flatMap((kind) => differing(fresh[kind], committed[kind])),
      ...(isReckoned ? [] : ['capacity.md']),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function differing(fresh, kept) {
  const names = new Set([...readdirSync(fresh), ...(existsSync(kept) ? readdirSync(kept) : [])]);
  return [...names].filter((name) => read(fresh, name) !== read(kept, name)).sort();
}

function read(folder, name) {
  const file = join(folder, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}
