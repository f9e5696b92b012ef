import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ToolLanguage } from '../../core/custom-tool.ts';

// Which packages tools may import: a short list for each language, locked with what they need by hash.
// The Python lock is written by scripts/lock_python_packages.py, the other by npm.

export interface LockedPackage {
  readonly name: string;
  readonly version: string;
}

export interface Wheel extends LockedPackage {
  readonly file: string;
  readonly sha256: string;
}

export interface PackageSet {
  readonly language: ToolLanguage;
  /** Names what is installed, down to every hash: a directory of that name holds this and nothing else. */
  readonly id: string;
  /** The directory within, as the interpreter wants it called. */
  readonly content: 'site-packages' | 'node_modules';
  /** Those of the list, with the name in an import. */
  readonly packages: readonly (LockedPackage & { readonly import: string })[];
  /** What code can import, with the package it belongs to; packages that others need as well. */
  readonly importable: ReadonlyMap<string, string>;
  /** Python only. */
  readonly wheels: readonly Wheel[];
}

interface PythonLock {
  readonly packages: readonly string[];
  readonly files: Readonly<Record<string, Omit<Wheel, 'file'>>>;
  readonly targets: Readonly<Record<string, { readonly glibc: number; readonly files: string[] }>>;
}

interface NpmLock {
  readonly packages: Readonly<
    Record<string, { version?: string; dependencies?: Readonly<Record<string, string>> }>
  >;
}

export const lockFolder = new URL('./', import.meta.url);
/** Changes when what is made of the same lock changes. */
const format = 1;

/** Where the name in an `import` is not the package's own. */
const importNames: Readonly<Record<string, readonly string[]>> = {
  'python-dateutil': ['dateutil'],
  beautifulsoup4: ['bs4'],
  pyyaml: ['yaml'],
  cffi: ['cffi', '_cffi_backend'],
};

/** Those for a Python of this machine (`3.12.4`), or the reason, in plain words, why there are none. */
export function pythonPackages(version: string): PackageSet | string {
  const lock = readLock<PythonLock>('python-lock.json');
  const [minor = ''] = /^\d+\.\d+/.exec(version) ?? [];
  const target = lock.targets[`${minor}-${process.arch}`];
  if (process.platform !== 'linux' || target === undefined) {
    const known = Object.keys(lock.targets).join(', ');
    return `There are none for Python ${version} on ${process.platform} ${process.arch}; there are for Linux with Python ${known}.`;
  }
  const glibc = glibcMinor();
  if (glibc === null || glibc < target.glibc) {
    return `They need the C library glibc 2.${target.glibc} or later; this machine has ${glibc === null ? 'another' : `2.${glibc}`}.`;
  }
  const wheels = target.files.flatMap((file) => {
    const about = lock.files[file];
    return about === undefined ? [] : [{ file, ...about }];
  });
  const listed = new Set(lock.packages);
  return {
    language: 'python',
    id: `python-${minor}-${digest(wheels)}`,
    content: 'site-packages',
    packages: wheels
      .filter(({ name }) => listed.has(name))
      .map(({ name, version }) => ({ name, version, import: importNamesOf(name)[0] ?? name })),
    importable: new Map(
      // Those of the list last, so that theirs are the names that count.
      [...wheels]
        .sort((one, other) => Number(listed.has(one.name)) - Number(listed.has(other.name)))
        .flatMap(({ name }) => importNamesOf(name).map((each) => [each, name] as const)),
    ),
    wheels,
  };
}

export function javascriptPackages(): PackageSet {
  const lock = readLock<NpmLock>('javascript/package-lock.json');
  const names = Object.keys(lock.packages).map((path) => path.replace(/^.*node_modules\//, ''));
  const listed = Object.keys(lock.packages['']?.dependencies ?? {});
  const versionOf = (name: string) => lock.packages[`node_modules/${name}`]?.version ?? '';
  return {
    language: 'javascript',
    id: `javascript-${digest(lock)}`,
    content: 'node_modules',
    packages: listed.map((name) => ({ name, version: versionOf(name), import: name })),
    importable: new Map(names.filter((name) => name !== '').map((name) => [name, name])),
    wheels: [],
  };
}

/** The ids of all sets of this version of the server, for whatever interpreter. */
export function currentIds(): ReadonlySet<string> {
  const lock = readLock<PythonLock>('python-lock.json');
  const versions = Object.keys(lock.targets).map((target) => `${target.split('-')[0]}.0`);
  const sets = [...versions.map(pythonPackages), javascriptPackages()];
  return new Set(sets.flatMap((set) => (typeof set === 'string' ? [] : [set.id])));
}

function importNamesOf(name: string): readonly string[] {
  return importNames[name] ?? [name.replaceAll('-', '_')];
}

function readLock<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(path, lockFolder), 'utf8')) as T;
}

function digest(lock: unknown): string {
  const text = JSON.stringify([format, process.arch, lock]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function glibcMinor(): number | null {
  const { header } = process.report.getReport() as {
    readonly header: { readonly glibcVersionRuntime?: string };
  };
  const minor = Number(/^2\.(\d+)/.exec(header.glibcVersionRuntime ?? '')?.[1]);
  return Number.isInteger(minor) ? minor : null;
}
