import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, type TestOptions } from 'vitest';
import type { SandboxBackend, SandboxOutcome } from '../../src/core/sandbox.ts';
import type { ResultAttempt } from '../../src/sandbox/escapes/results.ts';
import type { Attempted, Attempts } from '../../src/sandbox/escapes/run-attempts.ts';
import { probeSandbox } from '../../src/sandbox/probe-sandbox.ts';
import { startDnsServer } from './dns-server.ts';
import { isOpenToAll } from './machine.ts';
import { requires } from './requires.ts';
import { repositoryRoot } from './source-tree.ts';

// What tools that try to get out are after, and how they are run: as every user that the server may run as.

export const program = join(repositoryRoot, 'src/sandbox/escapes/run-attempts.ts');
export const isRoot = process.getuid?.() === 0;
/** Files that make one program together. */
export const codeOf = {
  python: 'system-calls.py attempts.py',
  javascript: 'attempts.js published.js',
};
const nobody = 65534;
export type Identity = 'root' | 'nobody' | 'this user';
// The program of the attempts is the repository's own: below a closed folder nobody else can start it.
const others: readonly Identity[] = isOpenToAll() ? ['nobody'] : [];
export const identities: readonly Identity[] = isRoot ? ['root', ...others] : ['this user'];

export interface EscapeWorld extends AsyncDisposable {
  readonly directory: string;
  /** Where everything is that an attempt is made on. */
  readonly parameters: Readonly<Record<string, string | number>>;
  /** Runs the tools in a sandbox, one after the other, and holds that they left no trace. */
  attempt(given: {
    readonly backend: SandboxBackend;
    readonly identity: Identity;
    readonly tools: Attempts['tools'];
    readonly network?: readonly string[];
  }): Promise<Attempted['outcomes']>;
}

/** Attempts on one backend. */
export interface Escapes extends Pick<EscapeWorld, 'parameters'> {
  /** For `describe`. */
  readonly needs: TestOptions;
  attempt(
    given: Omit<Parameters<EscapeWorld['attempt']>[0], 'backend'>,
  ): ReturnType<EscapeWorld['attempt']>;
}

/** For a test file: opens a world before its first test, and ends it after the last. */
export async function escapesOf(backend: SandboxBackend): Promise<Escapes> {
  const reason = (await probeSandbox([backend]))[0]?.reason ?? null;
  let world: EscapeWorld;
  beforeAll(async () => {
    world = await openEscapeWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());
  return {
    needs: requires(reason === null, `no ${backend}: ${reason}`),
    get parameters() {
      return world.parameters;
    },
    attempt: (given) => world.attempt({ backend, ...given }),
  };
}

/** Files, servers and sockets of the host; they end with it. */
export async function openEscapeWorld(): Promise<EscapeWorld> {
  await using closing = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'signalbox-escape-'));
  closing.defer(() => rm(directory, { recursive: true }));
  await chmod(directory, 0o777);
  const secretFile = join(directory, 'secret');
  await writeFile(secretFile, 'a secret of the host', { mode: 0o644 });
  await writeFile(join(directory, 'module.mjs'), 'export default 1;', { mode: 0o644 });
  await writeFile(join(directory, 'module.cjs'), 'module.exports = 1;', { mode: 0o644 });
  await mkdir(join(directory, 'mount'));
  const web = createHttpServer((_request, response) => response.end('reached'));
  const unix = createServer((socket) => socket.end());
  const abstract = createServer((socket) => socket.end());
  const abstractName = `signalbox-test-${process.pid}`;
  const dns = closing.use(await startDnsServer(() => ['10.0.0.1']));
  const socketPath = join(directory, 'socket');
  web.listen(0, '127.0.0.1');
  unix.listen(socketPath);
  abstract.listen(`\0${abstractName}`);
  await Promise.all([web, unix, abstract].map((server) => once(server, 'listening')));
  await chmod(socketPath, 0o777);
  closing.defer(() => [unix, abstract].forEach((server) => void server.close()));
  closing.defer(() => {
    web.closeAllConnections();
    web.close();
  });
  const address = web.address();
  const parameters = {
    secret_file: secretFile,
    secret_variable: 'SIGNALBOX_TEST_SECRET',
    outside: directory,
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    dns_port: Number(dns.address.split(':')[1]),
    socket_path: socketPath,
    abstract_name: abstractName,
    pid: process.pid,
  };
  const open = closing.move();
  return {
    directory,
    parameters,
    attempt: (given) => attempt({ directory, network: [], ...given }),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

/** Of the processes in which attempts are made. */
export const env = { ...process.env, SIGNALBOX_TEST_SECRET: 'a secret of the server' };

async function attempt({
  directory,
  backend,
  identity,
  tools,
  network,
}: {
  readonly directory: string;
  readonly backend: SandboxBackend;
  readonly identity: Identity;
  readonly tools: Attempts['tools'];
  readonly network: readonly string[];
}): Promise<Attempted['outcomes']> {
  const cacheDir = join(directory, `cache-${backend}-${identity}`);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [program, JSON.stringify({ backend, cacheDir, tools, network } satisfies Attempts)],
    { env, maxBuffer: 1 << 26, ...(identity === 'nobody' ? { uid: nobody, gid: nobody } : {}) },
  );
  const { outcomes, next, polluted, left } = JSON.parse(stdout) as Attempted;
  // The server and the next call are unharmed, and nothing goes on.
  expect({ next: next.map(({ ok }) => ok), polluted, left }).toEqual({
    next: next.map(() => true),
    polluted: [],
    left: 0,
  });
  for (const outcome of Object.values(outcomes)) expectClearError(outcome);
  return outcomes;
}

/** In words for the author of a tool, and with nothing of ours in it. */
function expectClearError(outcome: SandboxOutcome): void {
  if (outcome.ok) return;
  expect(outcome.error).toMatch(/^.{10}/s);
  expect(outcome.error.length).toBeLessThan(17_000);
  expect(outcome.error).not.toMatch(/run-main|runner\.py|runner-|node:internal|\/signalbox\//);
}

export function attemptsOf(outcome: SandboxOutcome | undefined): Record<string, string> {
  if (!outcome?.ok) throw new Error(JSON.stringify(outcome));
  return (JSON.parse(outcome.resultJson) as { rawData: Record<string, string> }).rawData;
}

export function escapedIn(attempts: Record<string, string>): readonly string[] {
  return Object.entries(attempts)
    .filter(([, outcome]) => !outcome.startsWith('held: '))
    .map(([name, outcome]) => `${name} ${outcome}`);
}

/** They open, of a network that is the call's own: nothing else is there. */
const openWithGrant = ['sockets: inspector', 'sockets: listen'];

export function expectHeld(attempts: Record<string, string>, network: readonly string[]): void {
  const mayOpen = network.length === 0 ? [] : openWithGrant;
  const names = escapedIn(attempts).filter(
    (line) => !mayOpen.some((name) => line.startsWith(name)),
  );
  expect(names).toEqual([]);
}

export function expectEnds(
  outcomes: Attempted['outcomes'],
  wanted: readonly ResultAttempt[],
): void {
  const ended = ({ name }: ResultAttempt) => {
    const outcome = outcomes[name];
    return outcome?.ok ? 'ok' : (outcome?.failure ?? 'nothing');
  };
  const wrong = wanted
    .filter((attempt) => !attempt.ends.includes(ended(attempt) as 'ok'))
    .map((attempt) => [attempt.name, ended(attempt), outcomes[attempt.name]]);
  expect(wrong).toEqual([]);
}
