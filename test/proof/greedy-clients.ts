import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { EmbeddedConnection } from '../../src/store/connect-session.ts';

const name = 'greedy';

/** Takes every connection that a Postgres has, also those in use, and leaves none until it is disposed. */
export class GreedyClients implements AsyncDisposable {
  readonly #connection: EmbeddedConnection;
  readonly #clients = new Set<pg.Client>();
  #isOver = false;
  #taking: Promise<void> = Promise.resolve();

  constructor(connection: EmbeddedConnection) {
    this.#connection = connection;
  }

  /** Resolves when it has them all; one that comes free later is taken too. */
  async takeAll(): Promise<void> {
    const first = await this.#take();
    if (first === null) throw new Error('Postgres takes no connection.');
    const { rows } = await first.query('SHOW max_connections');
    const most = Number(rows[0].max_connections);
    const fill = async () => {
      await first.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE backend_type = 'client backend' AND application_name <> '${name}'`,
      );
      while ((await this.#take()) !== null);
    };
    while (this.#clients.size < most) await fill();
    this.#taking = (async () => {
      while (!this.#isOver) {
        await sleep(50);
        await fill();
      }
    })();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.#taking;
    await Promise.all([...this.#clients].map((client) => client.end()));
  }

  /** Another connection, or null when there is none. */
  async #take(): Promise<pg.Client | null> {
    const client = new pg.Client({ ...this.#connection, application_name: name });
    client.on('error', () => this.#clients.delete(client));
    try {
      await client.connect();
    } catch {
      return null;
    }
    this.#clients.add(client);
    return client;
  }
}
