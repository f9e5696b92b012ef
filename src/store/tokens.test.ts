import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { hashTokenSecret, newTokenSecret, tokenHint } from '../core/token-secret.ts';
import {
  createToken,
  ensureAdminToken,
  findTokenByHash,
  hasAdminToken,
  listTokens,
  type NewToken,
  revokeToken,
  touchToken,
} from './tokens.ts';
import { createWorkspace, deleteWorkspace } from './workspaces.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const firstPage = { limit: 100, after: null };

async function newWorkspace(): Promise<string> {
  return (await createWorkspace(database.db, { name: 'W', rateLimit: null })).id;
}

function newToken(workspaceIds: string[], given: Partial<NewToken> = {}): NewToken {
  const secret = newTokenSecret('capi');
  return {
    name: 'CI',
    access: 'write',
    workspaceIds,
    expiresAt: null,
    secretHash: hashTokenSecret(secret),
    hint: tokenHint(secret),
    ...given,
  };
}

describe('tokens', () => {
  test('stand for their access and workspaces', async () => {
    const { db } = database;
    const ids = [await newWorkspace(), await newWorkspace()];
    const input = newToken(ids, { access: 'read' });
    const token = await createToken(db, 'all', input);
    expect(token).toMatchObject({ access: 'read', workspaces: ids.toSorted(), lastUsedAt: null });
    expect(await findTokenByHash(db, input.secretHash)).toEqual({
      tokenId: token.id,
      name: input.name,
      access: 'read',
      workspaces: ids.toSorted(),
      limits: { scopes: null, agentIds: null },
    });
    expect(await findTokenByHash(db, hashTokenSecret('another'))).toBeNull();
  });

  test('are nothing once expired, by the database’s clock', async () => {
    const { db } = database;
    const input = newToken([await newWorkspace()], { expiresAt: new Date(Date.now() + 3_600_000) });
    const token = await createToken(db, 'all', input);
    expect(await findTokenByHash(db, input.secretHash)).not.toBeNull();
    await db.execute({
      text: `UPDATE tokens SET expires_at = clock_timestamp() - interval '1 ms' WHERE id = $1`,
      values: [token.id],
    });
    expect(await findTokenByHash(db, input.secretHash)).toBeNull();
  });

  test('are nothing once revoked', async () => {
    const { db } = database;
    const input = newToken([await newWorkspace()]);
    const token = await createToken(db, 'all', input);
    expect(await revokeToken(db, 'all', token.id)).toMatchObject({ id: token.id });
    expect(await revokeToken(db, 'all', token.id)).toBeNull();
    expect(await findTokenByHash(db, input.secretHash)).toBeNull();
    const { items } = await listTokens(db, 'all', firstPage);
    expect(items.map((each) => each.id)).not.toContain(token.id);
  });

  test('lose a workspace that is deleted', async () => {
    const { db } = database;
    const [kept, gone] = [await newWorkspace(), await newWorkspace()];
    const input = newToken([kept, gone]);
    await createToken(db, 'all', input);
    await deleteWorkspace(db, 'all', gone);
    expect(await findTokenByHash(db, input.secretHash)).toMatchObject({ workspaces: [kept] });
  });

  test('need workspaces that exist and an expiry to come', async () => {
    const { db } = database;
    const id = await newWorkspace();
    const create = async (input: NewToken) => createToken(db, 'all', input);
    await expect(create(newToken([]))).rejects.toMatchObject({ problem: 'validation_error' });
    await expect(create(newToken([id, 'ws-none']))).rejects.toMatchObject({
      problem: 'invalid_workspace',
    });
    await expect(create(newToken([id], { expiresAt: new Date(0) }))).rejects.toMatchObject({
      problem: 'validation_error',
      details: { expires_at: expect.any(String) },
    });
  });

  test('a scope sees and revokes only tokens that reach nothing outside it', async () => {
    const { db } = database;
    const [mine, other] = [await newWorkspace(), await newWorkspace()];
    const own = await createToken(db, 'all', newToken([mine]));
    const both = await createToken(db, 'all', newToken([mine, other]));
    expect((await listTokens(db, [mine], firstPage)).items).toEqual([own]);
    expect(await revokeToken(db, [mine], both.id)).toBeNull();
    expect(await revokeToken(db, [mine], own.id)).not.toBeNull();
  });

  test('note their use at most once a minute', async () => {
    const { db } = database;
    const { id } = await createToken(db, 'all', newToken([await newWorkspace()]));
    const lastUsed = async () =>
      (await listTokens(db, 'all', firstPage)).items.find((token) => token.id === id)?.lastUsedAt;
    await touchToken(db, id);
    const first = await lastUsed();
    expect(first).toBeInstanceOf(Date);
    await touchToken(db, id);
    expect(await lastUsed()).toEqual(first);
    await db.execute({
      text: `UPDATE tokens SET last_used_at = last_used_at - interval '2 minutes' WHERE id = $1`,
      values: [id],
    });
    await touchToken(db, id);
    expect((await lastUsed())?.getTime()).toBeGreaterThanOrEqual(first?.getTime() ?? 0);
  });
});

describe('the admin token', () => {
  test('is minted once by servers that start at once, and replaced by a configured one', async () => {
    await using fresh = await createTestDatabase();
    const { db } = fresh;
    expect(await hasAdminToken(db)).toBe(false);
    const mint = (secret: string, onlyIfNone: boolean) =>
      ensureAdminToken(db, { secretHash: hashTokenSecret(secret), hint: 'x', onlyIfNone });
    const minted = await Promise.all(['a', 'b', 'c'].map((secret) => mint(secret, true)));
    expect(minted.filter(Boolean)).toHaveLength(1);
    expect(await hasAdminToken(db)).toBe(true);

    await mint('configured', false);
    await mint('configured', false);
    expect(await findTokenByHash(db, hashTokenSecret('configured'))).toMatchObject({
      access: 'admin',
      workspaces: 'all',
    });
    for (const secret of ['a', 'b', 'c']) {
      expect(await findTokenByHash(db, hashTokenSecret(secret))).toBeNull();
    }
    const { items } = await listTokens(db, 'all', firstPage);
    expect(items).toHaveLength(1);
    await expect(revokeToken(db, 'all', items[0]?.id ?? '')).rejects.toMatchObject({
      problem: 'conflict',
    });
    expect(await findTokenByHash(db, hashTokenSecret('configured'))).not.toBeNull();
  });
});
