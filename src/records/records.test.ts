import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../test/support/api.ts';
import { insertChannelRow } from '../../test/support/channels.ts';
import { newId } from '../core/ids.ts';
import { recordInbound } from '../store/inbound.ts';
import { listRecordsStatement, type RecordFilterValues } from '../store/records.ts';
import { findRecordsTool } from '../tools/find-records.ts';
import { findRecordsForRuns } from './find-for-run.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

async function contactOf(name: string): Promise<string> {
  const { db } = api.deps;
  const channel = await insertChannelRow(db, api.workspace.id, {
    ...{ type: 'chat', name, channel: 'chat', inboundKey: newId('unit') },
  });
  const inbound = await recordInbound(db, {
    ...{ channel, externalId: null, threadKey: name, subject: null, body: 'Hi', wantsReply: false },
    contact: { value: name, scope: channel.id, firstName: name, lastName: null },
    sender: { externalId: name, name },
    attachments: [],
  });
  const found = await api.request('GET', `/v1/conversations/${inbound.conversationId}`);
  return found.json.data.contact.id as string;
}

test('a run about a contact reads the records of that contact only; another reads all of its workspace', async () => {
  const [ada, bob] = [await contactOf('ada'), await contactOf('bob')];
  const say = (kind: string, records: object[]) =>
    api.request('POST', `/v1/records/${kind}`, { body: { records } });
  await say('reservations', [
    { external_id: 'a', data: { contact_id: ada, status: 'confirmed' } },
    { external_id: 'b', data: { contact_id: bob, status: 'confirmed' } },
    { external_id: 'n', data: { status: 'confirmed' } },
  ]);
  await say('technicians', [{ external_id: 't', data: { name: 'Tom' } }]);
  const { id: workspaceId } = api.workspace;
  const port = findRecordsForRuns(api.deps.db);
  const ask = async (run: object, input: object) => {
    const one = { id: newId('run'), workspaceId, contactId: null, parentRunId: null, ...run };
    const tool = findRecordsTool(port, one);
    const checked = tool.check(input);
    if (!checked.ok) return checked.problem;
    const result = await tool.call({
      ...{
        inputJson: JSON.stringify(checked.value),
        key: 'k',
        signal: AbortSignal.timeout(20_000),
      },
    });
    if (!result.ok) return result.error;
    const { rawData } = JSON.parse(result.outputJson) as {
      rawData: { records: { external_id: string }[] };
    };
    return rawData.records.map(({ external_id }) => external_id).toSorted();
  };
  const confirmed = { kind: 'reservations', where: { status: 'confirmed' } };
  expect(await ask({ contactId: ada }, confirmed)).toEqual(['a']);
  expect(await ask({ contactId: ada }, { kind: 'reservations', external_id: 'b' })).toEqual([]);
  expect(await ask({}, confirmed)).toEqual(['a', 'b', 'n']);
  expect(await ask({ workspaceId: api.otherWorkspace.id }, confirmed)).toEqual([]);
  expect(await ask({ contactId: ada }, { kind: 'technicians' })).toMatch(/are about none/);
  expect(await ask({}, { kind: 'technicians' })).toEqual(['t']);
  expect(await ask({}, { kind: 'bananas' })).toMatch(
    /There is no kind "bananas". There are: reser/,
  );
  expect(await ask({}, { kind: 'reservations', where: { door_code: '1' } })).toMatch(/filtered by/);
  expect(await ask({}, { kind: 'reservations', contact_id: bob })).toMatch(/contact_id/);
});

test('a page of a list reads what is on it, however many records there are', async () => {
  const { db } = api.deps;
  const { id: workspaceId } = api.otherWorkspace;
  await db.execute({
    text: `INSERT INTO records (id, workspace_id, kind, source, external_id, data, source_hash, rev, at, f1, f2)
      SELECT 're' || lpad(n::text, 30, '0'), $1, 'tickets', 'x', n::text, '{}', '', 1,
        timestamptz '2026-01-01' + n * interval '1 min',
        (ARRAY['new', 'pending', 'resolved', 'closed'])[1 + n % 4], CASE WHEN n < 5 THEN 'rare' ELSE 'usual' END
      FROM generate_series(1, 40000) n`,
    values: [workspaceId],
  });
  await db.execute('ANALYZE records');
  const costs: Record<string, number> = {};
  const facets = (...pairs: [number, string[]][]) => new Map(pairs);
  const lists: Readonly<Record<string, Partial<RecordFilterValues>>> = {
    all: {},
    one: { facets: facets([0, ['resolved']]) },
    group: { facets: facets([0, ['new', 'pending']]) },
    rare: { facets: facets([1, ['rare']]) },
    both: { facets: facets([0, ['new']], [1, ['usual']]) },
  };
  const after = { createdAt: new Date('2026-01-15T00:00:00Z'), id: `re${'9'.repeat(30)}` };
  for (const [name, filter] of Object.entries(lists)) {
    for (const order of ['asc', 'desc'] as const) {
      const statement = listRecordsStatement(
        { workspaceId, kind: 'tickets', ...filter },
        { limit: 20, after: name === 'rare' ? null : after, order },
      );
      const [plan] = await db.query<{ 'QUERY PLAN': { Plan: Plan }[] }>({
        text: `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${statement.text}`,
        values: statement.values,
      });
      const [root] = plan?.['QUERY PLAN'] ?? [];
      costs[`${name} ${order}`] = root === undefined ? Number.NaN : rowsRead(root.Plan);
    }
  }
  for (const [name, rows] of Object.entries(costs)) expect(rows, name).toBeLessThan(150);
});

interface Plan {
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

/** Rows that a plan reads, whether they count or not. */
function rowsRead(plan: Plan): number {
  const own = (plan['Actual Rows'] ?? 0) + (plan['Rows Removed by Filter'] ?? 0);
  const here = plan['Relation Name'] === undefined ? 0 : own * (plan['Actual Loops'] ?? 1);
  return here + (plan.Plans ?? []).reduce((sum, one) => sum + rowsRead(one), 0);
}
