import { once } from 'node:events';
import { type AddressInfo, createServer, connect as openSocket, type Socket } from 'node:net';

// Between one process and Postgres: cuts connections, or lets nothing through for a while without a word.

export class CuttableProxy implements AsyncDisposable {
  readonly #server = createServer((client) => this.#pipe(client));
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  readonly #socketPath: string;
  #isStill = false;

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
  }

  async listen(host = '127.0.0.1'): Promise<number> {
    this.#server.listen(0, host);
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends some connections, each at either side first: an answer may be lost, or a request. */
  cut(random: () => number): void {
    for (const pair of this.#pairs) {
      if (random() < 0.5) continue;
      const [first, second] = random() < 0.5 ? pair : [pair[1], pair[0]];
      first.destroy();
      setTimeout(() => second.destroy(), 200 * random());
    }
  }

  /** Nothing goes through either way for this long. */
  hold(ms: number): void {
    this.#isStill = true;
    for (const pair of this.#pairs) for (const socket of pair) socket.pause();
    setTimeout(() => {
      this.#isStill = false;
      for (const pair of this.#pairs) for (const socket of pair) socket.resume();
    }, ms);
  }

  #pipe(client: Socket): void {
    const server = openSocket(this.#socketPath);
    const pair = [client, server] as const;
    this.#pairs.add(pair);
    client.pipe(server);
    server.pipe(client);
    if (this.#isStill) for (const socket of pair) socket.pause();
    const end = () => {
      this.#pairs.delete(pair);
      for (const socket of pair) socket.destroy();
    };
    for (const socket of pair) {
      socket.on('error', end);
      socket.on('close', end);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
    await closed;
  }
}
