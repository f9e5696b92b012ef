import type { Logger } from '../core/logger.ts';
import { listenForCancels } from '../store/cancel.ts';
import type { Database, DedicatedConnection } from '../store/connect.ts';

// What other processes have done, as soon as they have done it. Hints only: one that is lost, because the
// connection was, is made up for by the engine's sweep.

/** Listens on a connection of its own, and again whenever that is lost. */
export class Hints implements AsyncDisposable {
  readonly #db: Database;
  readonly #logger: Logger;
  readonly #onCancel: (runId: string) => void;
  #connection: DedicatedConnection | null = null;
  #retry: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(given: {
    readonly db: Database;
    readonly logger: Logger;
    readonly onCancel: (runId: string) => void;
  }) {
    this.#db = given.db;
    this.#logger = given.logger;
    this.#onCancel = given.onCancel;
  }

  /** Returns at once; nothing waits for hints. */
  open(): void {
    void this.#listen().catch((error: unknown) => {
      this.#logger.debug({ err: error }, 'No hints from other processes for now');
      this.#again();
    });
  }

  async #listen(): Promise<void> {
    const connection = await this.#db.connect({ statementTimeoutMs: 0, transactionTimeoutMs: 0 });
    if (this.#isClosed) return await connection[Symbol.asyncDispose]();
    this.#connection = connection;
    void connection.closed.then(() => this.#again());
    await listenForCancels(connection, this.#onCancel);
  }

  #again(): void {
    if (this.#isClosed || this.#retry !== null) return;
    const connection = this.#connection;
    this.#connection = null;
    if (connection !== null) void closeQuietly(connection);
    this.#retry = setTimeout(() => {
      this.#retry = null;
      this.open();
    }, 1_000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
    if (this.#connection !== null) await closeQuietly(this.#connection);
  }
}

async function closeQuietly(connection: DedicatedConnection): Promise<void> {
  await Promise.resolve(connection[Symbol.asyncDispose]()).catch(() => {});
}
