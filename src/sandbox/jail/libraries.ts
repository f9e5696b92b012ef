import { existsSync, globSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type ElfFile, readElf } from './elf.ts';

// Which library files a program needs, so that the jail shows those and not the host's /usr.

/** A host file or directory and the path it has in the jail. */
export interface RootFile {
  readonly source: string;
  readonly target: string;
}

const triplets = ['x86_64-linux-gnu', 'aarch64-linux-gnu'];
const builtInDirectories = ['/lib', '/usr/lib']
  .flatMap((directory) => [
    ...triplets.map((triplet) => join(directory, triplet)),
    `${directory}64`,
  ])
  .concat('/lib', '/usr/lib');

/**
 * All libraries and loaders that a program needs, direct and indirect, with those that it loads by
 * itself where they are installed. Throws with the library's name when a needed one is not found.
 */
export function findLibraries(
  program: string,
  loadedByName: readonly string[] = [],
): readonly RootFile[] {
  const directories = [...builtInDirectories, ...configuredDirectories()];
  const found = new Map<string, RootFile>();
  const waiting = [{ path: program, inherited: [] as readonly string[] }];
  for (const name of loadedByName) {
    const path = locate(name, readElf(realpathSync(program)), directories);
    if (path === null) continue;
    found.set(name, { source: path, target: path });
    waiting.push({ path, inherited: [] });
  }
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const elf = readElf(realpathSync(next.path));
    if (elf === null) continue;
    if (elf.interpreter !== null) {
      found.set(basename(elf.interpreter), { source: elf.interpreter, target: elf.interpreter });
    }
    const ownDirectories = [...elf.searchPath, ...next.inherited];
    for (const name of elf.needed) {
      if (found.has(name)) continue;
      const path = locate(name, elf, [...ownDirectories, ...directories]);
      if (path === null) throw new Error(`${next.path} needs ${name}, which is not installed.`);
      found.set(name, { source: path, target: path });
      waiting.push({ path, inherited: ownDirectories });
    }
  }
  return withoutLoaderCache([...found.values()]);
}

function locate(
  name: string,
  wantedBy: ElfFile | null,
  directories: readonly string[],
): string | null {
  const candidates = directories.map((directory) => join(directory, name)).filter(existsSync);
  return candidates.find((path) => readElf(path)?.machine === wantedBy?.machine) ?? null;
}

/** The jail has no /etc/ld.so.cache: what only the cache would find moves beside the C library. */
function withoutLoaderCache(files: readonly RootFile[]): readonly RootFile[] {
  const libc = files.find(({ source }) => basename(source).startsWith('libc.'));
  if (libc === undefined) return files;
  const configured = new Set(configuredDirectories());
  return files.map(({ source, target }) => {
    const directory = dirname(source);
    const isMoved = configured.has(directory) && !builtInDirectories.includes(directory);
    return { source, target: isMoved ? join(dirname(libc.target), basename(source)) : target };
  });
}

function configuredDirectories(): readonly string[] {
  const read = (path: string): readonly string[] =>
    existsSync(path)
      ? readFileSync(path, 'utf8')
          .split('\n')
          .flatMap((line) => {
            const text = line.trim();
            const included = /^include\s+(\S+)/.exec(text)?.[1];
            if (included !== undefined)
              return globSync(included, { cwd: '/etc' }).flatMap((name) => read(name));
            return text.startsWith('/') ? [text] : [];
          })
      : [];
  return read('/etc/ld.so.conf');
}
