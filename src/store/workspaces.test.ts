import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newAgentRow } from '../../test/support/agents.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { newId } from '../core/ids.ts';
import { insertAgent } from './agents.ts';
import { listInboxTypes } from './inbox-types.ts';
import {
  createWorkspace,
  deleteWorkspace,
  ensureDefaultWorkspace,
  getWorkspace,
  listWorkspaces,
  updateWorkspace,
} from './workspaces.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const firstPage = { limit: 100, after: null };

describe('workspaces', () => {
  test('servers that start at once make one Default, with the inbox type guest', async () => {
    await using fresh = await createTestDatabase();
    await Promise.all(Array.from({ length: 5 }, () => ensureDefaultWorkspace(fresh.db)));
    await ensureDefaultWorkspace(fresh.db);
    const { items } = await listWorkspaces(fresh.db, 'all', firstPage);
    expect(items.map((workspace) => workspace.name)).toEqual(['Default']);
    const id = items[0]?.id ?? '';
    expect(await listInboxTypes(fresh.db, [id], id)).toEqual([{ id: 'guest', name: 'Guest' }]);
  });

  test('are seen in scope only, deleted ones not at all', async () => {
    const { db } = database;
    const [one, two] = [
      await createWorkspace(db, { name: 'One', rateLimit: null }),
      await createWorkspace(db, { name: 'Two', rateLimit: 60 }),
    ];
    const scope = [one.id];
    expect(await getWorkspace(db, scope, one.id)).toEqual(one);
    expect(await getWorkspace(db, scope, two.id)).toBeNull();
    expect(await getWorkspace(db, 'all', 'nonsense\0')).toBeNull();
    expect((await listWorkspaces(db, scope, firstPage)).items).toEqual([one]);
    expect((await listWorkspaces(db, [], firstPage)).items).toEqual([]);
    expect(await updateWorkspace(db, scope, two.id, { name: 'Mine' })).toBeNull();
    expect(await deleteWorkspace(db, scope, two.id)).toBe(false);
    expect(await listInboxTypes(db, scope, two.id)).toEqual([]);
    expect(await deleteWorkspace(db, 'all', two.id)).toBe(true);
    expect(await deleteWorkspace(db, 'all', two.id)).toBe(false);
    expect(await getWorkspace(db, 'all', two.id)).toBeNull();
  });

  test('change only in what is given', async () => {
    const { db } = database;
    const { id } = await createWorkspace(db, { name: 'A\0b', rateLimit: 5 });
    expect(await updateWorkspace(db, 'all', id, {})).toMatchObject({ name: 'A\0b', rateLimit: 5 });
    expect(await updateWorkspace(db, 'all', id, { rateLimit: null })).toMatchObject({
      name: 'A\0b',
      rateLimit: null,
    });
    expect(await updateWorkspace(db, 'all', id, { rateLimit: 0 })).toMatchObject({
      rateLimit: 0,
      maxRunning: null,
    });
    expect(await updateWorkspace(db, 'all', id, { maxRunning: 3 })).toMatchObject({
      maxRunning: 3,
    });
    expect(await updateWorkspace(db, 'all', id, { name: 'B' })).toMatchObject({
      rateLimit: 0,
      maxRunning: 3,
    });
  });

  test('are not deleted while they hold an agent', async () => {
    const { db } = database;
    const { id } = await createWorkspace(db, { name: 'Full', rateLimit: null });
    await db.transaction((tx) => insertAgent(tx, newAgentRow({ workspaceId: id })));
    await expect(deleteWorkspace(db, 'all', id)).rejects.toMatchObject({ problem: 'conflict' });
  });

  test('lists page through everything once, newest first, while others are added', async () => {
    await using fresh = await createTestDatabase();
    const { db } = fresh;
    // All of one moment, so that only the id tells them apart.
    await db.execute({
      text: `INSERT INTO workspaces (id, name, created_at)
        SELECT unnest($1::text[]), 'x', '2026-01-01T00:00:00Z'`,
      values: [Array.from({ length: 7 }, () => newId('workspace'))],
    });
    const seen: string[] = [];
    let after: { createdAt: Date; id: string } | null = null;
    do {
      const page = await listWorkspaces(db, 'all', { limit: 3, after });
      seen.push(...page.items.map((workspace) => workspace.id));
      await createWorkspace(db, { name: 'Later', rateLimit: null });
      after = page.next;
    } while (after !== null);
    expect(seen).toHaveLength(7);
    expect(seen).toEqual(seen.toSorted().toReversed());
  });

  test('a hook that throws undoes the creation', async () => {
    const { db } = database;
    const before = (await listWorkspaces(db, 'all', firstPage)).items.length;
    const failing = createWorkspace(db, { name: 'Never', rateLimit: null }, async () => {
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect((await listWorkspaces(db, 'all', firstPage)).items).toHaveLength(before);
  });
});
