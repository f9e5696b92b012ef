import { userInfo } from 'node:os';
import type pg from 'pg';
import { getTypeParser } from './column-types.ts';

// How a connection is made, and what is set in its session and its transactions.

/** Where the embedded server listens: `host` is the folder of its socket. */
export interface EmbeddedConnection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

export type DatabaseSettings =
  | { readonly kind: 'embedded'; readonly connection: EmbeddedConnection }
  | { readonly kind: 'url'; readonly url: string };

/** What holds in every session of a pool. */
export interface SessionOptions {
  readonly applicationName?: string;
  /** Default 30 s; 0 is no limit. */
  readonly statementTimeoutMs?: number;
  /** Default 60 s; 0 is no limit. Needs Postgres 17, and is left out before. */
  readonly transactionTimeoutMs?: number;
  /** Default 0: a statement waits for locks until its own timeout. */
  readonly lockTimeoutMs?: number;
  /** How long to wait for a connection, from the pool or new; default 10 s. */
  readonly connectTimeoutMs?: number;
  /**
   * For statements that find every row by its key. Their plans are made once and never read a whole table,
   * however small it was when they were made; default false.
   */
  readonly plansByKey?: boolean;
}

export interface TransactionOptions {
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable';
  readonly readOnly?: boolean;
  readonly lockTimeoutMs?: number;
  /** At most the pool's own: the client gives up 10 s after that. */
  readonly statementTimeoutMs?: number;
  readonly transactionTimeoutMs?: number;
  /** False: its commit does not wait for the disk, and a crash of the database in the moments after takes it back. */
  readonly isDurable?: boolean;
}

const defaults = {
  applicationName: 'signalbox',
  statementTimeoutMs: 30_000,
  transactionTimeoutMs: 60_000,
  lockTimeoutMs: 0,
  connectTimeoutMs: 10_000,
} as const;

/** Opens a transaction, with settings that hold for it alone. */
export function beginSql(options: TransactionOptions): string {
  let sql = 'BEGIN';
  if (options.isolation !== undefined) sql += ` ISOLATION LEVEL ${options.isolation}`;
  if (options.readOnly === true) sql += ' READ ONLY';
  if (options.lockTimeoutMs !== undefined)
    sql += `; SET LOCAL lock_timeout = ${ms(options.lockTimeoutMs)}`;
  if (options.statementTimeoutMs !== undefined) {
    sql += `; SET LOCAL statement_timeout = ${ms(options.statementTimeoutMs)}`;
  }
  if (options.transactionTimeoutMs !== undefined) {
    sql += `; ${timeoutSettingSql(options.transactionTimeoutMs, true)}`;
  }
  if (options.isDurable === false) sql += '; SET LOCAL synchronous_commit = off';
  return sql;
}

/** Every connection begins with it. */
export async function setUpSession(client: pg.ClientBase, options: SessionOptions): Promise<void> {
  const statementMs = ms(options.statementTimeoutMs ?? defaults.statementTimeoutMs);
  const transactionMs = ms(options.transactionTimeoutMs ?? defaults.transactionTimeoutMs);
  const lockMs = ms(options.lockTimeoutMs ?? defaults.lockTimeoutMs);
  await client.query(
    `SET statement_timeout = ${statementMs}; SET lock_timeout = ${lockMs}; ` +
      `SET idle_in_transaction_session_timeout = ${transactionMs}; SET TimeZone = 'UTC'; ` +
      timeoutSettingSql(transactionMs, false),
  );
  if (options.plansByKey === true) {
    await client.query(
      'SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; ' +
        'SET enable_hashjoin = off; SET enable_mergejoin = off',
    );
  }
}

// `transaction_timeout` is unknown to Postgres 16 and before, where a plain SET would be an error.
function timeoutSettingSql(timeoutMs: number, local: boolean): string {
  return (
    `SELECT set_config('transaction_timeout', '${ms(timeoutMs)}', ${local}) ` +
    `WHERE current_setting('server_version_num')::integer >= 170000`
  );
}

function ms(value: number): number {
  return Math.max(0, Math.round(value));
}

export function clientConfig(settings: DatabaseSettings, options: SessionOptions): pg.ClientConfig {
  const statementMs = options.statementTimeoutMs ?? defaults.statementTimeoutMs;
  return {
    ...(settings.kind === 'embedded' ? settings.connection : networkConfig(settings.url)),
    application_name: options.applicationName ?? defaults.applicationName,
    connectionTimeoutMillis: options.connectTimeoutMs ?? defaults.connectTimeoutMs,
    // A server that hangs, or vanished without a word, is noticed by the client's own clock.
    ...(statementMs > 0 ? { query_timeout: statementMs + 10_000 } : {}),
    types: { getTypeParser },
  };
}

function networkConfig(url: string): pg.ClientConfig {
  return {
    connectionString: url,
    user: userOf(url),
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  };
}

// Without a user in the URL `pg` takes $USER, which need not be set; libpq takes the user's name.
function userOf(url: string): string | undefined {
  if (URL.parse(url)?.username || process.env.PGUSER) return undefined;
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}
