import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repositoryRoot } from './support/source-tree.ts';

// What is published brings nothing along that Apache-2.0 cannot be distributed with. That there is every platform,
// no place of download and no install script in the lock file is held by repository.test.ts.

interface Locked {
  readonly license?: string;
  readonly version?: string;
  readonly dev?: boolean;
  readonly integrity?: string;
  readonly link?: boolean;
}

const read = (path: string) => JSON.parse(readFileSync(join(repositoryRoot, path), 'utf8'));
const locked: Record<string, Locked> = read('package-lock.json').packages;
const published = Object.entries(locked).filter(
  ([path, { dev, link }]) => path !== '' && dev !== true && link !== true,
);

/** Permissive, or (MPL-2.0) copyleft of its own files only, which are used as they are. */
const compatible = new Set([
  ...['MIT', 'Apache-2.0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0'],
  ...['Unlicense', 'CC0-1.0', 'Zlib', 'Python-2.0', 'PostgreSQL', 'MPL-2.0', 'MIT-0', 'AFL-2.1'],
]);

/** Packages whose own word for their licence is no SPDX name, and what their licence file says. */
const readByHand: Readonly<Record<string, string>> = { 'duck BSD': 'BSD-2-Clause' };

/** Whether one may choose compatible terms: `(MIT OR GPL-3.0-or-later)`, `(MIT AND Zlib)`. */
function isCompatible(expression: string): boolean {
  const inner = expression.replace(/^\((.*)\)$/, '$1');
  if (inner.includes(' OR ')) return inner.split(' OR ').some(isCompatible);
  if (inner.includes(' AND ')) return inner.split(' AND ').every(isCompatible);
  return compatible.has(inner);
}

test('every package that is published has a licence that Apache-2.0 goes together with', () => {
  expect(published.length).toBeGreaterThan(100);
  const found = published.flatMap(([path, { license = 'none' }]) => {
    const name = path.replace(/^.*node_modules\//, '');
    const meant = readByHand[`${name} ${license}`] ?? license;
    return isCompatible(meant) ? [] : [`${name}: ${license}`];
  });
  expect(found).toEqual([]);
});

test('every package of the lock file is held to its contents', () => {
  const loose = Object.entries(locked).filter(
    ([path, { integrity, link }]) =>
      path !== '' && link !== true && !/^sha512-/.test(integrity ?? ''),
  );
  expect(loose.map(([path]) => path)).toEqual([]);
});

test('the bill of materials names all that is published, with versions, licences and hashes', () => {
  const script = join(repositoryRoot, 'scripts', 'sbom.js');
  const bill = JSON.parse(
    execFileSync(process.execPath, [script, '--print'], { maxBuffer: 64 * 1_048_576 }).toString(),
  );
  expect(bill).toMatchObject({
    bomFormat: 'CycloneDX',
    metadata: { component: { name: 'signalbox' } },
  });
  const named = new Map<string, { purl?: string; licenses?: unknown[]; hashes?: unknown[] }>(
    bill.components.map((component: { 'bom-ref': string }) => [component['bom-ref'], component]),
  );
  const manifest = read('package.json');
  for (const [name, version] of Object.entries(manifest.dependencies)) {
    const component = named.get(`${name}@${version}`);
    expect(component?.purl, name).toMatch(/^pkg:npm\//);
    expect(component?.licenses?.length, name).toBeGreaterThan(0);
    expect(component?.hashes?.length, name).toBeGreaterThan(0);
  }
}, 60_000);
