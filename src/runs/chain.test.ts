import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import {
  functionTool,
  insertAgent,
  startTestEngine,
  type TestEngine,
} from '../../test/support/engine.ts';
import type { ChainAction, FindAction } from '../core/chain.ts';
import { newId } from '../core/ids.ts';
import { findRecordsForRuns } from '../records/find-for-run.ts';
import { upsertRecords } from '../records/upsert.ts';
import { readJournal } from '../store/journal.ts';
import { findRecordsTool } from '../tools/find-records.ts';

let database: TestDatabase;
let engine: TestEngine;
const workspaceId = newId('workspace');
const taken: unknown[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database;
  engine = await startTestEngine({
    db,
    scripts: { test: { turns: [{ answer: { text: 'Nobody asks.' } }] } },
    tools: [
      functionTool('note', async (input) => {
        taken.push(input);
        return input;
      }),
      functionTool('broken', async () => {
        throw new Error('No paper.');
      }),
    ],
    ownToolsFor: (run) => [findRecordsTool(findRecordsForRuns(db), run)],
  });
  await engine.start();
  await insertAgent(db, {}, workspaceId);
  const { workspaceId: other } = await insertAgent(db);
  const tell = (id: string, tickets: readonly (readonly [string, string, string])[]) =>
    upsertRecords(
      { db },
      { workspaceId: id, kind: 'psa-ticket' },
      tickets.map(([externalId, priority, day]) => ({
        ...{ source: 'psa', externalId, version: 1 },
        data: { priority, summary: `Of ${externalId}`, created_at: `2026-03-${day}T09:00:00Z` },
      })),
    );
  await tell(workspaceId, [
    ['a', 'P1', '01'],
    ['b', 'P2', '02'],
    ['c', 'P1', '03'],
    ['d', 'P1', '04'],
  ]);
  await tell(other, [['theirs', 'P9', '01']]);
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const find: FindAction = {
  ...{ id: 'look', type: 'find', kind: 'psa-ticket', external_id: null, where: {} },
  ...{ from: null, to: null, order: 'desc', limit: 10, on_error: 'fail' },
};
const say = (response: string): ChainAction => ({
  ...{ id: 'say', type: 'respond', response, disposition: 'resolved', output: null },
});

async function play(actions: readonly ChainAction[], payload: object = {}) {
  const { agentId } = await insertAgent(database.db, { actions }, workspaceId);
  return await engine.ended(await engine.dispatch(agentId, JSON.stringify(payload)));
}

test('a chain finds records by what templates say, in order and no more than asked, for later actions', async () => {
  const where = { priority: '{{payload.priority}}' };
  const wanted = { ...find, where, from: '{{payload.since}}', order: 'asc', limit: 1 } as const;
  const note: ChainAction = {
    ...{ id: 'note', type: 'tool', tool: 'note', on_error: 'fail' },
    input: {
      ids: ['{{actions.look.rawData.records.0.external_id}}'],
      more: '{{actions.look.rawData.has_more}}',
    },
  };
  const text = '{{actions.note.rawData.ids.0}}: {{actions.look.rawData.records.0.summary}}';
  const payload = { priority: 'P1', since: '2026-03-02T00:00:00Z' };
  const run = await play([wanted, note, say(text)], payload);
  expect(run).toMatchObject({ status: 'completed', response: 'c: Of c' });
  expect(taken).toEqual([{ ids: ['c'], more: true }]);
  const steps = await readJournal(database.db, run.id);
  const input = { kind: 'psa-ticket', from: payload.since, where: { priority: 'P1' } };
  expect(steps.filter(({ type }) => type === 'tool').map(({ state }) => state)).toEqual([
    ...['started', 'done', 'started', 'done'],
  ]);
  const [intent] = steps.filter((step) => step.type === 'tool');
  expect(JSON.parse(intent?.data.inputJson ?? 'null')).toEqual({
    ...{ ...input, order: 'asc', limit: 1 },
  });
});

test('a find reaches no other workspace, whatever it is told to look for', async () => {
  const actions = [
    { ...find, external_id: '{{payload.id}}' },
    say('{{actions.look.rawData.records}}'),
  ];
  expect(await play(actions, { id: 'theirs' })).toMatchObject({ response: '[]' });
  const where = { priority: '{{payload.id}}' };
  const run = await play([{ ...find, where }, say('{{actions.look.rawData.records}}')], {
    id: 'P9',
  });
  expect(run).toMatchObject({ response: '[]' });
});

test.each<[string, ChainAction, string]>([
  [
    'for what is not there',
    { ...find, external_id: '{{payload.id}}' },
    'names payload.id, which is not there',
  ],
  ['of a kind that is no more', { ...find, kind: 'gone' }, 'There is no kind "gone"'],
  ['by a field that is no filter', { ...find, where: { summary: 'x' } }, 'filter.summary'],
  ['by no time', { ...find, from: '{{payload.day}}' }, 'from'],
])('a find %s fails the run in words', async (_, action, words) => {
  const run = await play([action, say('Never.')], { day: 'Monday' });
  expect(run).toMatchObject({ status: 'failed', response: null });
  expect(run.error).toContain('The action "look" failed: ');
  expect(run.error).toContain(words);
});

test('conditions compare with what templates say, go on at a later action, and convert nothing', async () => {
  const broken: ChainAction = {
    ...{ id: 'print', type: 'tool', tool: 'broken', input: {}, on_error: 'continue' },
  };
  const isSame: ChainAction = {
    ...{ id: 'same', type: 'condition', otherwise: 'say' },
    all: [{ field: 'payload.a', op: 'eq', value: '{{payload.b}}' }],
  };
  const end: ChainAction = {
    ...{ id: 'end', type: 'respond', response: 'Same.', disposition: 'no_op', output: null },
  };
  const actions = [broken, isSame, end, say('Other: {{actions.print.error}}')];
  expect(await play(actions, { a: 5, b: 5 })).toMatchObject({
    ...{ response: 'Same.', disposition: 'no_op' },
  });
  const other = await play(actions, { a: 5, b: '5' });
  expect(other.response).toBe('Other: No paper.');
  const { status, error } = await play(actions, { a: 5 });
  expect([status, error]).toEqual([
    'failed',
    'The action "same" failed: what it compares payload.a with is not there, or does not go with "eq"',
  ]);
});
