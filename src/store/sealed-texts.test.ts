import { expect, test } from 'vitest';
import { createTestApi } from '../../test/support/api.ts';
import { createApiObjects } from '../../test/support/api-objects.ts';
import { firstSealed } from '../../test/support/first-sealed.ts';
import { wholeDatabase } from '../../test/support/whole-database.ts';
import { createSecretBox } from '../core/secret-box.ts';
import { openSecrets, setSecret } from '../tools/secrets.ts';
import { secretPlace } from '../webhooks/send.ts';
import { resealAll } from './sealed-texts.ts';

const former = 'a secret key of the tests';
const current = 'the key that comes after it, as long';
const ring = createSecretBox(current, [former]);
const after = createSecretBox(current);

test('everything that is sealed comes under the new key, and serves as before', async () => {
  await using api = await createTestApi();
  const { db } = api.deps;
  const workspaceId = api.workspace.id;
  const { agent, webhook } = await createApiObjects(api, workspaceId);
  const keyed = { 'Idempotency-Key': 'once', 'Content-Type': 'application/json' };
  const token = { name: 'Kept', access: 'read', workspace_ids: [workspaceId] };
  const admin = { token: api.tokens.admin, headers: keyed, body: token };
  const made = await api.request('POST', '/v1/tokens', admin);
  expect(made.status).toBe(201);
  const hooked = await api.request('PATCH', `/v1/agents/${agent}`, {
    body: {
      triggers: [
        {
          name: 'Signed',
          type: 'webhook',
          config: { verify: 'token', secret: 'hook-secret-of-old' },
        },
      ],
    },
  });
  const trigger = hooked.json.data.triggers[0];
  const rotate = `/v1/agents/${agent}/triggers/${trigger.id}/rotate-secret`;
  const rotated = await api.request('POST', rotate, { body: { overlap_hours: 24 } });
  expect(rotated.status, rotated.text).toBe(200);
  // As of before there were envelopes.
  await db.execute({
    text: 'INSERT INTO secrets (workspace_id, name, sealed) VALUES ($1, $2, $3)',
    values: [
      workspaceId,
      'FIRST',
      firstSealed(former, 'first value', `secret/${workspaceId}/FIRST`),
    ],
  });
  await db.execute({
    text: 'UPDATE webhooks SET former_secret = $2 WHERE id = $1',
    values: [webhook, firstSealed(former, 'former webhook secret', secretPlace(webhook))],
  });

  const seen: number[] = [];
  const { changed, unopened } = await resealAll(db, ring, (count) => seen.push(count));
  expect(unopened).toEqual(new Map());
  expect(changed).toBeGreaterThanOrEqual(7);
  expect(seen.at(-1)).toBe(changed);
  expect((await resealAll(db, ring)).changed).toBe(0);
  const whole = await wholeDatabase(api.deps.db);
  expect(whole).toContain(`v2.${after.keyId}.`);
  expect(whole).not.toMatch(/\bv1\.[A-Za-z0-9_-]{38}/);
  expect(whole).not.toContain(createSecretBox(former).keyId);

  Object.assign(api.deps, { secretBox: after });
  Object.assign(api.deps.agents, { secretBox: after });
  const values = await openSecrets(api.deps, { workspaceId, names: ['FIRST', 'API_KEY'] });
  expect(values.values).toEqual({ FIRST: 'first value', API_KEY: 'an api key' });
  expect((await api.request('POST', '/v1/tokens', admin)).json).toEqual(made.json);
  // The secret in force and the one before it, which are told apart by what is sealed.
  for (const secret of ['hook-secret-of-old', rotated.json.data.secret]) {
    const called = await api.app.request(trigger.config.url, {
      method: 'POST',
      headers: { Authorization: `Bearer ${secret}` },
      body: '{}',
    });
    expect(called.status).toBe(202);
  }
});

test('a change that was broken off goes on, beside servers that write', async () => {
  await using api = await createTestApi();
  const { deps } = api;
  const workspaceId = api.workspace.id;
  for (let n = 0; n < 450; n++) {
    await setSecret(
      deps,
      { workspaceId: n < 150 ? workspaceId : api.otherWorkspace.id, name: `S_${n}` },
      `v${n}`,
    ).catch(() => undefined);
  }
  const [{ n } = { n: 0 }] = await deps.db.query<{ n: number }>(
    'SELECT count(*) AS n FROM secrets',
  );
  expect(n).toBeGreaterThan(200);
  const crash = () => {
    throw new Error('The process died');
  };
  await expect(resealAll(deps.db, ring, crash)).rejects.toThrow('died');
  // A server of the former key, and one of both.
  await setSecret(deps, { workspaceId, name: 'S_1' }, 'by a server of before');
  await setSecret({ ...deps, secretBox: ring }, { workspaceId, name: 'S_2' }, 'by a server of now');
  const { unopened } = await resealAll(deps.db, ring);
  expect(unopened.size).toBe(0);
  const names = ['S_0', 'S_1', 'S_2', 'S_3'];
  const read = await openSecrets({ ...deps, secretBox: after }, { workspaceId, names });
  expect(Object.values(read.values)).toEqual([
    'v0',
    'by a server of before',
    'by a server of now',
    'v3',
  ]);
});

test('what only looks sealed, or opens with no key, is left as it is and told of', async () => {
  await using api = await createTestApi();
  const { db } = api.deps;
  const strange = `see v1.${'A'.repeat(60)} and ${createSecretBox('a key that nobody knows').seal('x')}`;
  await db.execute({ text: 'UPDATE workspaces SET name = $1', values: [strange] });
  const { changed, unopened } = await resealAll(db, ring);
  expect([changed, unopened]).toEqual([0, new Map([['workspaces.name', 1]])]);
  const [row] = await db.query<{ name: string }>('SELECT DISTINCT name FROM workspaces');
  expect(row?.name).toBe(strange);
});
