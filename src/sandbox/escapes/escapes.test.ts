import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDnsServer } from '../../../test/support/dns-server.ts';
import { isOnPath, isOpenToAll } from '../../../test/support/machine.ts';
import { requires } from '../../../test/support/requires.ts';
import type { SandboxBackend, SandboxOutcome } from '../../core/sandbox.ts';
import { probeSandbox } from '../probe-sandbox.ts';
import { jailBombs, javascriptBombs } from './bombs.ts';
import { descendantsOf, isAlive, until } from './processes.ts';
import { jailResults, javascriptResults, pythonResults, type ResultAttempt } from './results.ts';
import { type Attempted, type Attempts, readTool } from './run-attempts.ts';

// Tools that try to get out, as every user that the server may run as. The attempts are also made outside of a
// sandbox, where one of each class must succeed: what fails everywhere shows nothing.

const program = fileURLToPath(new URL('run-attempts.ts', import.meta.url));
const isRoot = process.getuid?.() === 0;
/** Files that make one program together. */
const codeOf = { python: 'system-calls.py attempts.py', javascript: 'attempts.js published.js' };
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
  world = {
    secret_file: secretFile,
    secret_variable: 'SIGNALBOX_TEST_SECRET',
    outside: directory,
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    dns_port: Number(dns.address.split(':')[1]),
    socket_path: socketPath,
    abstract_name: abstractName,
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
): Promise<Attempted['outcomes']> {
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

function attemptsOf(outcome: SandboxOutcome | undefined): Record<string, string> {
  if (!outcome?.ok) throw new Error(JSON.stringify(outcome));
  return (JSON.parse(outcome.resultJson) as { rawData: Record<string, string> }).rawData;
}

function escapedIn(attempts: Record<string, string>): readonly string[] {
  return Object.entries(attempts)
    .filter(([, outcome]) => !outcome.startsWith('held: '))
    .map(([name, outcome]) => `${name} ${outcome}`);
}

/** What is asked of both backends, by class: each has a control that succeeds outside. */
const classes = {
  python: [
    ...['host files', 'symlinks', 'environment', 'processes', 'signals', 'ptrace'],
    ...['writing outside', 'sockets', 'dns', 'namespaces', 'mount', 'bpf', 'io_uring', 'keyrings'],
    ...['/proc/self/exe', 'fork', 'daemons', 'memory', 'native code', 'identity', 'machine'],
  ],
  javascript: [
    ...['host files', 'symlinks', 'writing outside', 'environment', 'processes', 'signals'],
    ...['/proc/self/exe', 'identity', 'sockets', 'dns', 'fork', 'daemons', 'native code'],
    ...['vm2', 'n8n', 'Flowise', 'node', 'jailed', 'Pyodide'],
  ],
} as const;
/** Classes that nobody but root succeeds in, on most machines. */
const ofRoot = new Set(['bpf', 'mount']);

const classOf = (attempt: string) => attempt.split(':')[0] ?? '';

function expectControls(attempts: Record<string, string>, wanted: readonly string[]): void {
  const escaped = escapedIn(attempts).map(classOf);
  const expected = wanted.filter((name) => isRoot || !ofRoot.has(name));
  expect(expected.filter((name) => !escaped.includes(name))).toEqual([]);
  expect([...new Set(Object.keys(attempts).map(classOf))].sort()).toEqual([...wanted].sort());
}

describe('outside of a sandbox', () => {
  test(
    'attempts of each class succeed in Python',
    requires(isOnPath('python3'), 'no python3 on PATH'),
    async () => {
      const args = ['-c', await readTool(codeOf.python), JSON.stringify(world)];
      const { stdout } = await promisify(execFile)('python3', args, { env });
      const attempts = JSON.parse(stdout) as Record<string, string>;
      expectControls(attempts, classes.python);
      expect(Object.keys(attempts).length).toBeGreaterThanOrEqual(100);
    },
  );

  test('attempts of each class succeed in JavaScript', async () => {
    const code = await readTool(codeOf.javascript);
    const print = `main(JSON.parse(process.argv[1])).then((r) => {
      console.log(JSON.stringify(r.rawData));
      process.exit();
    })`;
    const args = ['--no-warnings', '-e', `${code};${print}`, JSON.stringify(world)];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env });
    const attempts = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, string>;
    expectControls(attempts, classes.javascript);
    expect(Object.keys(attempts).length).toBeGreaterThanOrEqual(65);
  });
});

/** They open, of a network that is the call's own: nothing else is there. */
const openWithGrant = ['sockets: inspector', 'sockets: listen'];

function expectHeld(attempts: Record<string, string>, network: readonly string[]): void {
  const mayOpen = network.length === 0 ? [] : openWithGrant;
  const names = escapedIn(attempts).filter(
    (line) => !mayOpen.some((name) => line.startsWith(name)),
  );
  expect(names).toEqual([]);
}

function expectEnds(outcomes: Attempted['outcomes'], wanted: readonly ResultAttempt[]): void {
  const ended = ({ name }: ResultAttempt) => {
    const outcome = outcomes[name];
    return outcome?.ok ? 'ok' : (outcome?.failure ?? 'nothing');
  };
  const wrong = wanted
    .filter((attempt) => !attempt.ends.includes(ended(attempt) as 'ok'))
    .map((attempt) => [attempt.name, ended(attempt), outcomes[attempt.name]]);
  expect(wrong).toEqual([]);
}

const numberIn = (outcome: SandboxOutcome | undefined) =>
  outcome?.ok ? Number.parseInt(outcome.message, 10) : Number.NaN;

test('there are at least 120 attempts on each backend', async () => {
  const count = async (name: string) =>
    [...(await readTool(name)).matchAll(/^ +\(?f?['"][\w/]+: /gm)].length;
  const [python, javascript, through] = await Promise.all(
    [codeOf.python, codeOf.javascript, 'through-javascript.py'].map(count),
  );
  const results = javascriptResults.length + pythonResults.length;
  const [inJail, inDeno] = [jailResults.length + jailBombs.length, javascriptBombs.length];
  expect((python ?? 0) + (javascript ?? 0) + results + inJail).toBeGreaterThanOrEqual(120);
  expect((javascript ?? 0) + (through ?? 0) + results + inDeno).toBeGreaterThanOrEqual(120);
});

describe.skipIf(probes.get('jail') !== null).each(identities)('jail as %s', (identity) => {
  test.each([
    ['reaches nothing', []],
    ['may reach a host', ['api.example.com']],
  ])('holds every attempt of a call that %s', { timeout: 60_000 }, async (_, network) => {
    const tools = [
      { name: 'python', language: 'python', code: codeOf.python, parameters: world },
      {
        name: 'javascript',
        language: 'javascript',
        code: codeOf.javascript,
        parameters: world,
        memoryMb: 512,
      },
    ] as const;
    const outcomes = await attempt('jail', identity, tools, network);
    expectHeld(attemptsOf(outcomes.python), network);
    expectHeld(attemptsOf(outcomes.javascript), network);
  });

  test('holds bombs of disk, files, threads and memory', { timeout: 90_000 }, async () => {
    const outcomes = await attempt('jail', identity, jailBombs);
    const ended = (name: string) => outcomes[name];
    const said = (message: RegExp) => ({ ok: true, message: expect.stringMatching(message) });
    expect(ended('disk')).toMatchObject(said(/^(5\d|6\d) MiB, then .*No space/));
    for (const name of ['threads', 'descriptors', 'timers', 'sentDescriptors']) {
      expect(ended(name), name).toMatchObject(said(/^\d{1,3}, then/));
    }
    for (const name of ['files', 'folders', 'links', 'symlinks', 'filesInJavascript']) {
      expect(ended(name), name).toMatchObject(said(/^\d{1,4} files, then .*no space/i));
    }
    expect(ended('root')).toMatchObject({ ok: true, message: 'read-only kept in /tmp' });
    for (const name of ['readOnlyPages', 'wasm', 'sharedBuffers']) {
      expect(ended(name), name).toMatchObject({ ok: false, failure: 'memory' });
    }
    for (const name of ['flood', 'pythonFlood']) {
      expect(ended(name), name).toMatchObject({ ok: false, failure: 'killed' });
    }
    for (const name of ['stays', 'staysInJavascript']) {
      expect(ended(name), name).toMatchObject({ ok: true, message: 'returned' });
    }
    expect(ended('limits')).toMatchObject({ ok: true, message: 'held' });
    // Its memory_mb is 128; the slack is that of RLIMIT_AS, or none where there is a cgroup.
    const hidden = ended('hiddenInJavascript');
    if (hidden?.ok) expect(numberIn(hidden)).toBeLessThan(2_048);
    else expect(hidden?.failure).toBe('memory');
    expect(ended('workers')?.ok === true || ended('workers')).toBeTruthy();
  });

  test('is not fooled by results that are none, and by leaving without', {
    timeout: 60_000,
  }, async () => {
    const wanted = [...jailResults, ...pythonResults, ...javascriptResults];
    expectEnds(await attempt('jail', identity, wanted), wanted);
  });
});

describe.skipIf(probes.get('deno') !== null).each(identities)('deno as %s', (identity) => {
  test.each([
    ['reaches nothing', []],
    ['may reach a host', ['api.example.com']],
  ])(
    'holds every attempt of a call that %s, also of JavaScript that Python reaches',
    {
      timeout: 120_000,
    },
    async (_, network) => {
      const parameters = world;
      // A Worker reserves half a gigabyte for its code.
      const memoryMb = 1_024;
      const tools = [
        {
          name: 'javascript',
          language: 'javascript',
          code: codeOf.javascript,
          parameters,
          memoryMb,
        },
        { name: 'through', language: 'python', code: 'through-javascript.py', parameters },
      ] as const;
      const outcomes = await attempt('deno', identity, tools, network);
      expectHeld(attemptsOf(outcomes.javascript), []);
      const through = attemptsOf(outcomes.through);
      expectHeld(through, []);
      // The control: JavaScript was reached, and it was Deno that held.
      expect(through['deno: read']).toContain('NotCapable');
    },
  );
});

// What holds these is the same for every user, and Deno takes its time.
describe.skipIf(probes.get('deno') !== null)('deno', () => {
  const [identity = 'this user'] = identities.slice(-1);

  test('holds bombs, and is not fooled by results that are none', {
    timeout: 120_000,
  }, async () => {
    const outcomes = await attempt('deno', identity, [...javascriptBombs, ...javascriptResults]);
    expect(outcomes.wasm).toMatchObject({ ok: false, failure: 'memory' });
    expect(outcomes.sharedBuffers).toMatchObject({ ok: false, failure: 'memory' });
    expect(outcomes.flood).toMatchObject({ ok: false, failure: 'killed' });
    expectEnds(outcomes, javascriptResults);
  });

  test('is not fooled by Python’s results', { timeout: 120_000 }, async () => {
    expectEnds(await attempt('deno', identity, pythonResults), pythonResults);
  });
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
