import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { appendEntries, beginEntry, verifyChain } from '../store/audit.ts';
import { openDatabase } from '../store/connect.ts';
import { AuditAppender } from './audit-appender.ts';

const facts = (id: string) => ({
  ...{ id, actor: { kind: 'token' as const, id: 'tk1', name: 'A' }, address: '127.0.0.1' },
  ...{ request_id: 'r', action: 'runAgent', resource: 'run', object_id: id },
  ...{ outcome: 'done' as const, status: 200, before: null, after: null },
});

test('what comes while the log is written is behind, and is written in the order it came', async () => {
  await using database = await createTestDatabase();
  const { db } = database;
  const key = randomBytes(32);
  const chain = `ws${'1'.repeat(30)}`;
  const entry = (at: number) => ({ chain, facts: facts(`au${at}`), pendingId: null });
  await appendEntries(db, key, [entry(0)]);
  const appender = new AuditAppender(db, key);
  let isWritten = false;
  let last: Promise<void> = Promise.resolve();
  await db.transaction(async (tx) => {
    await tx.query('SELECT FROM audit_heads FOR UPDATE');
    expect(appender.isBehind).toBe(false);
    for (let at = 1; at <= 5_000; at++) last = appender.append(entry(at));
    void last.then(() => {
      isWritten = true;
    });
    expect(appender.isBehind).toBe(true);
    await tx.query('SELECT 1');
    expect(isWritten).toBe(false);
  });
  await last;
  expect(appender.isBehind).toBe(false);
  expect(await verifyChain(db, key, chain)).toMatchObject({ ok: true, entries: 5_001 });
  const [order] = await db.query<{ ok: boolean }>(
    "SELECT bool_and(object_id = 'au' || (seq - 1)) AS ok FROM audit_entries",
  );
  expect(order).toEqual({ ok: true });
});

test('what cannot be written is told, and the next is written', async () => {
  await using database = await createTestDatabase();
  const { db } = database;
  const key = randomBytes(32);
  const appender = new AuditAppender(db, key);
  const entry = (id: string) => ({ chain: 'c', facts: facts(id), pendingId: null });
  await db.execute('ALTER TABLE audit_entries RENAME TO away');
  await expect(appender.append(entry('lost'))).rejects.toThrow(/audit_entries/);
  await db.execute('ALTER TABLE away RENAME TO audit_entries');
  await appender.append(entry('kept'));
  expect(await verifyChain(db, key, 'c')).toMatchObject({ ok: true, entries: 1 });
});

test('entries of several chains are appended together, each chain by itself', async () => {
  await using database = await createTestDatabase();
  const { db } = database;
  const key = randomBytes(32);
  const entry = (chain: string, id: string) => ({ chain, facts: facts(id), pendingId: null });
  await appendEntries(db, key, [entry('b', 'au1')]);
  await appendEntries(db, key, [entry('b', 'au2'), entry('a', 'au3'), entry('b', 'au4')]);
  expect(await verifyChain(db, key, 'a')).toMatchObject({ ok: true, entries: 1 });
  expect(await verifyChain(db, key, 'b')).toMatchObject({ ok: true, entries: 3 });
});

test('only what was noted before is waited for by the disk', async () => {
  await using database = await createTestDatabase();
  const key = randomBytes(32);
  await database.db.execute(
    `ALTER DATABASE ${database.connection.database} SET synchronous_commit = on`,
  );
  await using db = openDatabase(database.settings);
  await db.execute(
    `CREATE FUNCTION keep_durability() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       NEW.action := NEW.action || ' ' || current_setting('synchronous_commit'); RETURN NEW; END $$;
     CREATE TRIGGER keep BEFORE INSERT ON audit_entries FOR EACH ROW EXECUTE FUNCTION keep_durability();`,
  );
  await beginEntry(db, { id: 'au1', chain: 'c', facts: facts('au1') });
  await appendEntries(db, key, [{ chain: 'c', facts: facts('au1'), pendingId: 'au1' }]);
  await appendEntries(db, key, [{ chain: 'c', facts: facts('au2'), pendingId: null }]);
  const rows = await db.query<{ action: string }>('SELECT action FROM audit_entries ORDER BY seq');
  expect(rows.map(({ action }) => action)).toEqual(['runAgent on', 'runAgent off']);
});
