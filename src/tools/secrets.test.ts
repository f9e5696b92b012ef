import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { maxSecretBytes } from '../core/secret.ts';
import { createSecretBox, SecretBoxError } from '../core/secret-box.ts';
import { createWorkspace } from '../store/workspaces.ts';
import { openSecrets, removeSecret, requireSecret, type SecretDeps, setSecret } from './secrets.ts';

let database: TestDatabase;
let deps: SecretDeps;
let workspaceId: string;
let otherId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  deps = { db: database.db, secretBox: createSecretBox('a secret key of the tests') };
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(async () => {
  workspaceId = (await createWorkspace(database.db, { name: 'W', rateLimit: null })).id;
  otherId = (await createWorkspace(database.db, { name: 'O', rateLimit: null })).id;
});

const key = (name: string) => ({ workspaceId, name });

test('a value is stored sealed, and opens for its own workspace and name alone', async () => {
  const value = 'sk_live_é\u0000\n😀';
  expect(await setSecret(deps, key('A_KEY'), value)).toMatchObject({ isNew: true });
  const sealedRows = await database.db.query<{ sealed: string }>({
    text: 'SELECT * FROM secrets WHERE workspace_id = $1',
    values: [workspaceId],
  });
  expect(JSON.stringify(sealedRows)).not.toContain('sk_live');
  const opened = await openSecrets(deps, { workspaceId, names: ['A_KEY'] });
  expect(opened).toEqual({ values: { A_KEY: value }, missing: [] });
  const foreign = await openSecrets(deps, { workspaceId: otherId, names: ['A_KEY'] });
  expect(foreign).toEqual({ values: {}, missing: ['A_KEY'] });
});

test('a row that was moved to another workspace or name does not open', async () => {
  await setSecret(deps, key('MOVED'), 'the value of one');
  await database.db.execute({
    text: `INSERT INTO secrets (workspace_id, name, sealed)
      SELECT $2, 'MOVED', sealed FROM secrets WHERE workspace_id = $1
      UNION ALL SELECT $1, 'RENAMED', sealed FROM secrets WHERE workspace_id = $1`,
    values: [workspaceId, otherId],
  });
  for (const [id, name] of [
    [otherId, 'MOVED'],
    [workspaceId, 'RENAMED'],
  ] as const) {
    const opening = openSecrets(deps, { workspaceId: id, names: [name] });
    await expect(opening).rejects.toThrow(SecretBoxError);
  }
});

test('two workspaces have secrets of the same name that never mix, written at the same time', async () => {
  await Promise.all(
    Array.from({ length: 40 }, (_, n) =>
      setSecret(
        deps,
        { workspaceId: n % 2 === 0 ? workspaceId : otherId, name: 'SAME' },
        `value ${n}`,
      ),
    ),
  );
  for (const [id, rest] of [
    [workspaceId, 0],
    [otherId, 1],
  ] as const) {
    const { values } = await openSecrets(deps, { workspaceId: id, names: ['SAME'] });
    expect(Number(values.SAME?.slice('value '.length)) % 2).toBe(rest);
  }
  await removeSecret(deps.db, { workspaceId, name: 'SAME' });
  await expect(requireSecret(deps.db, key('SAME'))).rejects.toMatchObject({ problem: 'not_found' });
  expect(await requireSecret(deps.db, { workspaceId: otherId, name: 'SAME' })).toMatchObject({
    workspaceId: otherId,
  });
});

test.each([
  ['lower', 'x', 'name'],
  ['1A', 'x', 'name'],
  ['A-B', 'x', 'name'],
  ['A'.repeat(65), 'x', 'name'],
  ['__PROTO__', 'x', 'name'],
  ['A', '', 'value'],
  ['A', '\ud800', 'value'],
  ['A', 'é'.repeat(maxSecretBytes / 2 + 1), 'value'],
])('refuses the name %j with the value %j', async (name, value, field) => {
  await expect(setSecret(deps, key(name), value)).rejects.toMatchObject({
    problem: 'validation_error',
    details: { [field]: expect.any(String) },
  });
});
