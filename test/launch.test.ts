import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { repositoryRoot } from './support/source-tree.ts';

const launchModule = pathToFileURL(join(repositoryRoot, 'bin', 'launch.js')).href;

/** Starts `program` (JavaScript) by way of the launcher, as Node 20 or as a Node that has execve. */
function launched(program: string, as: 'node20' | 'execve'): ChildProcess {
  const script = [
    as === 'node20' ? 'delete process.execve;' : '',
    `const { launch } = await import(${JSON.stringify(launchModule)});`,
    `await launch({ program: process.execPath, args: ['-e', ${JSON.stringify(program)}] });`,
  ].join('\n');
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, SIGNALBOX_LAUNCHER_FD: 'inherited' },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function* linesOf(child: ChildProcess): AsyncGenerator<string> {
  if (child.stdout) yield* createInterface(child.stdout);
}

async function nextLine(lines: AsyncGenerator<string>): Promise<string> {
  const { value } = await lines.next();
  return String(value);
}

const staysUntilLauncherIsGone = `
  const launcher = new (require('node:net').Socket)({ fd: Number(process.env.SIGNALBOX_LAUNCHER_FD) });
  launcher.on('close', () => { console.log('launcher gone'); process.exit(); }).resume();
  process.on('SIGTERM', () => { console.log('SIGTERM'); process.exit(7); });
  console.log('up');
`;

describe.each(['node20', 'execve'] as const)('launched as %s, a program', (as) => {
  test('has the terminal, and its exit code becomes the launcher’s', async () => {
    const child = launched("process.stdin.on('data', (d) => process.exit(Number(d)));", as);
    child.stdin?.end('42');
    expect(await once(child, 'exit')).toEqual([42, null]);
  });

  test('that dies of a signal ends the launcher by the same', async () => {
    const child = launched(
      "process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000);",
      as,
    );
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
  });

  test('gets the SIGTERM sent to the launcher, and decides how to end', async () => {
    const program = `process.on('SIGTERM', () => process.exit(7)); console.log('up'); setInterval(() => {}, 1000);`;
    const child = launched(program, as);
    expect(await nextLine(linesOf(child))).toBe('up');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([7, null]);
  });
});

test('a Node that can exec leaves no second process behind', async () => {
  const child = launched('console.log(process.pid, process.env.SIGNALBOX_LAUNCHER_FD)', 'execve');
  expect(await nextLine(linesOf(child))).toBe(`${child.pid} undefined`);
});

test('a program notices that its launcher was killed', async () => {
  const child = launched(staysUntilLauncherIsGone, 'node20');
  const lines = linesOf(child);
  expect(await nextLine(lines)).toBe('up');
  child.kill('SIGKILL');
  expect(await nextLine(lines)).toBe('launcher gone');
});

test('a program that cannot be started is named', async () => {
  const script = `delete process.execve;
    const { launch } = await import(${JSON.stringify(launchModule)});
    await launch({ program: '/nowhere/node', args: [] });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said: string[] = [];
  child.stderr.on('data', (chunk) => said.push(String(chunk)));
  expect(await once(child, 'close')).toEqual([126, null]);
  expect(said.join('')).toContain('cannot start /nowhere/node');
});
