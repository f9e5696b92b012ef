import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { requires } from './requires.ts';
import { hasTemporalPackage } from './temporal-server.ts';

/** A file with the classpath of Temporal's server for tests. */
const classpath = process.env.SIGNALBOX_TEMPORAL_TIME_SERVER ?? '';

/** For `describe`: `.ci/temporal` fetches the server and installs the package. */
export const needsSkippedTime = requires(
  existsSync(classpath) && hasTemporalPackage,
  'no Temporal server that skips time is given by SIGNALBOX_TEMPORAL_TIME_SERVER: bash .ci/temporal fetches it',
);

/** Temporal's own server for tests: all in memory, and its time passes when it is told to. */
export async function startTimeSkippingServer(): Promise<
  AsyncDisposable & { readonly address: string }
> {
  const port = await freePort();
  const args = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];
  const server = spawn(
    'java',
    [
      ...args,
      '-cp',
      readFileSync(classpath, 'utf8'),
      'io.temporal.testserver.TestServer',
      `${port}`,
    ],
    { stdio: 'ignore' },
  );
  const exited = once(server, 'exit');
  await using undo = new AsyncDisposableStack();
  undo.defer(async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill('SIGKILL');
    await exited;
  });
  const deadline = performance.now() + 60_000;
  while (!(await accepts(port))) {
    if (server.exitCode !== null) throw new Error('The Temporal server has ended.');
    if (performance.now() > deadline) throw new Error('The Temporal server does not answer.');
    await sleep(50);
  }
  const owned = undo.move();
  return {
    address: `127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function accepts(port: number): Promise<boolean> {
  const socket = createConnection(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
