import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../test/support/api.ts';
import { type ApiObjects, createApiObjects } from '../../test/support/api-objects.ts';
import { type RunningIndexer, startIndexer } from '../../test/support/knowledge.ts';
import { addPerson } from '../../test/support/people.ts';
import { hashOfPlanted, plantContact } from '../../test/support/planted-contact.ts';
import { wholeDatabase } from '../../test/support/whole-database.ts';
import { newId } from '../core/ids.ts';
import type { Database } from '../store/connect.ts';
import { workOnErasures } from './erase-contact.ts';

// A word that nothing else says is planted wherever something about a contact can stand.

const canary = 'Zyxwvuquark';
const address = 'zyxwvuquark@example.com';
const ofOthers = 'Kept for somebody else';

let api: TestApi;
let indexing: RunningIndexer;
let objects: ApiObjects;
beforeAll(async () => {
  api = await createTestApi();
  indexing = startIndexer({ db: api.deps.db, logger: api.deps.logger });
  objects = await createApiObjects(api, api.workspace.id);
});
afterAll(async () => {
  await indexing?.[Symbol.asyncDispose]();
  await api?.[Symbol.asyncDispose]();
});

const plant = (word: string, value: string) =>
  plantContact({ api, objects, indexer: indexing.indexer }, word, value);

/** A database that goes away at the given transaction, counted from one. */
function failing(db: Database, at: number): Database {
  let count = 0;
  return Object.assign(Object.create(db) as Database, {
    query: db.query.bind(db),
    execute: db.execute.bind(db),
    transaction: (...given: Parameters<Database['transaction']>) => {
      count += 1;
      if (count === at) return Promise.reject(new Error('The process died.'));
      return db.transaction(...given);
    },
  });
}

test('what is kept about a contact is exported whole, and erased everywhere, whatever dies meanwhile', async () => {
  const { db } = api.deps;
  const other = await plant(ofOthers, 'somebody.else@example.com');
  const contact = await plant(canary, address);
  const owner = await addPerson(api, api.workspace.id, 'owner');
  const asOwner = {
    token: null,
    headers: { Cookie: owner.cookie, 'Sec-Fetch-Site': 'same-origin' },
  };

  const exported = await api.request('POST', `/v1/contacts/${contact}/export`, asOwner);
  expect(exported.status).toBe(200);
  const rows = exported.text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly table: string; readonly row: object });
  const told = new Set(rows.map(({ table }) => table));
  const expected = `contacts contact_channels conversations messages attachments runs journal spills memories
    trigger_events webhook_messages approvals escalations kb_gaps kb_nodes scheduled_runs tool_runs test_cases
    chat_sessions chat_tokens chat_uploads named_threads store_items insight_analyses records field_decisions
    script_runs run_feedback`;
  expect([...told]).toEqual(expect.arrayContaining(expected.split(/\s+/)));
  expect(exported.text).not.toContain(Buffer.from(hashOfPlanted).toString('hex'));
  expect(rows.filter(({ table }) => table === 'runs')).toHaveLength(5);
  for (const [table, count] of [
    ['records', 2],
    ['field_decisions', 3],
    ['script_runs', 3],
  ] as const) {
    expect(
      rows.filter((row) => row.table === table),
      table,
    ).toHaveLength(count);
  }
  expect(exported.text).not.toContain(ofOthers);
  const pending = await db.query(`SELECT 1 FROM erasures WHERE contact_id = '${contact}'`);
  expect(pending).toEqual([]);

  const begun = await api.request('POST', `/v1/contacts/${contact}/erase`, asOwner);
  expect([begun.status, begun.json.data.status]).toEqual([202, 'pending']);
  const again = await api.request('POST', `/v1/contacts/${contact}/erase`, asOwner);
  expect(again.json.data.id).toBe(begun.json.data.id);
  const path = `/v1/erasures/${begun.json.data.id}`;

  // A process dies at every step in turn, and another takes the erasure up when the claim is over.
  const engine = { stop: () => undefined };
  for (let at = 1; at < 30; at++) {
    await workOnErasures({ db: failing(db, at), engine }).catch(() => undefined);
    await db.execute('UPDATE erasures SET due_at = clock_timestamp()');
  }
  await expect
    .poll(
      async () => {
        await workOnErasures({ db, engine });
        return (await api.request('GET', path, asOwner)).json.data.status;
      },
      { timeout: 30_000 },
    )
    .toBe('done');

  const left = await wholeDatabase(db);
  for (const word of [canary, canary.toLowerCase(), address, Buffer.from(canary).toString('hex')])
    expect(left.includes(word), word).toBe(false);
  expect((await api.request('GET', `/v1/contacts/${contact}`)).status).toBe(404);
  const { erased } = (await api.request('GET', path, asOwner)).json.data;
  expect(erased).toMatchObject({
    field_decisions: 3,
    script_runs: 3,
    runs: 5,
    contacts: 1,
    conversations: 1,
    kb_nodes: 1,
  });

  // Nothing of anybody else is gone.
  const kept = await api.request('POST', `/v1/contacts/${other}/export`, asOwner);
  expect(kept.text.split('\n')).toHaveLength(rows.length + 1);
  const log = await api.request('GET', `/v1/audit?workspace_id=${api.workspace.id}`, asOwner);
  const actions = log.json.data.map(({ action }: { readonly action: string }) => action);
  expect(actions).toEqual(expect.arrayContaining(['exportContact', 'eraseContact']));
}, 120_000);

test('who writes again after the erasure was asked for is somebody new', async () => {
  const contact = await plant('Newcomer', 'newcomer@example.com');
  const begun = await api.request('POST', `/v1/contacts/${contact}/erase`, {
    token: api.tokens.admin,
  });
  expect(begun.status).toBe(202);
  const again = await plant('Newcomer2', 'newcomer@example.com');
  expect(again).not.toBe(contact);
});

test('only owners export and erase, and only contacts of their workspace', async () => {
  const { contact } = objects;
  for (const what of ['export', 'erase']) {
    const asEditor = await api.request('POST', `/v1/contacts/${contact}/${what}`);
    expect(asEditor.status).toBe(403);
    const unknown = await api.request('POST', `/v1/contacts/${newId('contact')}/${what}`, {
      token: api.tokens.admin,
    });
    expect(unknown.status).toBe(404);
  }
});
