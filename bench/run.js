// Starts a measurement under the pinned Node of the repository. Plain JavaScript for Node 20.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { underPinnedNode } from '../scripts/pinned-env.js';
import { runVisibly } from '../scripts/run.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const [script, ...args] = process.argv.slice(2);
if (script === undefined || !existsSync(join(here, script))) {
  console.error('usage: node run.js <script below bench/> [arguments]');
  process.exit(2);
}
const { program, args: rest, env } = underPinnedNode([join(here, script), ...args]);
process.exitCode = await runVisibly({ command: program, args: rest, env });
