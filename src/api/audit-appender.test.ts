import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { appendEntries, verifyChain } from '../store/audit.ts';
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
