import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SandboxUnavailable } from '../../core/sandbox.ts';
import { endOf, type RunnerCommand, type RunnerProcess, startRunner } from '../runner-process.ts';

// A Python that forks a child for each call (runners/zygote.py), seen from the server.
//
// Held: the same for each call as in a jail of its own. The child makes its own mount, PID, network, IPC,
// UTS and cgroup namespaces, mounts its own /tmp, sets its limits, drops its identity and every capability,
// loads the filter, and only then reads from the server. The zygote runs no tool's code and is sent no byte
// of any call: children connect to the server by themselves, through a socket that their /tmp then covers
// (and the filter leaves no way to connect). It has the power to make namespaces, and as root to end its
// children and to give them their uids; no other. It is in a jail too, and sees no process but its own.
//
// Not protected: what children share by being forks. Address layout, hash seed and pages are the same in
// all of one zygote; it is replaced after `maxChildren`. As an ordinary user, process limits count all that
// is in one user namespace: a zygote then has one child at a time (zygotes.ts).

const helloChars = 32;

/** What the zygote tells of a child. */
interface Child {
  /** It has been sent the signal. */
  readonly killed: PromiseWithResolvers<void>;
  readonly gone: PromiseWithResolvers<{ status: number }>;
}

interface Starting {
  readonly id: string;
  readonly sockets: Map<string, Socket>;
  readonly arrived: PromiseWithResolvers<void>;
}

export class Zygote implements AsyncDisposable {
  readonly #process: RunnerProcess;
  readonly #server: Server;
  readonly #starting = new Map<string, Starting>();
  readonly #living = new Map<string, Child>();
  readonly #ready = Promise.withResolvers<void>();
  #line = '';
  #complaints = '';
  #children = 0;
  #isLost = false;

  /** Throws `SandboxUnavailable` when it does not start here. */
  static async start(command: (socketPath: string) => RunnerCommand): Promise<Zygote> {
    const directory = await mkdtemp(join(tmpdir(), 'signalbox-'));
    try {
      const socketPath = join(directory, 'server');
      const server = createServer().listen(socketPath);
      await once(server, 'listening');
      const zygote = new Zygote(startRunner(command(socketPath)), server);
      try {
        await endOf(zygote.#ready.promise, () => 'The process that starts Python was not ready.');
      } catch (error) {
        await zygote[Symbol.asyncDispose]();
        throw error;
      }
      return zygote;
    } finally {
      // The jail has it mounted, and the name is in nobody's way when the server is killed.
      await rm(directory, { recursive: true });
    }
  }

  private constructor(process: RunnerProcess, server: Server) {
    this.#process = process;
    this.#server = server;
    this.#ready.promise.catch(() => {});
    server.on('connection', (socket) => this.#onConnection(socket));
    for (const stream of process.prints) {
      stream.on('data', (chunk: Buffer) => {
        this.#complaints = (this.#complaints + chunk.toString()).slice(-4096);
      });
    }
    process.frames.on('data', (chunk: Buffer) => this.#onControl(chunk.toString('latin1')));
    const onLost = () => this.#onLost();
    process.closed.then(onLost, onLost);
  }

  /** How many were started in all. */
  get children(): number {
    return this.#children;
  }

  /** How many there are now. */
  get live(): number {
    return this.#living.size;
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  get pid(): number | null {
    return this.#process.pid;
  }

  /** A child, waiting for its request. `uid` is null where it keeps the zygote's. Throws `SandboxUnavailable`. */
  async startRunner(slot: number, uid: number | null): Promise<RunnerProcess> {
    if (this.#isLost) throw this.#lost();
    this.#children += 1;
    const id = String(this.#children);
    const hello = randomBytes(helloChars / 2).toString('hex');
    const child: Child = { killed: Promise.withResolvers(), gone: Promise.withResolvers() };
    const { gone } = child;
    const starting: Starting = { id, sockets: new Map(), arrived: Promise.withResolvers() };
    gone.promise.catch(() => {});
    this.#living.set(id, child);
    this.#starting.set(hello, starting);
    const endedEarly = gone.promise.then(({ status }) => {
      throw new SandboxUnavailable(
        `A process for Python did not start (${status}): ${this.#complaints}`,
      );
    });
    endedEarly.catch(() => {});
    this.#order(`start ${id} ${uid ?? '-'} ${hello} ${slot}`);
    try {
      const arrived = Promise.race([starting.arrived.promise, endedEarly]);
      await endOf(arrived, () => 'A process for Python did not start in time.');
    } catch (error) {
      this.#order(`kill ${id}`);
      for (const socket of starting.sockets.values()) socket.destroy();
      throw error;
    } finally {
      this.#starting.delete(hello);
    }
    const [channel, prints] = [starting.sockets.get('c'), starting.sockets.get('p')];
    if (channel === undefined || prints === undefined) throw new Error('a connection is missing');
    return this.#runner({ id, channel, prints, killed: child.killed.promise, gone: gone.promise });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    await this.#process.kill();
  }

  #runner(child: {
    readonly id: string;
    readonly channel: Socket;
    readonly prints: Socket;
    readonly killed: Promise<void>;
    readonly gone: Promise<{ status: number }>;
  }): RunnerProcess {
    const { id, channel, prints, killed, gone } = child;
    const sockets = [channel, prints];
    const end = (socket: Socket) =>
      new Promise<void>((resolve) => socket.once('close', () => resolve()));
    const [channelEnd, printsEnd] = [end(channel), end(prints)];
    // What nobody reads would keep its end from being seen.
    const letEnd = () => sockets.forEach((socket) => void (socket.isPaused() || socket.resume()));
    gone.then(letEnd, letEnd);
    const closed = gone.then(async (status) => {
      await Promise.all([channelEnd, printsEnd]);
      return status;
    });
    closed.catch(() => {});
    return {
      pid: this.#process.pid,
      request: channel,
      frames: channel,
      prints: [prints],
      closed,
      kill: async () => {
        this.#order(`kill ${id}`);
        channel.destroy();
        const isOver = Promise.race([closed, Promise.all([killed, printsEnd])]).catch(() => {});
        try {
          await endOf(isOver, () => 'A process for Python could not be ended.');
        } catch (error) {
          await this[Symbol.asyncDispose]();
          throw error;
        }
      },
    };
  }

  #order(line: string): void {
    if (!this.#isLost) this.#process.request.write(`${line}\n`);
  }

  #onControl(text: string): void {
    const lines = (this.#line + text).split('\n');
    this.#line = lines.pop() ?? '';
    for (const line of lines) {
      const [word, id = '', status] = line.split(' ');
      if (word === 'ready') this.#ready.resolve();
      else if (word === 'killed') this.#living.get(id)?.killed.resolve();
      else {
        this.#living.get(id)?.gone.resolve({ status: Number(status) });
        this.#living.delete(id);
      }
    }
  }

  /** The first bytes say whose it is; the child wrote them before it had anything to do with a tool. */
  #onConnection(socket: Socket): void {
    socket.on('error', () => {});
    const onReadable = () => {
      const bytes = socket.read(helloChars + 1) as Buffer | null;
      if (bytes === null) return;
      socket.removeListener('readable', onReadable);
      const starting = this.#starting.get(bytes.toString('latin1', 0, helloChars));
      if (starting === undefined) {
        socket.destroy();
        return;
      }
      starting.sockets.set(bytes.toString('latin1', helloChars), socket);
      if (starting.sockets.size === 2) starting.arrived.resolve();
    };
    socket.on('readable', onReadable);
  }

  #onLost(): void {
    this.#isLost = true;
    this.#server.close();
    this.#ready.reject(this.#lost());
    for (const { gone } of this.#living.values()) gone.reject(this.#lost());
    this.#living.clear();
  }

  #lost(): SandboxUnavailable {
    return new SandboxUnavailable(`The process that starts Python ended. ${this.#complaints}`);
  }
}
