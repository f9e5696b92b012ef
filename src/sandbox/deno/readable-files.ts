import { chmod, cp, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeTemporaryDirectory } from '../temporary-directory.ts';

// A call that has dropped root must still read Pyodide and the runners, which may lie below a closed
// folder. Then copies are made where everybody can read, owned by root, for as long as the server lives.

export interface ReadableFiles extends AsyncDisposable {
  readonly pyodideDirectory: string;
  readonly runnersDirectory: string;
}

export async function makeReadable(originals: {
  readonly pyodideDirectory: string;
  readonly runnersDirectory: string;
}): Promise<ReadableFiles> {
  const paths = Object.values(originals);
  if ((await Promise.all(paths.map(isReadableByAll))).every(Boolean)) {
    return { ...originals, [Symbol.asyncDispose]: async () => {} };
  }
  const directory = await makeTemporaryDirectory('signalbox-deno-');
  const copies = {
    pyodideDirectory: join(directory, 'pyodide'),
    runnersDirectory: join(directory, 'runners'),
  };
  await cp(originals.pyodideDirectory, copies.pyodideDirectory, { recursive: true });
  await cp(originals.runnersDirectory, copies.runnersDirectory, { recursive: true });
  await openToAll(directory);
  return {
    ...copies,
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

/** Whether any user may enter every directory down to this one and read in it. */
export async function isReadableByAll(path: string): Promise<boolean> {
  for (let at = path; ; at = dirname(at)) {
    const { mode } = await stat(at);
    const wanted = at === path ? 0o005 : 0o001;
    if ((mode & wanted) !== wanted) return false;
    if (at === dirname(at)) return true;
  }
}

async function openToAll(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
  }
}
