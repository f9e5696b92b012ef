import { expect, test } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { insertAgent } from '../../test/support/engine.ts';
import { ownSource } from '../core/record.ts';
import { takeTurn } from '../store/records.ts';
import { type ToldRecord, upsertRecords } from './upsert.ts';

const kind = 'reservations';
const told = (version: number): readonly ToldRecord[] => [
  { source: ownSource, externalId: 'r1', version, data: { status: 'confirmed', version } },
];

test('who lost the race for a new record tries again alone, before those who come later', async () => {
  await using database = await createTestDatabase();
  const { db } = database;
  const { workspaceId } = await insertAgent(db);
  const key = { workspaceId, kind };
  const order: string[] = [];
  const gates = { first: Promise.withResolvers<void>(), other: Promise.withResolvers<void>() };
  const entered = Promise.withResolvers<void>();
  const first = upsertRecords({ db }, key, told(1), {
    async inTransaction() {
      entered.resolve();
      await gates.first.promise;
    },
  });
  await entered.promise;
  const other = db.transaction(async (tx) => {
    await takeTurn(tx, key, 'beside others');
    await gates.other.promise;
    order.push('other');
  });
  const second = upsertRecords({ db }, key, told(2)).then((results) => {
    order.push('second');
    return results;
  });
  await untilWaiting('transactionid');
  gates.first.resolve();
  await first;
  await untilWaiting('advisory');
  const later = db.transaction(async (tx) => {
    await takeTurn(tx, key, 'beside others');
    order.push('later');
  });
  await untilWaiting('advisory', 2);
  gates.other.resolve();
  const [result] = await second;
  await Promise.all([other, later]);
  expect(result).toMatchObject({ outcome: 'updated', version: 2 });
  expect(order.slice(0, 1)).toEqual(['other']);
  expect(order).toHaveLength(3);
  expect(await db.query('SELECT version, data FROM records')).toMatchObject([{ version: 2 }]);

  async function untilWaiting(event: string, count = 1): Promise<void> {
    await expect.poll(() => waiting(event), { timeout: 10_000 }).toBeGreaterThanOrEqual(count);
  }

  async function waiting(event: string): Promise<number> {
    const [row] = await db.query<{ n: number }>({
      text: `SELECT count(*)::int AS n FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event = $1`,
      values: [event],
    });
    return row?.n ?? 0;
  }
});
