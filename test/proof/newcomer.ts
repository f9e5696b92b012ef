import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readPage } from '../docs/snippets.ts';
import { fakeApiKey, startFakeProvider } from '../support/fake-provider.ts';
import type { FakeAnswer, JsonBody } from '../support/fake-wire.ts';
import { freePort } from '../support/free-port.ts';
import { repositoryRoot } from '../support/source-tree.ts';

// The quick start as a newcomer has it: its commands, one after the other in one shell, in an empty folder, and its
// files as they stand there. Only the provider is one of ours, which does what a model would.

export interface NewcomerFigures {
  readonly commands: number;
  /** Of each command, in order. */
  readonly seconds: readonly number[];
  readonly totalSeconds: number;
  /** 0: the webhook was answered with what the tool says. */
  readonly wrongAnswers: number;
  readonly failedCases: number;
  readonly failedCommands: number;
  readonly output: string;
}

/** `installed`: the packages are those of this tree, and there is no dashboard; else everything is as it comes. */
export async function playNewcomer(given: {
  readonly installed: boolean;
  readonly timeoutMs: number;
}): Promise<NewcomerFigures> {
  const page = readPage(readFileSync(join(repositoryRoot, 'docs', 'quick-start.md'), 'utf8'));
  const commands = page.newcomer.trim().split('\n');
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-newcomer-'));
  await using provider = await startFakeProvider({ answers: ({ body }) => answer(body) });
  try {
    const files = join(folder, 'files');
    for (const [file, text] of page.files) {
      mkdirSync(dirname(join(files, file)), { recursive: true });
      writeFileSync(join(files, file), text);
    }
    const ran = await runScript(scriptOf(commands, files), {
      cwd: folder,
      timeoutMs: given.timeoutMs,
      env: {
        // The shell's own Node and npm: those of this tree are found by the program.
        PATH: process.env.PATH ?? '',
        HOME: folder,
        npm_config_cache: process.env.npm_config_cache ?? join(homeOf(), '.npm'),
        PORT: String(await freePort()),
        SIGNALBOX_REPOSITORY: repositoryRoot,
        SIGNALBOX_NO_APT: '1',
        OPENAI_API_KEY: fakeApiKey,
        OPENAI_BASE_URL: `${provider.url}/v1`,
        ...(given.installed && {
          GIT_TEMPLATE_DIR: templateWithPackages(folder),
          NODE_COMPILE_CACHE: join(folder, 'compiled'),
        }),
      },
    });
    const times = [...ran.output.matchAll(/^@@ (\d+) ([\d.]+)$/gm)].map(([, , at]) => Number(at));
    const seconds = times.slice(1).map((at, index) => at - (times[index] ?? at));
    const junit = join(folder, 'signalbox', 'report.xml');
    return {
      commands: commands.length,
      seconds: seconds.map((each) => Math.round(each * 10) / 10),
      totalSeconds: Math.round(((times.at(-1) ?? 0) - (times[0] ?? 0)) * 10) / 10,
      wrongAnswers: /"response":\s*"We are open: 10 to 16\."/.test(ran.output) ? 0 : 1,
      failedCases: existsSync(junit) && /failures="0"/.test(readFileSync(junit, 'utf8')) ? 0 : 1,
      failedCommands: commands.length - seconds.length,
      output: ran.output,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The commands with the time before each; what an editor writes is there after the first. */
function scriptOf(commands: readonly string[], files: string): string {
  const stamp = (index: number) => `printf '\\n@@ %s %s\\n' ${index} "$EPOCHREALTIME"`;
  return [
    'set -euo pipefail',
    ...commands.flatMap((command, index) => [
      stamp(index),
      command,
      ...(index === 0 ? [`cp -R '${files}/.' .`] : []),
    ]),
    stamp(commands.length),
  ].join('\n');
}

async function runScript(
  script: string,
  options: {
    readonly cwd: string;
    readonly env: Record<string, string>;
    readonly timeoutMs: number;
  },
): Promise<{ readonly output: string }> {
  const { cwd, env, timeoutMs } = options;
  const child = spawn('bash', ['--norc', '-c', script], { cwd, env, detached: true });
  const pid = child.pid ?? 0;
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), timeoutMs);
  try {
    await once(child, 'exit');
  } finally {
    clearTimeout(timer);
    await stopGroup(pid);
  }
  const log = join(cwd, 'signalbox', 'server.log');
  return {
    output: existsSync(log) ? `${output}\n${readFileSync(log, 'utf8').slice(0, 4_000)}` : output,
  };
}

/** The server stays when the shell has gone: it is asked to stop, and waited for. */
async function stopGroup(pid: number): Promise<void> {
  const until = Date.now() + 30_000;
  signalGroup(pid, 'SIGTERM');
  while (signalGroup(pid, 0)) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    if (Date.now() > until) signalGroup(pid, 'SIGKILL');
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** What git puts into a clone: a hook that takes the packages from here, and the dashboard's build out. */
function templateWithPackages(folder: string): string {
  const hook = join(folder, 'template', 'hooks', 'post-checkout');
  mkdirSync(dirname(hook), { recursive: true });
  const link = `ln -s '${join(repositoryRoot, 'node_modules')}' node_modules`;
  writeFileSync(hook, `#!/bin/sh\n${link} && rm -rf web\n`);
  chmodSync(hook, 0o755);
  return join(folder, 'template');
}

function homeOf(): string {
  return process.env.HOME ?? tmpdir();
}

/** Looks the hours up, then says them. */
function answer(body: JsonBody): FakeAnswer {
  const text = JSON.stringify(body);
  const day = /Saturday/i.test(text) ? 'Saturday' : 'Sunday';
  const found = /(10 to 16|closed|9 to 18)(?![^"]*def main)/.exec(
    /function_call_output[\s\S]*$|"role":"tool"[\s\S]*$/.exec(text)?.[0] ?? '',
  )?.[1];
  if (found === undefined) {
    return { toolCalls: [{ name: 'opening-hours', arguments: { day } }] };
  }
  const response = `We are open: ${found}.`;
  const args = { disposition: 'resolved', disposition_reason: 'told', response, reflection: '' };
  return { toolCalls: [{ name: 'finish', arguments: args }] };
}
