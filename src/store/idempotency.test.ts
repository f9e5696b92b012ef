import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import {
  findIdempotent,
  hashBody,
  type IdempotencyKey,
  insertIdempotent,
  sweepIdempotency,
} from './idempotency.ts';
import { createWorkspace, listWorkspaces } from './workspaces.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

function newKey(key: string, body = '{}'): IdempotencyKey {
  return { workspaceId: 'ws1', route: 'POST /v1/agents', key, bodyHash: hashBody(body) };
}

const answer = { status: 201, responseJson: '{"data":"\uE000"}' };

async function age(key: string): Promise<void> {
  await database.db.execute({
    text: `UPDATE idempotency_keys SET created_at = created_at - interval '24 hours 1 second' WHERE key = $1`,
    values: [key],
  });
}

describe('idempotency keys', () => {
  test('give the first answer back, exactly', async () => {
    const { db } = database;
    expect(await findIdempotent(db, newKey('a'))).toEqual({ kind: 'absent' });
    expect(await insertIdempotent(db, newKey('a'), answer)).toEqual({ kind: 'stored' });
    expect(await findIdempotent(db, newKey('a'))).toEqual({ kind: 'same', ...answer });
    const again = await insertIdempotent(db, newKey('a'), { status: 200, responseJson: '2' });
    expect(again).toEqual({ kind: 'same', ...answer });
  });

  test('tell another body, and know nothing of other workspaces and routes', async () => {
    const { db } = database;
    await insertIdempotent(db, newKey('b'), answer);
    expect(await findIdempotent(db, newKey('b', '[]'))).toEqual({ kind: 'other_body' });
    expect(await insertIdempotent(db, newKey('b', '[]'), answer)).toEqual({ kind: 'other_body' });
    const elsewhere = { ...newKey('b'), workspaceId: 'ws2' };
    expect(await findIdempotent(db, elsewhere)).toEqual({ kind: 'absent' });
    expect(await findIdempotent(db, { ...newKey('b'), route: 'other' })).toEqual({
      kind: 'absent',
    });
  });

  test('count for a day, and are replaced after it', async () => {
    const { db } = database;
    await insertIdempotent(db, newKey('c'), answer);
    await age('c');
    expect(await findIdempotent(db, newKey('c'))).toEqual({ kind: 'absent' });
    const other = { status: 200, responseJson: '"new"' };
    expect(await insertIdempotent(db, newKey('c', 'other'), other)).toEqual({ kind: 'stored' });
    expect(await findIdempotent(db, newKey('c', 'other'))).toEqual({ kind: 'same', ...other });
  });

  test('are swept when they have expired', async () => {
    const { db } = database;
    await insertIdempotent(db, newKey('d'), answer);
    await insertIdempotent(db, newKey('e'), answer);
    await age('d');
    expect(await sweepIdempotency(db)).toBe(1);
    expect(await findIdempotent(db, newKey('e'))).toMatchObject({ kind: 'same' });
  });

  test('keep only successes', async () => {
    const refused = insertIdempotent(database.db, newKey('f'), { status: 422, responseJson: '{}' });
    await expect(refused).rejects.toThrow(RangeError);
  });

  test('of requests at the same time one creates, and all get its answer', async () => {
    const { db } = database;
    const page = { limit: 100, after: null };
    const before = (await listWorkspaces(db, 'all', page)).items.length;
    const request = async (name: string) => {
      let answered: unknown = null;
      try {
        await createWorkspace(db, { name, rateLimit: null }, async (tx, created) => {
          const mine = { status: 201, responseJson: JSON.stringify(created.id) };
          const outcome = await insertIdempotent(tx, newKey('g'), mine);
          answered = outcome.kind === 'stored' ? mine.responseJson : outcome;
          if (outcome.kind !== 'stored') throw new Error('another was first');
        });
        return answered;
      } catch {
        return (answered as { responseJson: string }).responseJson;
      }
    };
    const answers = await Promise.all(['1', '2', '3', '4'].map(request));
    expect(new Set(answers).size).toBe(1);
    expect((await listWorkspaces(db, 'all', page)).items).toHaveLength(before + 1);
  });
});
