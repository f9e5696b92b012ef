// `npm run sbom`: the software bill of materials of what is published, CycloneDX, from the lock file, as
// dist/sbom.cdx.json, or with `--print` on standard output. Part of a build.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { npm } from './dependencies.js';
import { root } from './setup.js';

const most = { maxBuffer: 64 * 1_048_576, timeout: 120_000 };

/** The bill, as an object. */
function readSbom() {
  const { name } = read('package.json');
  const given = ['--sbom-format=cyclonedx', '--sbom-type=application'];
  const { command, args } = npm(['sbom', ...given, '--package-lock-only']);
  const stdio = ['ignore', 'pipe', 'ignore'];
  const bill = JSON.parse(execFileSync(command, args, { cwd: root, stdio, ...most }).toString());
  // npm calls the package by its folder.
  bill.metadata.component.name = name;
  return withoutDev(bill);
}

/** `npm sbom --omit=dev` would leave out what packages for development need as well. */
function withoutDev(bill) {
  const published = new Set();
  for (const [path, entry] of Object.entries(read('package-lock.json').packages)) {
    const name =
      entry.name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    if (path !== '' && entry.dev !== true) published.add(`${name}@${entry.version}`);
  }
  const own = bill.metadata.component['bom-ref'];
  const isKept = (ref) => ref === own || published.has(ref);
  const dependencies = bill.dependencies
    .filter(({ ref }) => isKept(ref))
    .map((one) => ({ ...one, dependsOn: (one.dependsOn ?? []).filter(isKept) }));
  const components = bill.components.filter((one) => isKept(one['bom-ref']));
  return { ...bill, components, dependencies };
}

function read(file) {
  return JSON.parse(readFileSync(join(root, file), 'utf8'));
}

/** Writes the bill to the folder, which is made if need be. */
export function writeSbom(folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'sbom.cdx.json'), `${JSON.stringify(readSbom(), null, 2)}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (process.argv.includes('--print')) process.stdout.write(JSON.stringify(readSbom()));
  else writeSbom(join(root, 'dist'));
}
