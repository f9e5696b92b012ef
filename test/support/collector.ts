import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { repositoryRoot } from './source-tree.ts';

// A collector that nobody here wrote: rotel, which `.ci/peers` installs from PyPI. It prints what it took.

const program = findProgram();
export const hasCollector = program !== null;

export interface Collector extends AsyncDisposable {
  readonly endpoint: string;
  /** What it has printed once that fits. */
  until(fits: (printed: string) => boolean): Promise<string>;
}

export async function startCollector(): Promise<Collector> {
  if (program === null) throw new Error('There is no collector.');
  const [http, grpc] = await freePorts();
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-collector-'));
  const child = spawn(
    program,
    [
      ...['start', '--debug-log', 'traces', '--debug-log', 'metrics'],
      ...['--debug-log-verbosity', 'detailed', '--exporter', 'blackhole'],
      ...['--otlp-http-endpoint', `127.0.0.1:${http}`, '--otlp-grpc-endpoint', `127.0.0.1:${grpc}`],
      ...['--pid-file', join(folder, 'pid'), '--log-file', join(folder, 'log')],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH ?? '' } },
  );
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
  }
  const exited = once(child, 'exit');
  const until: Collector['until'] = async (fits) => {
    const deadline = Date.now() + 30_000;
    while (!fits(printed)) {
      if (child.exitCode !== null || Date.now() > deadline) {
        throw new Error(`The collector printed:\n${printed}`);
      }
      await sleep(20);
    }
    return printed;
  };
  const endpoint = `http://127.0.0.1:${http}`;
  while ((await fetch(endpoint).catch(() => null)) === null) {
    if (child.exitCode !== null) throw new Error(`The collector ended:\n${printed}`);
    await sleep(20);
  }
  return {
    endpoint,
    until,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function findProgram(): string | null {
  const lib = join(repositoryRoot, '.cache', 'peers', 'venv', 'lib');
  try {
    const [python = ''] = readdirSync(lib);
    const packages = join(lib, python, 'site-packages', 'rotel');
    return readdirSync(packages).includes('rotel-agent') ? join(packages, 'rotel-agent') : null;
  } catch {
    return null;
  }
}

async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()];
  const ports = [];
  for (const server of servers) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    ports.push(typeof address === 'object' && address !== null ? address.port : 0);
  }
  for (const server of servers) {
    server.close();
    await once(server, 'close');
  }
  return [ports[0] ?? 0, ports[1] ?? 0];
}
