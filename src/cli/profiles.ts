import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CliError } from './cli-error.ts';
import { unreadable } from './unreadable.ts';

// Servers by name, with a token each. The file is its owner's alone. A token of a profile goes to the address of
// that profile and to no other.

export interface Profile {
  readonly url: string;
  readonly token: string | null;
}

export interface Profiles {
  /** The one that is used where nothing else is said. */
  readonly current: string | null;
  readonly profiles: Readonly<Record<string, Profile>>;
}

type Env = Readonly<Record<string, string | undefined>>;

const none: Profiles = { current: null, profiles: {} };

/** Null where there is no home for it. */
export function profilesFile(env: Env): string | null {
  const config = env.XDG_CONFIG_HOME || (env.HOME ? join(env.HOME, '.config') : '');
  return config === '' ? null : join(config, 'signalbox', 'profiles.json');
}

export function readProfiles(env: Env): Profiles {
  const file = profilesFile(env);
  if (file === null) return none;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return none;
    throw unreadable(file, error);
  }
  try {
    return { ...none, ...(JSON.parse(text) as Partial<Profiles>) };
  } catch (cause) {
    throw new CliError(`${file} is damaged.`, {
      hint: 'Delete it, and add the profiles anew.',
      cause,
    });
  }
}

export function writeProfiles(env: Env, profiles: Profiles): void {
  const file = profilesFile(env);
  if (file === null) {
    throw new CliError('There is no home to keep profiles in.', {
      hint: 'Set HOME or XDG_CONFIG_HOME.',
    });
  }
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, `${JSON.stringify(profiles, null, 2)}\n`, { mode: 0o600 });
  chmodSync(fresh, 0o600);
  renameSync(fresh, file);
}

/** The profile that is asked for by name, else the current one unless the environment names server or token. */
export function profileFor(given: string | undefined, env: Env): Profile | null {
  const named = given ?? (env.SIGNALBOX_PROFILE || undefined);
  const says = env.SIGNALBOX_URL || env.SIGNALBOX_TOKEN || env.SIGNALBOX_ADMIN_TOKEN;
  if (named === undefined && says) return null;
  const { current, profiles } = readProfiles(env);
  const name = named ?? current;
  if (name === null) return null;
  const found = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (found !== undefined) return found;
  throw new CliError(`There is no profile "${name}".`, {
    hint: `There are: ${Object.keys(profiles).join(', ') || 'none'}. See \`signalbox profiles\`.`,
  });
}
