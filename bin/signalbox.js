#!/usr/bin/env node
// Starts Signalbox under its pinned Node: the TypeScript source in the repository, the emitted
// JavaScript in the published package. Plain JavaScript for Node 20.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from './launch.js';
import { nodeOptions } from './node-options.js';
import { pinnedNode } from './pinned-node.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'src', 'main.ts');
const built = join(root, 'dist', 'main.js');

try {
  await start();
} catch (error) {
  console.error(`signalbox: ${error.message}`);
  process.exit(1);
}

/** The server goes on without a dashboard that cannot be built, and says so. */
async function prepareDashboard() {
  const web = await import('../scripts/web.js');
  try {
    await web.prepareDashboard();
  } catch (error) {
    console.error(`signalbox: there is no dashboard, it could not be built: ${error.message}`);
  }
}

async function start() {
  const fromSource = existsSync(source);
  if (fromSource) {
    const { prepare } = await import('../scripts/setup.js');
    await prepare();
    if (process.argv[2] === 'start') await prepareDashboard();
  } else if (!existsSync(built)) {
    throw new Error(`${built} is missing: the package was packed without its build`);
  }
  await launch({
    program: pinnedNode(root),
    args: [...nodeOptions, fromSource ? source : built, ...process.argv.slice(2)],
  });
}
