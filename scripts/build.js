// `npm run build`, and before packing: src/ and client/ as JavaScript in dist/, since Node strips no types
// below node_modules, and the dashboard's files beside them. Whatever else lies in src/ (SQL, data) is copied beside it.
import { cpSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { typescript } from './pinned-env.js';
import { runQuietly } from './run.js';
import { writeSbom } from './sbom.js';
import { prepare, root } from './setup.js';
import { buildDashboard } from './web.js';

const timeoutMs = 5 * 60_000;
const source = join(root, 'src');
const target = join(root, 'dist');

await prepare();
rmSync(target, { recursive: true, force: true });
await buildDashboard();
for (const project of ['tsconfig.build.json', join('client', 'tsconfig.build.json')]) {
  const { program, args, env } = typescript(['-p', project]);
  await runQuietly({ command: program, args, cwd: root, env, timeoutMs });
}
cpSync(source, target, {
  recursive: true,
  filter: (path) => !path.endsWith('.ts') && basename(path) !== 'fixtures',
});
writeSbom(target);
