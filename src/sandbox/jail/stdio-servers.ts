import { spawn } from 'node:child_process';
import { isAbsolute, join, normalize } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { ToolLanguage } from '../../core/custom-tool.ts';
import {
  SandboxBusy,
  SandboxUnavailable,
  type ServedProcess,
  type ServerOrder,
} from '../../core/sandbox.ts';
import { closeAll } from '../cgroups.ts';
import { mebibyte } from '../limits.ts';
import { Slots } from '../pool/slots.ts';
import type { RunnerNetwork } from '../prepared-call.ts';
import type { MemoryFloor } from '../probe.ts';
import { endOf } from '../runner-process.ts';
import { limitSlot } from './confined.ts';
import type { Interpreter } from './interpreters.ts';
import { type JailParts, serverCommand } from './jail-command.ts';

// Programs that stay, in the same jail as calls: the same root, namespaces, filter and limits, one process
// each, without a deadline. Its folder is the one thing more that it sees, read-only. What it is told comes
// on a descriptor of its own, its words go over standard input and output.
//
// Not protected besides what jail-command.ts says: a program that stays can remember, and serves all calls
// of its workspace's agents.

export interface PreparedServer extends ServerOrder {
  readonly proxy?: RunnerNetwork;
}

/** How many may run at once. Each has a number of its own above those of calls. */
export const maxServers = 16;

/** Memory that an interpreter and its program's code take by themselves. */
const floors: Readonly<Record<ToolLanguage, MemoryFloor>> = {
  javascript: { dataBytes: 512 * mebibyte, addressSpaceBytes: 4_096 * mebibyte },
  python: { dataBytes: 128 * mebibyte, addressSpaceBytes: 512 * mebibyte },
};
/** Of that, what is really there; where a cgroup counts. */
const usualBytes = 128 * mebibyte;
const printedChars = 4_096;

export class StdioServers implements AsyncDisposable {
  readonly #parts: JailParts;
  readonly #interpreters: ReadonlyMap<ToolLanguage, Interpreter>;
  readonly #slots = new Slots(maxServers);
  readonly #firstSlot: number;
  readonly #running = new Set<ServedProcess>();

  constructor(
    parts: JailParts,
    interpreters: ReadonlyMap<ToolLanguage, Interpreter>,
    firstSlot: number,
  ) {
    this.#parts = parts;
    this.#interpreters = interpreters;
    this.#firstSlot = firstSlot;
  }

  /** Throws `SandboxUnavailable` without its interpreter, `SandboxBusy` when too many run. */
  start(order: PreparedServer): ServedProcess {
    const interpreter = this.#interpreters.get(order.language);
    if (interpreter === undefined) {
      throw new SandboxUnavailable(`The jail cannot run ${order.language} here.`);
    }
    const told = tellingOf(order);
    const slot = this.#slots.take();
    if (slot === null) throw new SandboxBusy(`${maxServers} MCP servers run in the jail already.`);
    const served = this.#spawn(order, interpreter, { told, slot: this.#firstSlot + slot });
    this.#running.add(served);
    void served.closed.then(() => {
      this.#running.delete(served);
      this.#slots.giveBack(slot);
    });
    return served;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#running].map((served) => served[Symbol.asyncDispose]()));
  }

  #spawn(
    order: PreparedServer,
    interpreter: Interpreter,
    { told, slot }: { readonly told: object; readonly slot: number },
  ): ServedProcess {
    const { cgroups } = this.#parts;
    if (cgroups !== null) {
      limitSlot(cgroups, slot, { residentBytes: usualBytes, memoryMb: order.memoryMb });
    }
    const command = serverCommand(this.#parts, interpreter, {
      slot,
      directory: order.directory,
      memoryMb: order.memoryMb,
      floor: floors[order.language],
      reachesProxy: order.proxy !== undefined,
    });
    const child = spawn(command.path, command.args, {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe', ...(command.handed ?? [])],
      env: {},
      cwd: '/',
      // A group of its own, so that a jail which is still being built is killed with its builder.
      detached: true,
    });
    closeAll(command.handed ?? []);
    const [input, output, errors, channel, filter] = child.stdio as unknown as [
      Writable,
      Readable,
      Readable,
      Writable,
      Writable,
    ];
    // A process that dies while it is written to is told of by its end.
    for (const stream of child.stdio) stream?.on('error', () => {});
    filter.end(command.offered);
    channel.end(JSON.stringify(told));
    let printed = '';
    errors.setEncoding('utf8').on('data', (text: string) => {
      printed = (printed + text).slice(-printedChars);
    });
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    child.once('error', (error) => {
      printed += error.message;
      resolve();
    });
    child.once('close', () => resolve());
    return {
      write: (text) => written(input, text),
      output,
      closed,
      printed: () => printed,
      watchConnections: () => ({ connections: () => [], [Symbol.dispose]: () => {} }),
      [Symbol.asyncDispose]: async () => {
        if (child.pid === undefined) return;
        if (child.exitCode === null && child.signalCode === null)
          process.kill(-child.pid, 'SIGKILL');
        await endOf(closed, () => `Process ${child.pid} of the sandbox could not be ended.`);
      },
    };
  }
}

/** What the program is told of itself. Throws `SandboxUnavailable` when its file is outside of its folder. */
function tellingOf({ args, env, proxy, language }: PreparedServer) {
  const [first = '', ...rest] = args;
  const isModule = language === 'python' && first === '-m';
  const path = normalize(first);
  if (!isModule && (first === '' || isAbsolute(path) || path.startsWith('..'))) {
    throw new SandboxUnavailable(
      'The first of `args` must be a file of the server, by its path in its folder.',
    );
  }
  return {
    main: isModule ? '-m' : join('/server', path),
    args: rest,
    env,
    network: proxy ?? null,
  };
}

function written(input: Writable, text: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  if (!input.writable) {
    reject(new Error('The program has ended.'));
    return promise;
  }
  input.write(text, (error) => (error ? reject(error) : resolve()));
  return promise;
}
