import { lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { skillMaxima } from '../core/skill.ts';
import { CliError } from './cli-error.ts';

// Folders of skills on this machine. Links are not followed, and nothing is written outside of the folder that
// was named, whatever a server says.

/** A file as the API takes it and gives it. */
export interface SkillFileView {
  readonly path: string;
  readonly content: string;
  readonly encoding: 'utf8' | 'base64';
  readonly executable: boolean;
}

/** What systems and version control leave in folders. */
const litter = new Set(['.git', '.DS_Store', 'Thumbs.db', '__MACOSX']);

/** All files below the folder, in base64. Throws `CliError` for links, and where there is too much. */
export async function readSkillFolder(folder: string): Promise<readonly SkillFileView[]> {
  const files: SkillFileView[] = [];
  let bytes = 0;
  const visit = async (directory: string): Promise<void> => {
    for (const entry of await readdir(directory, { withFileTypes: true })) {
      if (litter.has(entry.name)) continue;
      const path = join(directory, entry.name);
      if (entry.isDirectory()) {
        await visit(path);
        continue;
      }
      if (!entry.isFile()) {
        throw new CliError(`${path} is a link or a special file: a skill has only files.`);
      }
      const { mode, size } = await lstat(path);
      bytes += size;
      if (bytes > skillMaxima.bytes || files.length >= skillMaxima.files) {
        throw new CliError(
          `${folder} is too large for a skill: at most ${skillMaxima.files} files with ${skillMaxima.bytes} bytes together.`,
        );
      }
      files.push({
        path: relative(folder, path).split(sep).join('/'),
        content: (await readFile(path)).toString('base64'),
        encoding: 'base64',
        executable: (mode & 0o100) !== 0,
      });
    }
  };
  await visit(folder);
  return files;
}

/** Writes the files below the folder, which must not be there yet or be empty. */
export async function writeSkillFolder(
  folder: string,
  files: readonly SkillFileView[],
): Promise<void> {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) {
    throw new CliError(`${folder} is not empty.`, { hint: 'Name another folder with --to.' });
  }
  const root = resolve(folder);
  for (const { path, content, encoding, executable } of files) {
    const target = resolve(root, path);
    if (!target.startsWith(root + sep))
      throw new CliError(`The path ${path} leads out of ${folder}.`);
    await mkdir(dirname(target), { recursive: true });
    const mode = executable ? 0o755 : 0o644;
    await writeFile(target, Buffer.from(content, encoding), { mode, flag: 'wx' });
  }
}
