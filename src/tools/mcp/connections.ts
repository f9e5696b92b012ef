import type { McpServer } from '../../core/tool-source.ts';
import type { McpConnection } from './connection.ts';

// Open connections to MCP servers: one a server, used by all its calls, closed when nobody has used it for a
// while, when the server's config changed, and when another needs its room.

export interface ConnectionsOptions {
  readonly connect: (server: McpServer, onToolsChanged: () => void) => Promise<McpConnection>;
  readonly onToolsChanged: (server: McpServer, connection: McpConnection) => void;
  /** Open at once at most. */
  readonly maxOpen?: number;
  readonly idleMs?: number;
}

interface Held {
  readonly key: string;
  readonly opening: Promise<McpConnection>;
  connection: McpConnection | null;
  users: number;
  timer: NodeJS.Timeout | null;
}

/** A connection while it is used. `isFresh`: nobody has used it before. */
export interface Lent extends Disposable {
  readonly connection: McpConnection;
  readonly isFresh: boolean;
  /** It is of no use any more: the next call gets another. */
  discard(): void;
}

/** Every place is taken by a connection in use. */
export class TooManyConnections extends Error {
  override readonly name = 'TooManyConnections';
}

export class McpConnections implements AsyncDisposable {
  readonly #options: Required<ConnectionsOptions>;
  readonly #held = new Map<string, Held>();
  readonly #closing = new Set<Promise<void>>();
  #isClosed = false;

  constructor(options: ConnectionsOptions) {
    this.#options = { maxOpen: 64, idleMs: 300_000, ...options };
  }

  /** A connection to the server as it is configured now. Throws what connecting throws, `TooManyConnections`. */
  async take(server: McpServer): Promise<Lent> {
    if (this.#isClosed) throw new TooManyConnections('The server is closing.');
    const key = keyOf(server);
    const known = this.#held.get(server.id);
    const isUsable =
      known !== undefined &&
      known.key === key &&
      (known.connection === null || known.connection.isOpen);
    if (known !== undefined && !isUsable) this.#drop(server.id, known);
    const held = isUsable ? known : this.#open(server, key);
    held.users += 1;
    if (held.timer !== null) clearTimeout(held.timer);
    try {
      const connection = await held.opening;
      return {
        connection,
        isFresh: !isUsable,
        discard: () => this.#drop(server.id, held),
        [Symbol.dispose]: () => this.#giveBack(server.id, held),
      };
    } catch (error) {
      this.#drop(server.id, held);
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    for (const [id, held] of this.#held) this.#drop(id, held);
    await Promise.allSettled(this.#closing);
  }

  #open(server: McpServer, key: string): Held {
    this.#makeRoom();
    const held: Held = {
      key,
      opening: this.#options.connect(server, () => {
        if (held.connection !== null) this.#options.onToolsChanged(server, held.connection);
      }),
      connection: null,
      users: 0,
      timer: null,
    };
    held.opening.then(
      (connection) => {
        held.connection = connection;
      },
      () => {},
    );
    this.#held.set(server.id, held);
    return held;
  }

  #makeRoom(): void {
    if (this.#held.size < this.#options.maxOpen) return;
    for (const [id, held] of this.#held) {
      if (held.users > 0) continue;
      this.#drop(id, held);
      return;
    }
    throw new TooManyConnections(
      `${this.#options.maxOpen} MCP servers are in use at once already. Try again.`,
    );
  }

  #giveBack(id: string, held: Held): void {
    held.users -= 1;
    if (held.users > 0 || this.#held.get(id) !== held) return;
    // The one used last is dropped last.
    this.#held.delete(id);
    this.#held.set(id, held);
    held.timer = setTimeout(() => this.#drop(id, held), this.#options.idleMs);
    held.timer.unref();
  }

  #drop(id: string, held: Held): void {
    if (this.#held.get(id) === held) this.#held.delete(id);
    if (held.timer !== null) clearTimeout(held.timer);
    const closing = held.opening
      .then((connection) => connection[Symbol.asyncDispose]())
      .catch(() => {})
      .finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}

/** What makes another connection: not the tools that were read over it. */
function keyOf({ config, timeoutMs }: McpServer): string {
  return JSON.stringify([config, timeoutMs]);
}
