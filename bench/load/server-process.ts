import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { nodeOptions } from '../../bin/node-options.js';
import type { ServerOrder, ServerState } from './server.ts';

export interface LoadedServer extends AsyncDisposable {
  readonly child: ChildProcess;
  /** The first state it told that is as asked; throws when it ends before. */
  until(isReached: (state: ServerState) => boolean): Promise<ServerState>;
}

export function startServer(order: ServerOrder): LoadedServer {
  const child = fork(join(import.meta.dirname, 'server.ts'), { execArgv: [...nodeOptions] });
  child.send(order);
  return {
    child,
    until: (isReached) =>
      new Promise((resolve, reject) => {
        const onMessage = (message: unknown) => {
          const state = message as ServerState;
          if (isReached(state)) resolve(state);
        };
        child.on('message', onMessage);
        child.once('exit', (code) => reject(new Error(`The server ended with ${code}.`)));
      }),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}
