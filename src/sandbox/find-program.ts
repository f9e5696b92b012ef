import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Every executable of that name on the PATH, then in the usual places. */
export function findPrograms(name: string): readonly string[] {
  const directories = (process.env.PATH ?? '').split(delimiter).filter((entry) => entry !== '');
  const usual = ['/usr/local/bin', '/usr/bin', '/bin'];
  return [...new Set([...directories, ...usual])]
    .map((directory) => join(directory, name))
    .filter(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
