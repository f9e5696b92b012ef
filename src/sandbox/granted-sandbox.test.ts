import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { startServices } from '../../test/support/egress.ts';
import {
  attempts,
  clients,
  showing,
  telling,
  throwing,
  throwingSecret,
} from '../../test/support/granted-code.ts';
import { codeIn, openOrReason } from '../../test/support/real-sandbox.ts';
import { requires } from '../../test/support/requires.ts';
import { SandboxUnavailable, sandboxBackends } from '../core/sandbox.ts';

// What a call is given and what comes back of it, asked of each backend that this machine has, with real
// services behind the real proxy.

const cacheDir = await mkdtemp(join(tmpdir(), 'signalbox-test-'));
const services = await startServices();
const { http, https } = services;
const options = { cacheDir, maxCalls: 4 };
const granting = { ...options, egress: services.egress };
afterAll(async () => {
  await services[Symbol.asyncDispose]();
  await rm(cacheDir, { recursive: true });
});

const allowed = [`api.test:${http}`, `api.test:${https}`, `evil.test:${http}`];

for (const backend of sandboxBackends) {
  const opened = await openOrReason({ ...granting, choice: backend });
  const reason = typeof opened === 'string' ? opened : null;
  describe.skipIf(reason !== null)(`${backend}${reason === null ? '' : ` (${reason})`}`, () => {
    if (typeof opened === 'string') return;
    const sandbox = opened;
    afterAll(() => sandbox[Symbol.asyncDispose]());
    const run = codeIn(sandbox);

    describe.each(['javascript', 'python'] as const)('%s', (language) => {
      test('reaches allowed hosts over HTTP and HTTPS by its usual client, and nothing else', {
        timeout: 60_000,
      }, async () => {
        const urls = [
          `http://api.test:${http}/a?b=c`,
          `https://api.test:${https}/s`,
          `http://api.test:${http}/redirect?to=${encodeURIComponent(`https://api.test:${https}/end`)}`,
          `http://api.test:${http}/redirect?to=${encodeURIComponent('http://169.254.169.254/')}`,
          `https://other.test:${https}/`,
          `http://evil.test:${http}/`,
          `http://127.0.0.1:${http}/`,
        ];
        const outcome = await run(language, clients[language](urls), { network: allowed });
        expect(outcome).toMatchObject({ ok: true });
        if (!outcome.ok) return;
        const answers = (JSON.parse(outcome.resultJson) as { rawData: string[] }).rawData;
        expect(answers.slice(0, 3)).toEqual([
          expect.stringContaining(`"scheme":"http","host":"api.test:${http}","url":"/a?b=c"`),
          expect.stringContaining(`"scheme":"https","host":"api.test:${https}","url":"/s"`),
          expect.stringContaining('"scheme":"https","host":"api.test'),
        ]);
        for (const answer of answers.slice(3)) expect(answer).not.toContain('scheme');
        const connections = outcome.connections ?? [];
        const seen = connections.map(({ host, port, outcome: how }) => `${host}:${port} ${how}`);
        // Clients keep connections for the next request to the same host.
        expect(new Set(seen.filter((line) => line.endsWith(' connected')))).toEqual(
          new Set([`api.test:${http} connected`, `api.test:${https} connected`]),
        );
        expect(seen.filter((line) => !line.endsWith(' connected'))).toEqual([
          '169.254.169.254:80 refused',
          `other.test:${https} refused`,
          `evil.test:${http} refused`,
          `127.0.0.1:${http} refused`,
        ]);
        expect(connections[1]).toMatchObject({ address: '127.0.0.1', reason: null });
        expect(connections[1]?.sentBytes).toBeGreaterThan(100);
      });

      test('has no way to a host without a grant, and none past the proxy with one', {
        timeout: 60_000,
      }, async () => {
        const code = clients[language]([`http://api.test:${http}/`]);
        const without = await run(language, code);
        expect(JSON.stringify(without)).not.toContain('scheme');
        expect(without).not.toHaveProperty('connections');
        const before = services.arrived.length;
        // Pyodide's sockets have nothing behind them, and wait for it.
        const patience = { network: allowed, timeoutMs: 8_000 };
        const direct = await run(language, attempts[language](http), patience);
        expect(direct.ok ? JSON.parse(direct.resultJson).rawData : []).toEqual([]);
        expect(backend === 'deno' || direct.ok).toBe(true);
        expect(services.arrived).toHaveLength(before);
      });

      test('is cut off from the proxy when it ends, and says why it was refused', {
        timeout: 60_000,
      }, async () => {
        const hanging = await run(language, clients[language]([`http://api.test:${http}/hang`]), {
          network: allowed,
          timeoutMs: 1_500,
        });
        expect(hanging).toMatchObject({
          ok: false,
          failure: 'timeout',
          connections: [{ outcome: 'connected' }],
        });
        const refused = await run(language, throwing[language](`https://other.test:${https}/`), {
          network: allowed,
        });
        expect(refused).toMatchObject({
          ok: false,
          failure: 'threw',
          error: expect.stringContaining('other.test is not in the tool'),
        });
      });

      test('is given the secrets of its call alone, and they are masked in all that comes back', {
        timeout: 60_000,
      }, async () => {
        const secrets = { API_KEY: 'kéy "with" odd/chars', TOKEN: 'abcdefgh12345678' };
        const outcome = await run(language, showing[language], { secrets });
        expect(outcome).toMatchObject({ ok: true, message: 'is [secret API_KEY]' });
        const text = JSON.stringify(outcome);
        for (const value of ['kéy', 'odd/chars', 'abcdefgh', 'YWJjZGVmZ2gx'])
          expect(text).not.toContain(value);
        expect(outcome.logs).toContain('printed [secret TOKEN]');
        expect(outcome.ok && JSON.parse(outcome.resultJson).rawData).toEqual({
          names: ['API_KEY', 'TOKEN'],
          lengths: [secrets.API_KEY.length, 16],
          environment: false,
        });
        const failed = await run(language, throwingSecret[language], { secrets });
        expect(failed).toMatchObject({
          ok: false,
          error: expect.stringContaining('[secret TOKEN]'),
        });
        expect(JSON.stringify(failed)).not.toContain('abcdefgh');
      });

      test('of two workspaces, at the same time, never has the secrets of the other', {
        timeout: 120_000,
      }, async () => {
        const call = async (n: number) => {
          const own = `value-of-workspace-${n % 2}-${n}`;
          const secrets = { [`KEY_${n % 2}`]: own };
          const outcome = await run(language, telling[language], { secrets });
          expect(outcome).toMatchObject({ ok: true });
          const found = outcome.ok ? JSON.parse(outcome.resultJson).rawData : null;
          expect(found).toEqual([[`KEY_${n % 2}`, own.length, [...own].reverse().join('')]]);
        };
        for (let n = 0; n < 20; n += 4) {
          await Promise.all([n, n + 1, n + 2, n + 3].map(call));
        }
      });
    });

    const ofDeno = requires(
      backend === 'deno',
      'pyfetch is Pyodide’s own, which is under Deno only',
    );
    test('pyfetch is led through the proxy as well', ofDeno, async () => {
      const urls = [
        `http://api.test:${http}/p`,
        `https://api.test:${https}/q`,
        `http://127.0.0.1:${http}/`,
        'http://169.254.169.254/latest/meta-data/',
      ];
      const code = `
from pyodide.http import pyfetch
async def main():
    answers = []
    for url in ${JSON.stringify(urls)}:
        try:
            answers.append(await (await pyfetch(url)).string())
        except Exception as error:
            answers.append(repr(error))
    return {"message": "", "rawData": answers}`;
      const outcome = await run('python', code, { network: allowed });
      const answers = outcome.ok ? JSON.parse(outcome.resultJson).rawData : [outcome.error];
      expect(answers).toEqual([
        expect.stringContaining('"scheme":"http"'),
        expect.stringContaining('"scheme":"https"'),
        expect.stringContaining('is an address'),
        expect.stringContaining('is an address'),
      ]);
      expect(outcome.connections?.map(({ outcome: how }) => how)).toEqual([
        'connected',
        'connected',
        'refused',
        'refused',
      ]);
    });

    test('says that the network is there', () => {
      expect(sandbox.runtimes().map(({ network }) => network)).toEqual([true, true]);
    });
  });
}

test('a sandbox without a proxy refuses calls that name hosts', async () => {
  const inner = await openOrReason({ ...options, choice: 'jail' }).then((one) =>
    typeof one === 'string' ? openOrReason({ ...options, choice: 'deno' }) : one,
  );
  if (typeof inner === 'string') return;
  await using sandbox = inner;
  const call = {
    language: 'javascript',
    code: 'async function main() {}',
    parametersJson: '{}',
  } as const;
  const running = sandbox.run({
    ...call,
    timeoutMs: 1_000,
    memoryMb: 64,
    key: 'k',
    network: ['a.example'],
  });
  await expect(running).rejects.toThrow(SandboxUnavailable);
});

test('a jail with a grant reaches neither the network of the machine nor its abstract sockets', async () => {
  const service = createServer((socket) => socket.end('reached'));
  service.listen('\0signalbox-test-abstract');
  await once(service, 'listening');
  const opened = await openOrReason({ ...granting, choice: 'jail' });
  if (typeof opened === 'string') return void service.close();
  await using sandbox = opened;
  const code = `
import socket
def main():
    found = []
    def attempt(name, act):
        try:
            act()
            found.append(name)
        except OSError:
            pass
    attempt("abstract", lambda: socket.socket(socket.AF_UNIX).connect("\\0signalbox-test-abstract"))
    for kind in (socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
        attempt(f"inet {kind}", lambda: socket.socket(socket.AF_INET, kind))
        attempt(f"unix {kind}", lambda: socket.socket(socket.AF_UNIX, kind))
    for family in (socket.AF_INET6, 16, 17, 38, 40, 29, 44):
        attempt(f"family {family}", lambda: socket.socket(family, socket.SOCK_STREAM))
    attempt("mptcp", lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262))
    attempt("sctp", lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM, 132))
    attempt("ulp", lambda: socket.socket(socket.AF_INET).setsockopt(6, 31, b"tls"))
    attempt("filter", lambda: socket.socket(socket.AF_INET).setsockopt(1, 26, bytes(16)))
    attempt("ip option", lambda: socket.socket(socket.AF_INET).setsockopt(0, 4, bytes(4)))
    return {"message": "", "rawData": found}`;
  const outcome = await sandbox.run({
    language: 'python',
    code,
    parametersJson: '{}',
    timeoutMs: 10_000,
    memoryMb: 64,
    key: 'k',
    network: allowed,
  });
  expect(outcome.ok ? JSON.parse(outcome.resultJson).rawData : outcome.error).toEqual([]);
  service.close();
});
