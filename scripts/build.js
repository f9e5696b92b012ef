// `npm run build`, and before packing: src/ and client/ as JavaScript in dist/, since Node strips no types
// below node_modules, and the dashboard's files beside them. The package of the engine `temporal` likewise, in its own
// folder; its types need packages that are not installed here, and are checked by .ci/temporal. Whatever else lies in src/ (SQL, data) is copied beside it.
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
const temporal = join(root, 'engines', 'temporal');

await prepare();
rmSync(target, { recursive: true, force: true });
rmSync(join(temporal, 'dist'), { recursive: true, force: true });
await buildDashboard();
for (const folder of [root, join(root, 'client'), temporal]) {
  const project = join(folder, 'tsconfig.build.json');
  const { program, args, env } = typescript(['-p', project]);
  await runQuietly({ command: program, args, cwd: root, env, timeoutMs });
}
cpSync(source, target, {
  recursive: true,
  filter: (path) => !path.endsWith('.ts') && basename(path) !== 'fixtures',
});
writeSbom(target);
