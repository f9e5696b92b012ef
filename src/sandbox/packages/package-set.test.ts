import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { currentIds, javascriptPackages, lockFolder, pythonPackages } from './package-set.ts';

const read = (path: string) => JSON.parse(readFileSync(new URL(path, lockFolder), 'utf8'));

test('the lock of Python has every listed package for each Python and architecture, each file by its hash', () => {
  const { packages, files, targets } = read('python-lock.json');
  expect(packages).toEqual(read('python-packages.json'));
  expect(Object.keys(targets)).toEqual(
    ['3.10', '3.11', '3.12', '3.13', '3.14'].flatMap((each) => [`${each}-x64`, `${each}-arm64`]),
  );
  for (const target of Object.values<{ files: string[] }>(targets)) {
    const names = target.files.map((file) => files[file].name);
    expect(packages.filter((name: string) => !names.includes(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  }
  for (const [file, { sha256 }] of Object.entries<{ sha256: string }>(files)) {
    expect(file).toMatch(/\.whl$/);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  }
});

test('the lock of JavaScript has every package by its hash, without install scripts or places', () => {
  const { packages } = read('javascript/package-lock.json');
  const { '': root, ...locked } = packages;
  expect(Object.keys(root.dependencies)).toHaveLength(11);
  for (const entry of Object.values<Record<string, unknown>>(locked)) {
    expect(entry.integrity).toMatch(/^sha512-/);
    expect(entry).not.toHaveProperty('resolved');
    expect(entry).not.toHaveProperty('hasInstallScript');
  }
});

test('a set has an id of its content, and a Python without one a reason', () => {
  expect(currentIds()).toContain(javascriptPackages().id);
  expect(pythonPackages('3.9.2')).toMatch(/none for Python 3\.9\.2.*3\.10-x64/);
});
