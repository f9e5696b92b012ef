import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const path = '/public-api/end-companies';

test('end companies are made once, changed in part, and listed in pages', async () => {
  const make = (psa_company_id: string) =>
    api.request('POST', path, {
      body: { psa_company_id, psa_company_name: `Company ${psa_company_id}` },
    });
  for (const id of ['1', '2', '3']) expect((await make(id)).status).toBe(201);
  const again = await make('2');
  expect(again.status, again.text).toBe(409);
  const one = await api.request('GET', `${path}/2`);
  expect(one.json.data).toMatchObject({ psa_company_id: '2', tenant_id: null });
  const changed = await api.request('PUT', path, {
    body: {
      companies: [{ psa_company_id: '2', custom_instructions: 'Be brief.', tenant_id: 't' }],
    },
  });
  expect(changed.json.data, changed.text).toMatchObject([
    { psa_company_name: 'Company 2', custom_instructions: 'Be brief.' },
  ]);
  expect(Date.parse(changed.json.data[0].updated_at)).toBeGreaterThan(
    Date.parse(one.json.data.updated_at),
  );
  const mine = await api.request('GET', `${path}?tenant_id=t`);
  expect(mine.json.data).toHaveLength(1);
  const first = await api.request('GET', `${path}?page_size=2`);
  expect(first.json.data).toHaveLength(2);
  const next = first.json.meta.pagination.next_cursor;
  const rest = await api.request('GET', `${path}?page_size=2&cursor=${next}`);
  expect(rest.json.data).toHaveLength(1);
  expect((await api.request('GET', `${path}/2`, { token: api.tokens.other })).status).toBe(404);
  const unknown = await api.request('PUT', path, {
    body: { companies: [{ psa_company_id: '9' }] },
  });
  expect(unknown.status).toBe(404);
});

test('of an end company that is named twice in one update, both changes are made, in order', async () => {
  const made = await api.request('POST', path, {
    body: { psa_company_id: 'twice', psa_company_name: 'Twice' },
  });
  expect(made.status, made.text).toBe(201);
  const companies = [
    { psa_company_id: 'twice', tenant_id: 'first', custom_instructions: 'Be brief.' },
    { psa_company_id: 'twice', tenant_id: 'second' },
  ];
  const changed = await api.request('PUT', path, { body: { companies } });
  expect(changed.json.data, changed.text).toMatchObject([
    { tenant_id: 'second', custom_instructions: 'Be brief.' },
  ]);
});

test('technicians come from their system, and are found by e-mail and whether they are active', async () => {
  const records = ['ada', 'bob'].map((name) => ({
    external_id: name,
    data: { name, email: `${name}@example.com`, is_active: name === 'ada' },
  }));
  await api.request('POST', '/v1/records/technicians', { body: { records } });
  const active = await api.request('GET', '/public-api/technicians?is_active=true');
  expect(active.json.data, active.text).toMatchObject([
    { psa_technician_id: 'ada', user_id: null },
  ]);
  const byEmail = await api.request('GET', '/public-api/technicians?email=bob@example.com');
  expect(byEmail.json.data).toMatchObject([{ name: 'bob', is_active: false }]);
});
