import { readFileSync, readlinkSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { type SandboxOutcome, SandboxUnavailable } from '../../core/sandbox.ts';
import { descendantsOf, isAlive, until } from '../escapes/processes.ts';
import { mebibyte } from '../limits.ts';
import { runCall } from '../run-call.ts';
import type { RunnerProcess } from '../runner-process.ts';
import { findParts } from './find-parts.ts';
import { findPythonInterpreters } from './interpreters.ts';
import { jailLimits, uidOf, zygoteCommand } from './jail-command.ts';
import { Zygote } from './zygote.ts';
import { Zygotes } from './zygotes.ts';

// Real zygotes: Pythons that fork.

const generous = { dataBytes: 1024 * mebibyte, addressSpaceBytes: 4096 * mebibyte };
const machine = await findMachine();

async function findMachine() {
  try {
    const parts = await findParts({ egress: null, cgroups: null });
    const [interpreter] = await findPythonInterpreters();
    if (interpreter === undefined) return 'no Python';
    const call = { memoryMb: 256, timeoutMs: 20_000 };
    const limits = jailLimits(parts.identity, {
      language: 'python',
      floor: generous,
      call,
      usesPackages: false,
    });
    const startZygote = () =>
      Zygote.start((socketPath) => zygoteCommand(parts, interpreter, { limits, socketPath }));
    const first = await startZygote();
    await first[Symbol.asyncDispose]();
    return { parts, startZygote };
  } catch (error) {
    if (error instanceof SandboxUnavailable) return error.message;
    throw error;
  }
}

const reason = typeof machine === 'string' ? machine : null;
describe.skipIf(reason !== null)(`zygotes${reason === null ? '' : ` (${reason})`}`, () => {
  if (typeof machine === 'string') return;
  const { parts, startZygote } = machine;
  const open = (more: { isExclusive: boolean; maxChildren?: number }) =>
    new Zygotes({ startZygote, ...more });
  const uid = (slot: number) => uidOf(parts.identity, slot);
  const python = (runner: RunnerProcess, code: string): Promise<SandboxOutcome> =>
    runCall({
      runner,
      call: {
        language: 'python',
        code,
        parametersJson: '{}',
        timeoutMs: 20_000,
        memoryMb: 256,
        key: 'k',
      },
    });
  const zygotesAlive = async () =>
    (await descendantsOf(process.pid)).filter(
      ({ command, parent }) => command.includes('zygote.py') && parent === process.pid,
    );
  afterAll(() => until(async () => (await zygotesAlive()).length === 0));

  test('give each child namespaces of its own', async () => {
    await using zygotes = open({ isExclusive: false });
    const runners = await Promise.all([1, 2].map((slot) => zygotes.startRunner(slot, uid(slot))));
    const [zygote] = await zygotesAlive();
    const family = (await descendantsOf(zygote?.pid ?? 0)).map(({ pid }) => pid).slice(-3);
    // They connect first, and close everything behind them after that.
    // In a container there are filters already.
    const filters = statusOf('self').filters + 1;
    await until(async () => family.slice(1).every((pid) => statusOf(pid).filters === filters));
    for (const name of ['mnt', 'pid', 'net', 'ipc', 'uts', 'cgroup']) {
      const namespaces = family.map((pid) => readlinkSync(`/proc/${pid}/ns/${name}`));
      expect(new Set(namespaces).size, name).toBe(3);
    }
    const [parent, ...children] = family.map((pid) => statusOf(pid));
    expect(parent?.capabilities).not.toBe(0n);
    const closed = { capabilities: 0n, filters, noNewPrivileges: 1 };
    expect(children).toEqual([closed, closed]);
    await Promise.all(runners.map((runner) => runner.kill()));
  });

  test('have random numbers of their own', async () => {
    await using zygotes = open({ isExclusive: false });
    const code = `
import random, secrets, uuid
def main():
    return {"message": f"{random.random()} {secrets.token_hex(4)} {uuid.uuid4()}"}`;
    const runners = await Promise.all(
      [1, 2, 3].map((slot) => zygotes.startRunner(slot, uid(slot))),
    );
    const outcomes = await Promise.all(runners.map((runner) => python(runner, code)));
    const drawn = outcomes.flatMap((outcome) => (outcome.ok ? outcome.message.split(' ') : []));
    expect(drawn.length).toBe(9);
    expect(new Set(drawn).size).toBe(9);
  });

  test('are replaced after a number of children, the old one ended', async () => {
    await using zygotes = open({ isExclusive: false, maxChildren: 2 });
    const seen = new Set<number>();
    for (let call = 0; call < 5; call++) {
      const runner = await zygotes.startRunner(call, uid(call));
      seen.add(runner.pid ?? 0);
      expect(await python(runner, 'def main():\n    return {"message": ""}')).toMatchObject({
        ok: true,
      });
    }
    expect(seen.size).toBe(3);
    await until(async () => (await zygotesAlive()).length === 1);
  });

  test('have one child at a time where limits would count them together', async () => {
    await using zygotes = open({ isExclusive: true });
    const [first, second] = await Promise.all(
      [1, 2].map((slot) => zygotes.startRunner(slot, uid(slot))),
    );
    expect(first?.pid).not.toBe(second?.pid);
    await first?.kill();
    await first?.closed;
    const third = await zygotes.startRunner(1, uid(1));
    expect(third.pid).toBe(first?.pid);
    await Promise.all([second?.kill(), third.kill()]);
  });

  test('that die fail the calls of their children, and the next call has another', async () => {
    await using zygotes = open({ isExclusive: false });
    const runner = await zygotes.startRunner(1, uid(1));
    const [zygote] = await zygotesAlive();
    const family = await descendantsOf(zygote?.pid ?? 0);
    const outcome = python(runner, 'import time\ndef main():\n    time.sleep(20)');
    const refused = expect(outcome).rejects.toThrow(SandboxUnavailable);
    process.kill(-(zygote?.pid ?? 0), 'SIGKILL');
    await refused;
    await until(async () => (await Promise.all(family.map(isAlive))).every((alive) => !alive));
    const next = await zygotes.startRunner(1, uid(1));
    expect(await python(next, 'def main():\n    return {"message": "next"}')).toMatchObject({
      ok: true,
      message: 'next',
    });
  });
});

function statusOf(pid: number | 'self') {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(status)?.[1] ?? '';
  return {
    capabilities: ['CapInh', 'CapPrm', 'CapEff', 'CapAmb'].reduce(
      (all, name) => all | BigInt(`0x${field(name)}`),
      0n,
    ),
    filters: Number(field('Seccomp_filters')),
    noNewPrivileges: Number(field('NoNewPrivs')),
  };
}
