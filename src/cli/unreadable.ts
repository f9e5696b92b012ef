import { CliError } from './cli-error.ts';

/** The error of a file or folder that was named and cannot be read. */
export function unreadable(path: string, cause: unknown): CliError {
  const { code } = cause as NodeJS.ErrnoException;
  const reason = code === 'ENOENT' ? 'it does not exist' : (code ?? String(cause));
  return new CliError(`Cannot read ${path}: ${reason}.`, { cause });
}
