import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError } from '../cli-error.ts';
import { unreadable } from '../unreadable.ts';
import { type Folder, hashOf, type Kind, type ServerObject } from './objects.ts';

// What the server held when the folder and it last met: a hash for every field. By it a change of mine is told
// from a change of somebody else's. It is of this checkout, for each workspace apart, and not for git.

/** Object → field → hash. */
export type Base = Readonly<Record<string, Readonly<Record<string, string>>>>;

const home = '.signalbox';

export async function readBase(root: string, workspaceId: string): Promise<Base> {
  return (await readAll(root))[workspaceId] ?? {};
}

/** What both sides hold alike is agreed on from now on; of the rest the last agreement stays. */
export async function writeBase(
  root: string,
  workspaceId: string,
  now: {
    readonly folder: Folder;
    readonly server: ReadonlyMap<string, ServerObject>;
    /** The kinds that the two hold; of others everything stays. */
    readonly only: ReadonlySet<Kind>;
  },
): Promise<void> {
  const all = await readAll(root);
  const before = all[workspaceId] ?? {};
  const base: Record<string, Readonly<Record<string, string>>> = Object.fromEntries(
    Object.entries(before).filter(([key]) => !now.only.has(key.split(' ')[0] as Kind)),
  );
  for (const key of new Set([...now.folder.keys(), ...now.server.keys()])) {
    const [here, there] = [now.folder.get(key), now.server.get(key)];
    const agreed = Object.entries(here?.fields ?? {}).flatMap(([field, value]) => {
      const hash = hashOf(value);
      return there !== undefined && hashOf(there.fields[field]) === hash ? [[field, hash]] : [];
    });
    const known = Object.entries(before[key] ?? {}).filter(
      ([field]) => field in (here?.fields ?? {}) || field in (there?.fields ?? {}),
    );
    const kept = Object.fromEntries([...known, ...agreed]);
    if (Object.keys(kept).length > 0) base[key] = kept;
  }
  await mkdir(join(root, home), { recursive: true });
  await writeFile(join(root, home, '.gitignore'), '*\n');
  const text = JSON.stringify({ ...all, [workspaceId]: base }, null, 1);
  await writeFile(join(root, home, 'base.json'), `${text}\n`);
}

async function readAll(root: string): Promise<Readonly<Record<string, Base>>> {
  const file = join(root, home, 'base.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw unreadable(file, error);
  }
  try {
    return JSON.parse(text) as Readonly<Record<string, Base>>;
  } catch (cause) {
    throw new CliError(`${file} is damaged.`, { hint: 'Delete it, then pull.', cause });
  }
}
