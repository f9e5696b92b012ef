import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { S3Settings } from '../../src/core/object-store.ts';
import { repositoryRoot } from './source-tree.ts';

// An S3-compatible server that nobody here wrote: versitygw, which `.ci/peers` builds from the Go modules.

const program = join(repositoryRoot, '.cache', 'peers', 'bin', 'versitygw');
export const hasS3Server = existsSync(program);

export interface S3Server extends AsyncDisposable {
  readonly settings: S3Settings;
  /** The bucket's folder: each object is a file in it. */
  readonly folder: string;
}

/** A server with an empty bucket. */
export async function startS3Server(): Promise<S3Server> {
  const root = mkdtempSync(join(tmpdir(), 'signalbox-s3-'));
  const folder = join(root, 'data', 'outputs-of-runs');
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'a secret of the tests' };
  const child = spawn(
    program,
    ['--port', `127.0.0.1:${port}`, '--quiet', 'posix', '--nometa', join(root, 'data')],
    {
      stdio: 'ignore',
      env: {
        PATH: process.env.PATH ?? '',
        ROOT_ACCESS_KEY: credentials.accessKeyId,
        ROOT_SECRET_KEY: credentials.secretAccessKey,
      },
    },
  );
  const exited = once(child, 'exit');
  const endpoint = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + 30_000;
  while ((await fetch(endpoint).catch(() => null)) === null) {
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error('versitygw did not start');
    await sleep(50);
  }
  return {
    settings: {
      ...{ bucket: 'outputs-of-runs', endpoint, region: 'us-east-1', prefix: 'signalbox/' },
      ...credentials,
    },
    folder,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await exited;
      rmSync(root, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
