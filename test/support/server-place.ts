import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modelEnv } from '../proof/run-load.ts';
import { createTestDatabase } from './database.ts';
import { startFakeProvider } from './fake-provider.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';

/** What real servers of a test share: a directory, a database and a scripted model. */
export interface ServerPlace extends AsyncDisposable {
  /** Another server there; it ends with the place. */
  start(): Promise<ServerProcess>;
}

export async function createServerPlace(
  given: Parameters<typeof startFakeProvider>[0],
  more: Readonly<Record<string, string>> = {},
): Promise<ServerPlace> {
  const dataDir = mkdtempSync(join(tmpdir(), 'signalbox-place-'));
  const database = await createTestDatabase();
  const model = await startFakeProvider(given);
  const servers: ServerProcess[] = [];
  return {
    async start() {
      const env = {
        ...modelEnv(model),
        DATABASE_URL: database.url,
        SIGNALBOX_SECRET_KEY: 'a secret key of a test, 32 and more',
        ...more,
      };
      const server = await startServerProcess({ dataDir, env });
      servers.push(server);
      return server;
    },
    async [Symbol.asyncDispose]() {
      for (const server of servers) await server[Symbol.asyncDispose]();
      await model[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
