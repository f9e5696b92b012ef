import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { repositoryRoot } from './source-tree.ts';

/** The file of the public reference server, below the repository. */
export const everythingFile = 'node_modules/@modelcontextprotocol/server-everything/dist/index.js';

export interface EverythingServer extends AsyncDisposable {
  readonly port: number;
}

/** The public reference server on loopback, over the transport named. */
export async function startEverything(
  transport: 'streamableHttp' | 'sse',
): Promise<EverythingServer> {
  const port = await freePort();
  const child = spawn(process.execPath, [join(repositoryRoot, everythingFile), transport], {
    env: { PORT: String(port), PATH: process.env.PATH ?? '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.resume();
  const ended = once(child, 'exit');
  const { promise: listening, resolve } = Promise.withResolvers<void>();
  // Read to its end: a program that cannot print any more ends.
  child.stderr.on('data', (chunk) => {
    if (/port/i.test(String(chunk))) resolve();
  });
  await Promise.race([listening, ended]);
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
