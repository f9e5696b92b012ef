import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { nodeOptions } from '../../bin/node-options.js';
import { compiledOnce } from './compiled.ts';
import { repositoryRoot } from './source-tree.ts';

export const testAdminToken = 'capi_test_admin_token_0123456789';

export interface ServerProcess extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  /** What it wrote to stderr so far. */
  readonly stderr: () => string;
  /** All it wrote, to stdout and stderr. */
  readonly output: () => string;
  /** SIGKILL to its whole process group, as a machine's out-of-memory killer or an operator would. */
  killGroup(): Promise<void>;
  /** Any request to `/v1` or `/public-api` with the admin token; the parsed body. */
  call<T>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer<T>>;
}

export interface Answer<T> {
  readonly status: number;
  readonly body: T;
  readonly headers: Headers;
}

/** A real server in a process group of its own. Resolves when it listens; rejects with its stderr. */
export async function startServerProcess(given: {
  readonly dataDir: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Of `start`. */
  readonly args?: readonly string[];
  /** Of the program; default this repository. */
  readonly root?: string;
}): Promise<ServerProcess> {
  const main = join(given.root ?? repositoryRoot, 'src', 'main.ts');
  const child = spawn(process.execPath, [...nodeOptions, main, 'start', ...(given.args ?? [])], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH ?? '',
      HOME: given.dataDir,
      PORT: '0',
      SIGNALBOX_DATA_DIR: given.dataDir,
      SIGNALBOX_ADMIN_TOKEN: testAdminToken,
      SIGNALBOX_LOG_LEVEL: 'warn',
      SIGNALBOX_RATE_LIMIT: '0',
      ...compiledOnce,
      ...given.env,
    },
  });
  let stderr = '';
  const written: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => written.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => {
    written.push(chunk);
    stderr = (stderr + chunk.toString()).slice(-20_000);
  });
  const token = given.env?.SIGNALBOX_ADMIN_TOKEN ?? testAdminToken;
  const url = await listening(child, () => stderr);
  const pid = child.pid ?? 0;
  const exited = once(child, 'exit');
  return {
    url,
    pid,
    stderr: () => stderr,
    output: () => Buffer.concat(written).toString(),
    async killGroup() {
      if (child.exitCode === null && child.signalCode === null) process.kill(-pid, 'SIGKILL');
      await exited;
    },
    call: (method, path, body, headers) => callApi({ url, token, method, path, body, headers }),
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await exited;
    },
  };
}

async function listening(child: ChildProcess, stderr: () => string): Promise<string> {
  let stdout = '';
  return await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      const url = /listening on (http:\S+)/.exec(stdout)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once('exit', (code) => reject(new Error(`The server ended with ${code}:\n${stderr()}`)));
    child.once('error', reject);
  });
}

async function callApi<T>(request: {
  readonly url: string;
  readonly token: string;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string> | undefined;
}): Promise<Answer<T>> {
  const response = await fetch(request.url + request.path, {
    method: request.method,
    headers: {
      authorization: `Bearer ${request.token}`,
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...request.headers,
    },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text === '' ? null : JSON.parse(text)) as T,
  };
}
