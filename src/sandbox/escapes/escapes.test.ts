import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isOnPath, isOpenToAll } from '../../../test/support/machine.ts';
import { requires } from '../../../test/support/requires.ts';
import type { SandboxBackend, SandboxOutcome } from '../../core/sandbox.ts';
import { probeSandbox } from '../probe-sandbox.ts';
import { jailBombs, pythonThroughJavascript, wasmBomb } from './bombs.ts';
import { descendantsOf, isAlive, until } from './processes.ts';
import type { Attempts } from './run-attempts.ts';

// Tools that try to get out, as every user that the server may run as. Each attempt is also made outside
// of a sandbox, where it must succeed: an attempt that fails everywhere shows nothing.

const program = fileURLToPath(new URL('run-attempts.ts', import.meta.url));
const isRoot = process.getuid?.() === 0;
const nobody = 65534;
type Identity = 'root' | 'nobody' | 'this user';
// The program of the attempts is the repository's own: below a closed folder nobody else can start it.
const others: readonly Identity[] = isOpenToAll() ? ['nobody'] : [];
const identities: readonly Identity[] = isRoot ? ['root', ...others] : ['this user'];
const probes = new Map((await probeSandbox()).map(({ backend, reason }) => [backend, reason]));

let directory: string;
let world: Record<string, string | number>;
const closing = new AsyncDisposableStack();

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'signalbox-escape-'));
  closing.defer(() => rm(directory, { recursive: true }));
  await chmod(directory, 0o777);
  const secretFile = join(directory, 'secret');
  await writeFile(secretFile, 'a secret of the host', { mode: 0o644 });
  await writeFile(join(directory, 'module.mjs'), 'export default 1;', { mode: 0o644 });
  const web = createHttpServer((_request, response) => response.end('reached'));
  const unix = createServer((socket) => socket.end());
  const socketPath = join(directory, 'socket');
  web.listen(0, '127.0.0.1');
  unix.listen(socketPath);
  await Promise.all([once(web, 'listening'), once(unix, 'listening')]);
  await chmod(socketPath, 0o777);
  closing.defer(() => void unix.close());
  closing.defer(() => {
    web.closeAllConnections();
    web.close();
  });
  const address = web.address();
  world = {
    secret_file: secretFile,
    secret_variable: 'SIGNALBOX_TEST_SECRET',
    outside: directory,
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    socket_path: socketPath,
    pid: process.pid,
  };
});
afterAll(() => closing.disposeAsync());

const env = { ...process.env, SIGNALBOX_TEST_SECRET: 'a secret of the server' };

async function attempt(
  backend: SandboxBackend,
  identity: Identity,
  tools: Attempts['tools'],
  network: readonly string[] = [],
): Promise<Record<string, SandboxOutcome>> {
  const cacheDir = join(directory, `cache-${backend}-${identity}`);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [program, JSON.stringify({ backend, cacheDir, tools, network } satisfies Attempts)],
    { env, maxBuffer: 1 << 26, ...(identity === 'nobody' ? { uid: nobody, gid: nobody } : {}) },
  );
  return JSON.parse(stdout) as Record<string, SandboxOutcome>;
}

function attemptsOf(outcome: SandboxOutcome | undefined): Record<string, string> {
  if (!outcome?.ok) throw new Error(JSON.stringify(outcome));
  return (JSON.parse(outcome.resultJson) as { rawData: Record<string, string> }).rawData;
}

function escapedIn(attempts: Record<string, string>): readonly string[] {
  return Object.entries(attempts)
    .filter(([, outcome]) => !outcome.startsWith('held: '))
    .map(([name, outcome]) => `${name} ${outcome}`);
}

describe('outside of a sandbox', () => {
  test(
    'every attempt in Python succeeds',
    requires(isOnPath('python3'), 'no python3 on PATH'),
    async () => {
      const code = fileURLToPath(new URL('attempts.py', import.meta.url));
      const { stdout } = await promisify(execFile)('python3', [code, JSON.stringify(world)], {
        env,
      });
      const attempts = JSON.parse(stdout) as Record<string, string>;
      expect(Object.keys(attempts).length - escapedIn(attempts).length, stdout).toBe(0);
    },
  );

  test('every attempt in JavaScript succeeds', async () => {
    const code = await readFile(new URL('attempts.js', import.meta.url), 'utf8');
    const print =
      'main(JSON.parse(process.argv[1])).then((r) => console.log(JSON.stringify(r.rawData)))';
    const args = ['-e', `${code};${print}`, JSON.stringify(world)];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env });
    const attempts = JSON.parse(stdout) as Record<string, string>;
    expect(Object.keys(attempts).length - escapedIn(attempts).length, stdout).toBe(0);
  });
});

describe.skipIf(probes.get('jail') !== null).each(identities)('jail as %s', (identity) => {
  test.each([
    ['reaches nothing', []],
    ['may reach a host', ['api.example.com']],
  ])('holds every attempt of a call that %s', async (_, network) => {
    const tools = [
      { name: 'python', language: 'python', code: 'attempts.py', parameters: world },
      { name: 'javascript', language: 'javascript', code: 'attempts.js', parameters: world },
    ] as const;
    const outcomes = await attempt('jail', identity, tools, network);
    expect(escapedIn(attemptsOf(outcomes.python))).toEqual([]);
    const { open_inspector: inspector, ...javascript } = attemptsOf(outcomes.javascript);
    expect(escapedIn(javascript)).toEqual([]);
    // With sockets it opens: of the call's own process, on a loopback that nobody else has.
    if (network.length === 0) expect(inspector).toMatch(/^held: /);
  });

  test('holds bombs of disk, threads and memory', async () => {
    const outcomes = await attempt('jail', identity, jailBombs);
    const { disk, threads, root, descriptors, readOnlyPages, wasm, limits } = outcomes;
    expect(disk).toMatchObject({
      ok: true,
      message: expect.stringMatching(/^(5\d|6\d) MiB, then .*No space/),
    });
    expect(threads).toMatchObject({ ok: true, message: expect.stringMatching(/^\d{1,3}, then/) });
    expect(descriptors).toMatchObject({
      ok: true,
      message: expect.stringMatching(/^\d{1,3}, then/),
    });
    expect(root).toMatchObject({ ok: true, message: 'read-only kept in /tmp' });
    expect(readOnlyPages).toMatchObject({ ok: false, failure: 'memory' });
    expect(wasm).toMatchObject({ ok: false, failure: 'memory' });
    expect(limits).toMatchObject({ ok: true, message: 'held' });
  });
});

describe.skipIf(probes.get('deno') !== null).each(identities)('deno as %s', (identity) => {
  test.each([
    ['reaches nothing', []],
    ['may reach a host', ['api.example.com']],
  ])(
    'holds every attempt of a call that %s, also of JavaScript that Python reaches',
    {
      timeout: 90_000,
    },
    async (_, network) => {
      const tools = [
        {
          name: 'javascript',
          language: 'javascript',
          code: 'attempts.js',
          parameters: world,
          // A Worker reserves 128 MiB for its code.
          memoryMb: 512,
        },
        { name: 'python', language: 'python', code: pythonThroughJavascript, parameters: world },
        { name: 'memory', language: 'javascript', code: wasmBomb },
      ] as const;
      const outcomes = await attempt('deno', identity, tools, network);
      expect(escapedIn(attemptsOf(outcomes.javascript))).toEqual([]);
      const through = attemptsOf(outcomes.python);
      expect(escapedIn(through)).toEqual([]);
      // The control: JavaScript was reached, and it was Deno that held.
      expect(through.deno_read).toContain('NotCapable');
      expect(outcomes.memory).toMatchObject({ ok: false, failure: 'memory' });
    },
  );
});

const endless = {
  python: 'import time\ndef main():\n    while True: time.sleep(0.005)',
  javascript: 'async function main() { for (;;) await new Promise((r) => setTimeout(r, 5)); }',
} as const;

describe.each([
  ['jail', 'python', 'zygote.py'],
  ['jail', 'javascript', 'runner-node.mjs'],
  ['deno', 'javascript', 'runner-deno.mjs'],
] as const)('%s with %s', (backend, language, runner) => {
  test.skipIf(probes.get(backend) !== null || process.platform !== 'linux')(
    'leaves no process when the server is killed',
    { timeout: 60_000 },
    async () => {
      const attempts: Attempts = {
        backend,
        cacheDir: join(directory, `cache-${backend}`),
        tools: [{ name: 'endless', language, code: endless[language] }],
      };
      const server = spawn(process.execPath, [program, JSON.stringify(attempts)], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      await once(server.stderr, 'data');
      const started = () => descendantsOf(server.pid ?? 0);
      await until(async () => (await started()).some(({ command }) => command.includes(runner)));
      const before = await started();
      server.kill('SIGKILL');
      await once(server, 'exit');
      await until(async () => (await Promise.all(before.map(isAlive))).every((alive) => !alive));
    },
  );
});
