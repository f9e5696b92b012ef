import { connect, type Socket } from 'node:net';

// A client that costs the machine little beside the server it measures: keep-alive connections, one
// request at a time on each, answers with a Content-Length or in chunks.

export interface HttpAnswer {
  readonly status: number;
  /** The status line and the headers, in small letters. */
  readonly head: string;
  readonly body: string;
}

export class HttpClient implements Disposable {
  readonly #host: string;
  readonly #port: number;
  readonly #idle: Connection[] = [];
  readonly #all = new Set<Connection>();
  readonly #maxConnections: number;
  readonly #waiting: ((connection: Connection) => void)[] = [];

  constructor(url: string, maxConnections = 512) {
    this.#maxConnections = maxConnections;
    const { hostname, port } = new URL(url);
    this.#host = hostname;
    this.#port = Number(port);
  }

  /** So many connections at once; resolves when the server has answered `path` on each. */
  async open(count: number, path: string): Promise<void> {
    const opened = Array.from({ length: count }, () => this.#open());
    for (const connection of opened) {
      await connection.exchange(
        `GET ${path} HTTP/1.1\r\nhost: ${this.#host}:${this.#port}\r\n\r\n`,
      );
      this.#free(connection);
    }
  }

  async request(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body = '',
  ): Promise<HttpAnswer> {
    return await this.exchange(this.prepare(method, path, headers, body));
  }

  /** The bytes of a request, for who sends the same again and again. */
  prepare(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body: string,
  ): string {
    let head = `${method} ${path} HTTP/1.1\r\nhost: ${this.#host}:${this.#port}\r\n`;
    for (const [name, value] of Object.entries(headers)) head += `${name}: ${value}\r\n`;
    return `${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  }

  /** Sends a request that `prepare` made, over the connection that has been idle for the longest. */
  async exchange(request: string): Promise<HttpAnswer> {
    const connection = this.#idle.shift() ?? (await this.#another());
    try {
      const answer = await connection.exchange(request);
      this.#free(connection);
      return answer;
    } catch (error) {
      this.#all.delete(connection);
      connection.end();
      if (this.#waiting.length > 0) this.#free(this.#open());
      throw error;
    }
  }

  [Symbol.dispose](): void {
    for (const connection of this.#all) connection.end();
  }

  #free(connection: Connection): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(connection);
    else next(connection);
  }

  #another(): Connection | Promise<Connection> {
    if (this.#all.size < this.#maxConnections) return this.#open();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #open(): Connection {
    const socket = connect(this.#port, this.#host);
    const connection = new Connection(socket);
    this.#all.add(connection);
    socket.once('close', () => {
      this.#all.delete(connection);
      const at = this.#idle.indexOf(connection);
      if (at >= 0) this.#idle.splice(at, 1);
    });
    return connection;
  }
}

class Connection {
  readonly #socket: Socket;
  #received = '';
  #waiting: PromiseWithResolvers<HttpAnswer> | null = null;

  constructor(socket: Socket) {
    this.#socket = socket.setNoDelay(true).setEncoding('latin1');
    socket.on('data', (text: string) => this.#take(text));
    socket.on('error', (error) => this.#waiting?.reject(error));
    socket.on('close', () => this.#waiting?.reject(new Error('The server closed the connection.')));
  }

  exchange(request: string): Promise<HttpAnswer> {
    this.#waiting = Promise.withResolvers<HttpAnswer>();
    this.#socket.write(request);
    return this.#waiting.promise;
  }

  end(): void {
    this.#socket.destroy();
  }

  #take(text: string): void {
    this.#received += text;
    const answer = readAnswer(this.#received);
    if (answer === null) return;
    this.#received = '';
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.resolve(answer);
  }
}

/** The answer, or null while it is not complete. */
function readAnswer(received: string): HttpAnswer | null {
  const headEnd = received.indexOf('\r\n\r\n');
  if (headEnd < 0) return null;
  const head = received.slice(0, headEnd).toLowerCase();
  const status = Number(head.slice(9, 12));
  const start = headEnd + 4;
  const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
  if (length !== undefined) {
    const end = start + Number(length);
    return received.length < end ? null : { status, head, body: received.slice(start, end) };
  }
  return received.endsWith('0\r\n\r\n') ? { status, head, body: received.slice(start) } : null;
}
