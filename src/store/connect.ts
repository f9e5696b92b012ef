import pg from 'pg';
import { type CopyStreamQuery, type CopyToStreamQuery, from, to } from 'pg-copy-streams';
import { withArrayLiterals } from './array-literal.ts';
import {
  beginSql,
  clientConfig,
  type DatabaseSettings,
  type SessionOptions,
  setUpSession,
  type TransactionOptions,
} from './connect-session.ts';
import { isStalePlan, leavesSessionUsable } from './database-fault.ts';

// How the server reaches Postgres: one pool a process, sessions set up alike, and errors told apart by
// what to do about them. Sessions carry settings, LISTEN and advisory locks, which is why a transaction
// pooler in between is refused (server-check.ts).

export interface DatabaseOptions extends SessionOptions {
  /** Connections at most; default 10. */
  readonly max?: number;
  /** Told of every statement that took longer than 250 ms. */
  readonly onSlow?: (statement: Statement | string, tookMs: number) => void;
  /** Called with errors of idle connections, which concern no caller. */
  readonly onIdleError?: (error: Error) => void;
}

/** With a name the statement is prepared once a connection; a name always stands for the same text. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values?: readonly unknown[];
}

export interface Queryable {
  /** The rows. `bigint` comes as a number, `timestamptz` as a Date, `date` as text. */
  query<Row>(statement: Statement | string): Promise<Row[]>;
  /** The number of rows written. */
  execute(statement: Statement | string): Promise<number>;
}

export interface Database extends Queryable, AsyncDisposable {
  /** How many wait for a connection now. */
  readonly waiting?: number;
  /** Commits when `work` returns, rolls back when it throws. Never repeats `work` by itself. */
  transaction<T>(work: (tx: Queryable) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** A connection outside the pool, for LISTEN, session locks and long work. */
  connect(options?: DedicatedOptions): Promise<DedicatedConnection>;
}

export type DedicatedOptions = Pick<
  DatabaseOptions,
  'applicationName' | 'statementTimeoutMs' | 'transactionTimeoutMs' | 'lockTimeoutMs'
>;

export interface DedicatedConnection extends Queryable, AsyncDisposable {
  /** The process id by which the server itself addressed this connection when it began. */
  readonly announcedPid: number;
  /** The bytes of `COPY … TO STDOUT`; nothing else may be asked before its end. */
  copyOut(sql: string): CopyToStreamQuery;
  /** Takes the bytes of `COPY … FROM STDIN`. */
  copyIn(sql: string): CopyStreamQuery;
  onNotification(listener: (channel: string, payload: string) => void): void;
  /** Settles when the connection ends: with the error that ended it, or null when it was closed. */
  readonly closed: Promise<Error | null>;
}

/** The transaction as a database, for what opens one of its own: that is part of this one then. */
export function withinTransaction(tx: Queryable): Database {
  return {
    query: (statement) => tx.query(statement),
    execute: (statement) => tx.execute(statement),
    transaction: (work) => work(tx),
    connect: () => Promise.reject(new Error('A transaction has one connection.')),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Opens a pool. No connection is made before the first query. */
export function openDatabase(settings: DatabaseSettings, options: DatabaseOptions = {}): Database {
  return new PooledDatabase(settings, options);
}

/**
 * The same pool for callers who are told within `ms` that it does not answer, at each call and at each statement of a
 * transaction: a database that hangs, or that vanished without a word, says so by nothing else. What a statement that
 * was given up does is not known; its connection is closed. Transactions that set their own timeout keep it.
 */
export function answeringWithin(db: Database, ms: number): Database {
  return db instanceof PooledDatabase ? db.within(ms) : db;
}

/** Connections of the pool, and who waits for one; null for what is no pool. */
export function poolCounts(db: Database): ReturnType<PooledDatabase['counts']> | null {
  return db instanceof PooledDatabase ? db.counts() : null;
}

const slowMs = 250;

/**
 * The pool of a process's writers: they never wait for a connection behind readers, and their plans hold
 * from an empty database to a large one.
 */
export const writingOptions: DatabaseOptions = { max: 4, plansByKey: true };

class PooledDatabase implements Database {
  readonly #pool: pg.Pool;
  readonly #settings: DatabaseSettings;
  readonly #options: DatabaseOptions;
  /** Null: as long as the sessions' own timeouts let it. */
  readonly #withinMs: number | null;
  readonly #lost = new WeakSet<pg.PoolClient>();

  constructor(
    settings: DatabaseSettings,
    options: DatabaseOptions,
    shared?: { readonly pool: pg.Pool; readonly withinMs: number },
  ) {
    this.#settings = settings;
    this.#options = options;
    this.#pool = shared?.pool ?? openPool(settings, options);
    this.#withinMs = shared?.withinMs ?? null;
  }

  within(ms: number): PooledDatabase {
    const shared = { pool: this.#pool, withinMs: ms };
    return new PooledDatabase(this.#settings, this.#options, shared);
  }

  get waiting(): number {
    return this.#pool.waitingCount;
  }

  counts(): { readonly open: number; readonly idle: number; readonly waiting: number } {
    const { totalCount: open, idleCount: idle, waitingCount: waiting } = this.#pool;
    return { open, idle, waiting };
  }

  query<Row>(statement: Statement | string): Promise<Row[]> {
    return this.#preparedAnew((client, leftMs) =>
      this.#timed(statement, rowsOf<Row>(client, statement, leftMs)),
    );
  }

  execute(statement: Statement | string): Promise<number> {
    return this.#preparedAnew((client, leftMs) =>
      this.#timed(statement, countOf(client, statement, leftMs)),
    );
  }

  transaction<T>(
    work: (tx: Queryable) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    return this.#withClient(async (client, leftMs) => {
      const isPatient = this.#withinMs === null || options.statementTimeoutMs !== undefined;
      const limitMs = isPatient ? undefined : this.#withinMs;
      await countOf(client, beginSql(options), leftMs);
      try {
        const result = await work(this.#timedQueryable(client, limitMs));
        await countOf(client, 'COMMIT', limitMs);
        return result;
      } catch (error) {
        // A rollback that fails means a lost connection; the first error says more.
        if (leavesSessionUsable(error)) {
          await countOf(client, 'ROLLBACK', limitMs).catch(() => this.#lost.add(client));
        }
        throw error;
      }
    });
  }

  async connect(options: DedicatedOptions = {}): Promise<DedicatedConnection> {
    const merged = { ...this.#options, ...options };
    const client = new pg.Client(clientConfig(this.#settings, merged));
    const closed = new Promise<Error | null>((resolve) => {
      client.once('error', resolve);
      client.once('end', () => resolve(null));
    });
    client.on('error', () => {});
    await client.connect();
    try {
      await setUpSession(client, merged);
    } catch (error) {
      await client.end();
      throw error;
    }
    return {
      ...queryableOf(client),
      announcedPid: announcedPidOf(client),
      closed,
      copyOut: (sql) => client.query(to(sql)),
      copyIn: (sql) => client.query(from(sql)),
      onNotification: (listener) => {
        client.on('notification', ({ channel, payload }) => listener(channel, payload ?? ''));
      },
      [Symbol.asyncDispose]: () => client.end(),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#pool.ending) await this.#pool.end();
  }

  #timedQueryable(client: pg.ClientBase, limitMs: LimitMs): Queryable {
    return {
      query: <Row>(statement: Statement | string) =>
        this.#timed(statement, rowsOf<Row>(client, statement, limitMs)),
      execute: (statement) => this.#timed(statement, countOf(client, statement, limitMs)),
    };
  }

  async #timed<T>(statement: Statement | string, answer: Promise<T>): Promise<T> {
    const { onSlow } = this.#options;
    if (onSlow === undefined) return await answer;
    const startedAt = performance.now();
    try {
      return await answer;
    } finally {
      const tookMs = performance.now() - startedAt;
      if (tookMs > slowMs) onSlow(statement, tookMs);
    }
  }

  /** A statement whose plan a migration made stale has done nothing: another connection prepares it anew. */
  async #preparedAnew<T>(use: UseClient<T>): Promise<T> {
    for (let stale = 0; ; stale++) {
      try {
        return await this.#withClient(use);
      } catch (error) {
        if (!isStalePlan(error) || stale > this.#pool.options.max) throw error;
      }
    }
  }

  async #withClient<T>(use: UseClient<T>): Promise<T> {
    const startedAt = performance.now();
    const client = await connectWithin(this.#pool, this.#withinMs);
    const leftMs =
      this.#withinMs === null
        ? undefined
        : Math.max(1, this.#withinMs - (performance.now() - startedAt));
    let broken = false;
    try {
      return await use(client, leftMs);
    } catch (error) {
      broken = !leavesSessionUsable(error) || this.#lost.has(client);
      throw error;
    } finally {
      client.release(broken);
    }
  }
}

/** How long a statement may take by the client's own clock; undefined: as the connection says. */
type LimitMs = number | null | undefined;

type UseClient<T> = (client: pg.PoolClient, leftMs: LimitMs) => Promise<T>;

function openPool(settings: DatabaseSettings, options: DatabaseOptions): pg.Pool {
  const pool = new pg.Pool({
    ...clientConfig(settings, options),
    max: options.max ?? 10,
    idleTimeoutMillis: 60_000,
    onConnect: (client) => setUpSession(client, options),
  });
  // One that the database closes before it has read our goodbye is no loss.
  pool.on('error', (error) => {
    if (!pool.ending) options.onIdleError?.(error);
  });
  // A connection that is lost between two statements of a transaction emits an error as well; the
  // next statement reports it, and the process must not end by it.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** Who gives up leaves the connection that comes later to the next. */
async function connectWithin(pool: pg.Pool, ms: number | null): Promise<pg.PoolClient> {
  const connecting = pool.connect();
  if (ms === null) return await connecting;
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error('timeout exceeded when trying to connect')),
    ms,
  );
  try {
    return await Promise.race([connecting, late.promise]);
  } catch (error) {
    connecting.then(
      (client) => client.release(),
      () => undefined,
    );
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function queryableOf(client: pg.ClientBase): Queryable {
  return {
    query: (statement) => rowsOf(client, statement),
    execute: (statement) => countOf(client, statement),
  };
}

async function rowsOf<Row>(
  client: pg.ClientBase,
  statement: Statement | string,
  limitMs?: LimitMs,
): Promise<Row[]> {
  return (await client.query(toQuery(statement, limitMs))).rows as Row[];
}

async function countOf(
  client: pg.ClientBase,
  statement: Statement | string,
  limitMs?: LimitMs,
): Promise<number> {
  return (await client.query(toQuery(statement, limitMs))).rowCount ?? 0;
}

function toQuery(statement: Statement | string, limitMs: LimitMs): pg.QueryConfig {
  const limit = limitMs == null ? {} : { query_timeout: Math.ceil(limitMs) };
  if (typeof statement === 'string') return { text: statement, ...limit };
  const { name, text, values } = statement;
  return {
    text,
    ...limit,
    ...(name === undefined ? {} : { name }),
    ...(values === undefined ? {} : { values: withArrayLiterals(values) }),
  };
}

function announcedPidOf(client: pg.Client): number {
  return (client as unknown as { processID: number | null }).processID ?? 0;
}
