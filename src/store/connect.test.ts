import { describe, expect, test } from 'vitest';
import { CuttableProxy } from '../../test/chaos/proxy.ts';
import { createTestDatabase } from '../../test/support/database.ts';
import { answeringWithin, openDatabase, type Queryable } from './connect.ts';
import { databaseFault } from './database-fault.ts';

const errorOf = (promise: Promise<unknown>): Promise<{ code?: string; message: string }> =>
  promise.then(
    () => expect.unreachable('It should have failed.'),
    (error) => error,
  );

const pidOf = async (db: Queryable) =>
  (await db.query<{ pid: number }>('SELECT pg_backend_pid() AS pid'))[0]?.pid;

test('gives bigint as a number, dates as text and times as Date to the millisecond', async () => {
  await using database = await createTestDatabase();
  const [row] = await database.db.query({
    text: `SELECT 9007199254740991::bigint AS big, DATE '2026-02-28' AS day, $1::timestamptz AS time,
             ARRAY[1, 2]::bigint[] AS many`,
    values: [new Date('2026-03-08T07:00:00.123Z')],
  });
  expect(row).toEqual({
    big: 2 ** 53 - 1,
    day: '2026-02-28',
    time: new Date('2026-03-08T07:00:00.123Z'),
    many: [1, 2],
  });
});

test('refuses to round a bigint beyond 2^53', async () => {
  await using database = await createTestDatabase();
  const error = await errorOf(database.db.query('SELECT 9007199254740993::bigint AS big'));
  expect(error.message).toContain('9007199254740993, which is beyond 2^53');
});

test('sets up every session alike', async () => {
  await using database = await createTestDatabase({
    statementTimeoutMs: 1_234,
    transactionTimeoutMs: 5_678,
    lockTimeoutMs: 910,
  });
  const show = `SELECT name, setting FROM pg_settings WHERE name IN ('application_name', 'statement_timeout',
    'transaction_timeout', 'lock_timeout', 'TimeZone') ORDER BY name`;
  const expected = [
    { name: 'application_name', setting: 'signalbox' },
    { name: 'lock_timeout', setting: '910' },
    { name: 'statement_timeout', setting: '1234' },
    { name: 'TimeZone', setting: 'UTC' },
    { name: 'transaction_timeout', setting: '5678' },
  ];
  const byName = (rows: { name: string }[]) =>
    rows.sort((a, b) => a.name.toLowerCase().localeCompare(b.name.toLowerCase()));
  expect(byName(await database.db.query(show))).toEqual(expected);
  await using byUrl = openDatabase(
    { kind: 'url', url: database.url },
    { statementTimeoutMs: 1_234, transactionTimeoutMs: 5_678, lockTimeoutMs: 910 },
  );
  expect(byName(await byUrl.query(show))).toEqual(expected);
});

describe('a transaction', () => {
  test('commits what its work wrote, and rolls all of it back when the work throws', async () => {
    await using database = await createTestDatabase();
    const { db } = database;
    await db.execute('CREATE TABLE thing (id integer)');
    const insert = (tx: Queryable) => tx.execute('INSERT INTO thing VALUES (1), (2)');
    expect(await db.transaction(insert)).toBe(2);
    const failing = db.transaction(async (tx) => {
      await insert(tx);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await db.query('SELECT count(*) AS n FROM thing')).toEqual([{ n: 2 }]);
  });

  test('has the isolation and the timeouts it asks for, and leaves the session as it was', async () => {
    await using database = await createTestDatabase({ max: 1 });
    const show = `SELECT current_setting('transaction_isolation') AS isolation,
      current_setting('lock_timeout') AS lock, current_setting('transaction_timeout') AS transaction`;
    const inside = await database.db.transaction((tx) => tx.query(show), {
      isolation: 'repeatable read',
      lockTimeoutMs: 50,
      transactionTimeoutMs: 2_000,
    });
    expect(inside).toEqual([{ isolation: 'repeatable read', lock: '50ms', transaction: '2s' }]);
    expect(await database.db.query(show)).toEqual([
      { isolation: 'read committed', lock: '0', transaction: '1min' },
    ]);
  });
});

describe('a connection that is lost', () => {
  test('in the middle of a transaction fails it, and the pool goes on with a new one', async () => {
    await using database = await createTestDatabase({ max: 1 });
    await using admin = openDatabase(database.settings, { max: 1 });
    const error = await errorOf(
      database.db.transaction(async (tx) => {
        const pid = await pidOf(tx);
        await admin.query({ text: 'SELECT pg_terminate_backend($1, 5000)', values: [pid] });
        await tx.query('SELECT 1');
      }),
    );
    expect(databaseFault(error)).toBe('connection');
    expect(await database.db.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('while idle does not end the process, and is reported', async () => {
    const reported: Error[] = [];
    await using database = await createTestDatabase({
      max: 1,
      onIdleError: (e) => reported.push(e),
    });
    const before = await pidOf(database.db);
    await using admin = openDatabase(database.settings, { max: 1 });
    await admin.query({ text: 'SELECT pg_terminate_backend($1, 5000)', values: [before] });
    await expect.poll(() => reported.length).toBe(1);
    expect(await pidOf(database.db)).not.toBe(before);
  });

  test('settles `closed` of a dedicated connection with the error', async () => {
    await using database = await createTestDatabase();
    await using dedicated = await database.db.connect();
    const pid = await pidOf(dedicated);
    expect(dedicated.announcedPid).toBe(pid);
    await database.db.query({ text: 'SELECT pg_terminate_backend($1, 5000)', values: [pid] });
    expect(databaseFault(await dedicated.closed)).toBe('connection');
  });
});

test('an error of a statement leaves its connection in the pool', async () => {
  await using database = await createTestDatabase({ max: 1 });
  const before = await pidOf(database.db);
  await errorOf(database.db.query('SELECT 1 / 0'));
  expect(await pidOf(database.db)).toBe(before);
});

test('a dedicated connection hears notifications', async () => {
  await using database = await createTestDatabase();
  await using dedicated = await database.db.connect();
  const heard = new Promise((resolve) => {
    dedicated.onNotification((channel, payload) => resolve([channel, payload]));
  });
  await dedicated.execute('LISTEN wake');
  await database.db.execute(`NOTIFY wake, 'run 7'`);
  expect(await heard).toEqual(['wake', 'run 7']);
});

describe('an error tells what to do', () => {
  test('from real statements', async () => {
    await using database = await createTestDatabase({ statementTimeoutMs: 300 });
    const { db } = database;
    const fault = async (sql: string) => databaseFault(await errorOf(db.query(sql)));
    expect(await fault(`SELECT 'x'::integer`)).toBe('bad_data');
    expect(await fault(`SELECT convert_from('\\x00', 'UTF8')`)).toBe('bad_data');
    expect(await fault(`INSERT INTO schema_migrations VALUES (1, 'again', '')`)).toBe('bad_data');
    expect(await fault('SELECT pg_sleep(5)')).toBe('transient');
    expect(await fault('SELEC 1')).toBe('other');
    expect(await fault('SELECT * FROM nowhere')).toBe('other');
  });

  test('from a lock that is not given in time', async () => {
    await using database = await createTestDatabase();
    const lock = 'LOCK TABLE schema_migrations IN ACCESS EXCLUSIVE MODE';
    const error = await database.db.transaction(async (holder) => {
      await holder.execute(lock);
      return await errorOf(
        database.db.transaction((tx) => tx.execute(lock), { lockTimeoutMs: 20 }),
      );
    });
    expect([error.code, databaseFault(error)]).toEqual(['55P03', 'transient']);
  });

  test('from a server that is not there', async () => {
    const gone = { host: '/nonexistent', port: 5432, user: 'x', database: 'x' };
    await using bySocket = openDatabase({ kind: 'embedded', connection: gone });
    expect(databaseFault(await errorOf(bySocket.query('SELECT 1')))).toBe('connection');
    await using byTcp = openDatabase({ kind: 'url', url: 'postgresql://x@127.0.0.1:1/x' });
    expect(databaseFault(await errorOf(byTcp.query('SELECT 1')))).toBe('connection');
  });

  test('and an error of anything else is `other`', () => {
    expect(databaseFault(new Error('no'))).toBe('other');
    expect(databaseFault(Object.assign(new Error('no file'), { code: 'ENOENT' }))).toBe('other');
    expect(databaseFault(null)).toBe('other');
  });
});

test.each(['EPIPE', 'ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT'])(
  'takes a socket error %s for a lost connection, whatever its code looks like',
  (code) => {
    expect(databaseFault(Object.assign(new Error(`write ${code}`), { code }))).toBe('connection');
  },
);

test('a prepared statement goes on when a migration changes its table', async () => {
  await using database = await createTestDatabase({ max: 3 });
  const { db } = database;
  await db.execute('CREATE TABLE changing (a integer)');
  await db.execute('INSERT INTO changing VALUES (1)');
  const read = () => db.query({ name: 'read-changing', text: 'SELECT * FROM changing' });
  const readOnAll = () => Promise.all(Array.from({ length: 12 }, read));
  await readOnAll();
  await db.execute('ALTER TABLE changing ADD COLUMN b integer DEFAULT 2');
  for (const rows of await readOnAll()) expect(rows).toEqual([{ a: 1, b: 2 }]);
});

test('a database that stands still is told to each caller in time, and its connections are not used again', async () => {
  await using database = await createTestDatabase();
  const { host, port, user, database: name } = database.connection;
  await using proxy = new CuttableProxy(`${host}/.s.PGSQL.${port}`);
  const url = `postgresql://${user}@127.0.0.1:${await proxy.listen()}/${name}`;
  await using whole = openDatabase({ kind: 'url', url }, { max: 2 });
  const db = answeringWithin(whole, 1_000);
  const before = await Promise.all([pidOf(whole), pidOf(whole)]);
  proxy.hold(3_000);
  const calls = [
    db.query('SELECT 1'),
    db.transaction((tx) => tx.query('SELECT 1')),
    // No connection is left for this one.
    db.query('SELECT 1'),
  ];
  const errors = await Promise.all(calls.map(errorOf));
  expect(errors.map(databaseFault)).toEqual(['connection', 'connection', 'connection']);
  await expect
    .poll(() => pidOf(db).catch(() => null), { timeout: 20_000, interval: 100 })
    .toEqual(expect.any(Number));
  expect(before).not.toContain(await pidOf(whole));
});
