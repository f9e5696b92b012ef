import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  codeOf,
  type EscapeWorld,
  env,
  escapedIn,
  isRoot,
  openEscapeWorld,
} from '../../../test/support/escape-world.ts';
import { isOnPath } from '../../../test/support/machine.ts';
import { requires } from '../../../test/support/requires.ts';
import { jailBombs, javascriptBombs } from './bombs.ts';
import { jailResults, javascriptResults, pythonResults } from './results.ts';
import { readTool } from './run-attempts.ts';

// The attempts outside of a sandbox, where one of each class must succeed: what fails everywhere shows nothing.

let world: EscapeWorld;
beforeAll(async () => {
  world = await openEscapeWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

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
      const args = ['-c', await readTool(codeOf.python), JSON.stringify(world.parameters)];
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
    const args = ['--no-warnings', '-e', `${code};${print}`, JSON.stringify(world.parameters)];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env });
    const attempts = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, string>;
    expectControls(attempts, classes.javascript);
    expect(Object.keys(attempts).length).toBeGreaterThanOrEqual(65);
  });
});

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
