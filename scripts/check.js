// `npm run check`: everything that judges the code without running the product. Runs all of it even if
// something fails, so that one run shows all there is to mend.
import { tool, typescript, underPinnedNode } from './pinned-env.js';
import { runVisibly } from './run.js';
import { prepare, root } from './setup.js';

process.chdir(root);
await prepare();

const checks = {
  'format and lint': tool('biome', ['check', '--error-on-warnings']),
  types: typescript(['-p', '.']),
  'types of the client in a browser': typescript(['-p', 'client']),
  'types of the dashboard': typescript(['-p', 'web']),
  'types of the browser tests': typescript(['-p', 'test/browser']),
  structure: tool('vitest', ['run', 'test/layering.test.ts', 'test/repository.test.ts']),
  'dead code': tool('knip', []),
  'generated files': underPinnedNode(['scripts/generate.js', '--check']),
};

const failed = [];
for (const [name, { program, args, env }] of Object.entries(checks)) {
  console.log(`\n— ${name}`);
  const code = await runVisibly({ command: program, args, env });
  if (code !== 0) failed.push(name);
}
console.log(failed.length === 0 ? '\nall checks passed' : `\nfailed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
