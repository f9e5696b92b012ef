import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url));

/** A source file, its path relative to the folder it was read from, with forward slashes. */
export type SourceFile = { path: string; text: string };

/** Folders and files that are made, not written: what .gitignore names, and git's own. */
const notOurs = new Set(['.git', 'node_modules', 'dist', '.cache', '.signalbox']);

/** All files below `folder` that people wrote, as text. */
export function readTree(folder: string): SourceFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !path.split('/').some((part) => notOurs.has(part)))
    .filter((path) => !/\.(log|tgz)$/.test(path))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }));
}

/** The modules that a file names in imports, re-exports and `import()`, types included. */
export function importsOf({ text }: SourceFile): string[] {
  const statement = /^\s*(?:import|export)\b[^'";]*?from\s*'([^']+)'|^\s*import\s*'([^']+)'/gm;
  const call = /\bimport\(\s*'([^']+)'/g;
  const code = withoutComments(text);
  return [...code.matchAll(statement), ...code.matchAll(call)].map(
    ([, from, bare]) => from ?? bare ?? '',
  );
}

/** The file that a relative import of `from` means, by the same kind of path; null for a package. */
export function importedPath(from: string, specifier: string): string | null {
  return specifier.startsWith('.') ? posix.join(dirname(from), specifier) : null;
}

/** Blanks comments, keeping line numbers. Strings that hold comment marks may lose their tails. */
export function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/(^|[^:'"`\\])\/\/.*$/gm, '$1');
}

export function isTest(path: string): boolean {
  return path.endsWith('.test.ts');
}
