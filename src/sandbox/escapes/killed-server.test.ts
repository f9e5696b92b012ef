import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { program } from '../../../test/support/escape-world.ts';
import { requires } from '../../../test/support/requires.ts';
import { probeSandbox } from '../probe-sandbox.ts';
import { descendantsOf, isAlive, until } from './processes.ts';
import type { Attempts } from './run-attempts.ts';

const probes = new Map((await probeSandbox()).map(({ backend, reason }) => [backend, reason]));

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'signalbox-escape-'));
});
afterAll(() => rm(directory, { recursive: true }));

const endless = {
  python: 'import time\ndef main():\n    while True: time.sleep(0.005)',
  javascript: 'async function main() { for (;;) await new Promise((r) => setTimeout(r, 5)); }',
} as const;

describe.each([
  ['jail', 'python', 'zygote.py'],
  ['jail', 'javascript', 'runner-node.mjs'],
  ['deno', 'javascript', 'runner-deno.mjs'],
] as const)('%s with %s', (backend, language, runner) => {
  const reason =
    process.platform === 'linux' ? probes.get(backend) : 'only Linux has its processes';
  test('leaves no process when the server is killed', {
    ...requires(reason === null, `no ${backend}: ${reason}`),
    timeout: 120_000,
  }, async () => {
    const attempts: Attempts = {
      backend,
      cacheDir: join(directory, backend),
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
  });
});
