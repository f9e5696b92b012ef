import { type ChildProcess, spawn } from 'node:child_process';
import type { Env } from './env.ts';
import type { InstallationKeys } from './installation-key.ts';
import type { DatabaseSettings } from './store/connect-session.ts';
import { socketUrl } from './store/embedded/socket-url.ts';

/** Another of this program, for runs under suspicion. */
export function spawnAlone(
  program: readonly string[],
  given: {
    readonly env: Env;
    readonly settings: DatabaseSettings;
    readonly keys: InstallationKeys;
  },
): ChildProcess {
  const [command = process.execPath, ...args] = program;
  return spawn(command, [...args, 'drive-alone'], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      ...process.env,
      DATABASE_URL: urlOf(given.settings),
      SIGNALBOX_DATA_DIR: given.env.dataDir,
      SIGNALBOX_SECRET_KEY: given.keys.current,
      SIGNALBOX_OLD_SECRET_KEYS: given.keys.former.join(','),
    },
  });
}

function urlOf(settings: DatabaseSettings): string {
  return settings.kind === 'url' ? settings.url : socketUrl(settings.connection);
}
