import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http2';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { createServer as createPortFinder } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as restate from '@restatedev/restate-sdk';
import { HttpClient } from '../../../test/support/http-client.ts';
import { type OpenSubject, requireCount } from '../subject.ts';
import { payload, steps } from '../work.ts';

// Restate keeps its own log and state (RocksDB with its fsync on), not Postgres. The service speaks
// HTTP/2 both ways, as its documentation recommends, and is called through the ingress on loopback.

export const openRestate: OpenSubject = async ({ folder }) => {
  await using undo = new AsyncDisposableStack();
  const service = restate.service({
    name: 'ThreeSteps',
    handlers: {
      run: async (ctx: restate.Context, _given: typeof payload) => {
        await ctx.run('decide', steps.decide);
        await ctx.run('lookUp', steps.lookUp);
        return await ctx.run('respond', steps.respond);
      },
    },
  });
  const handler = restate.createEndpointHandler({ services: [service], logger: () => undefined });
  const endpoint = createServer(handler);
  endpoint.listen(0, '127.0.0.1');
  await once(endpoint, 'listening');
  undo.defer(() => void endpoint.close());
  const [ingressPort, adminPort] = [await freePort(), await freePort()];
  const server = startServer({ folder, ingressPort, adminPort });
  undo.defer(() => stop(server));
  const admin = `http://127.0.0.1:${adminPort}`;
  await untilHealthy([`${admin}/health`, `http://127.0.0.1:${ingressPort}/restate/health`]);
  await register(admin, (endpoint.address() as AddressInfo).port);
  const client = undo.use(new HttpClient(`http://127.0.0.1:${ingressPort}`));
  const body = JSON.stringify(payload);
  const headers = { 'content-type': 'application/json' };
  const owned = undo.move();
  return {
    async run() {
      const { status } = await client.request('POST', '/ThreeSteps/run', headers, body);
      if (status !== 200) throw new Error(`Restate answered ${status}.`);
    },
    async verify(runs) {
      const response = await fetch(`${admin}/query`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({
          query: "SELECT count(*) AS n FROM sys_invocation WHERE status = 'completed'",
        }),
      });
      const { rows } = (await response.json()) as { rows: { n: number }[] };
      requireCount('invocations', rows[0]?.n ?? 0, runs);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};

function startServer(given: {
  readonly folder: string;
  readonly ingressPort: number;
  readonly adminPort: number;
}): ChildProcess {
  const require = createRequire(import.meta.url);
  const binary = require.resolve(
    `@restatedev/restate-server-${process.platform}-${process.arch}/bin/restate-server`,
  );
  return spawn(binary, ['--no-logo', '--listen-mode', 'tcp', '--bind-ip', '127.0.0.1'], {
    cwd: given.folder,
    stdio: ['ignore', 'ignore', 'ignore'],
    env: {
      PATH: process.env.PATH ?? '',
      RESTATE_DISABLE_TELEMETRY: 'true',
      RESTATE_BASE_DIR: join(given.folder, 'restate'),
      RESTATE_LOG_FILTER: 'error',
      RESTATE_USE_RANDOM_PORTS: 'true',
      RESTATE_INGRESS__BIND_ADDRESS: `127.0.0.1:${given.ingressPort}`,
      RESTATE_ADMIN__BIND_ADDRESS: `127.0.0.1:${given.adminPort}`,
    },
  });
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = once(server, 'exit');
  server.kill('SIGKILL');
  await exited;
}

async function freePort(): Promise<number> {
  const finder = createPortFinder().listen(0, '127.0.0.1');
  await once(finder, 'listening');
  const { port } = finder.address() as AddressInfo;
  finder.close();
  return port;
}

async function untilHealthy(urls: readonly string[]): Promise<void> {
  const deadline = performance.now() + 60_000;
  for (const url of urls) {
    for (;;) {
      const response = await fetch(url).catch(() => null);
      if (response?.ok) break;
      if (performance.now() > deadline) throw new Error(`${url} does not answer.`);
      await sleep(50);
    }
  }
}

async function register(admin: string, port: number): Promise<void> {
  const response = await fetch(`${admin}/deployments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ uri: `http://127.0.0.1:${port}` }),
  });
  if (!response.ok) throw new Error(`Restate does not register: ${await response.text()}`);
}
