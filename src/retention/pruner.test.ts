import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { insertApproval } from '../../test/support/approvals.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { insertAgentRow, insertRunRow } from '../../test/support/runs.ts';
import { newId } from '../core/ids.ts';
import { type RetentionRules, removedPayload } from '../core/retention.ts';
import { claimRetention, getRetention, setRetention } from '../store/retention.ts';
import { Pruner } from './pruner.ts';

let database: TestDatabase;
let workspaceId: string;
let agentId: string;

const logger = { debug() {}, info() {}, warn() {}, error() {} };

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(async () => {
  ({ workspaceId, agentId } = await insertAgentRow(database.db));
});

/** A run that ended so many days ago, with a step, an output kept apart and an event. */
async function endedRun(given: {
  readonly daysAgo: number;
  readonly parent?: string;
  readonly set?: string;
}): Promise<string> {
  const { db } = database;
  const id = await insertRunRow(db, { workspaceId, agentId, owner: 'pr' });
  await db.execute({
    text: `UPDATE runs SET status = 'completed', owner = NULL, usage_counted = true, stop_reason = 'completed',
        created_at = clock_timestamp() - make_interval(days => $2), parent_run_id = $3, payload = '{"n":1}',
        completed_at = clock_timestamp() - make_interval(days => $2) + interval '1 minute' WHERE id = $1`,
    values: [id, given.daysAgo, given.parent ?? null],
  });
  if (given.set !== undefined) {
    await db.execute({ text: `UPDATE runs SET ${given.set} WHERE id = $1`, values: [id] });
  }
  const data = (logs: string) => JSON.stringify({ inputJson: '{"x":"\\"logs\\":\\"\\""}', logs });
  await db.execute({
    text: `INSERT INTO journal (run_id, seq, unit_id, step, type, state, data)
      VALUES ($1, 1, 'un', 1, 'tool', 'done', $2)`,
    values: [id, data('printed')],
  });
  await db.execute({
    text: `INSERT INTO spills (run_id, id, step, size_bytes, body) VALUES ($1, 'sp', 1, 1, 'x')`,
    values: [id],
  });
  await db.execute({
    text: `INSERT INTO trigger_events (id, workspace_id, source, payload, run_id, created_at)
      VALUES ($1, $2, 'manual', '{"n":1}', $3, clock_timestamp() - make_interval(days => $4))`,
    values: [newId('triggerEvent'), workspaceId, id, given.daysAgo],
  });
  return id;
}

async function prune(rules: RetentionRules): Promise<void> {
  await setRetention(database.db, workspaceId, rules);
  await using pruner = new Pruner({ db: database.db, logger, rest: 0 });
  pruner.start();
  await pruner.idle();
}

async function left(table: string, column = 'id'): Promise<string[]> {
  const own =
    table === 'runs' || table === 'trigger_events'
      ? 'workspace_id = $1'
      : 'run_id IN (SELECT id FROM runs WHERE workspace_id = $1)';
  const rows = await database.db.query<{ key: string }>({
    text: `SELECT ${column} AS key FROM ${table} WHERE ${own} ORDER BY 1`,
    values: [workspaceId],
  });
  return rows.map(({ key }) => key);
}

const age = (days: number) => ({ max_age_days: days, max_count: null });
const count = (n: number) => ({ max_age_days: null, max_count: n });

test('what is older than its age goes with its steps and outputs, and what is younger stays', async () => {
  const old = await endedRun({ daysAgo: 40 });
  const young = await endedRun({ daysAgo: 20 });
  await prune({ runs: age(30) });
  expect(await left('runs')).toEqual([young]);
  const rows = await database.db.query({
    text: 'SELECT 1 FROM journal WHERE run_id = $1 UNION ALL SELECT 1 FROM spills WHERE run_id = $1',
    values: [old],
  });
  expect(rows).toEqual([]);
  expect(await getRetention(database.db, workspaceId)).toMatchObject({
    removed: { runs: 1 },
    passedAt: expect.any(Date),
  });
});

test('of a count the newest stay, whatever their age', async () => {
  const runs = [];
  for (const daysAgo of [5, 4, 3, 2, 1]) runs.push(await endedRun({ daysAgo }));
  await prune({ runs: count(2) });
  expect(await left('runs')).toEqual(runs.slice(3).toSorted());
  await prune({ runs: { max_age_days: 1, max_count: 100 } });
  expect(await left('runs')).toEqual([]);
});

test('another workspace and one without rules lose nothing', async () => {
  const first = workspaceId;
  const kept = await endedRun({ daysAgo: 400 });
  ({ workspaceId, agentId } = await insertAgentRow(database.db));
  await endedRun({ daysAgo: 400 });
  await prune({ runs: age(1) });
  expect(await left('runs')).toEqual([]);
  workspaceId = first;
  expect(await left('runs')).toEqual([kept]);
});

test('what somebody still needs stays, and goes once nobody does', async () => {
  const { db } = database;
  const going = await endedRun({
    daysAgo: 90,
    set: "status = 'waiting', completed_at = NULL, usage_counted = NULL",
  });
  const uncounted = await endedRun({ daysAgo: 90, set: 'usage_counted = NULL' });
  const justEnded = await endedRun({ daysAgo: 90, set: 'completed_at = clock_timestamp()' });
  const escalated = await endedRun({ daysAgo: 90 });
  await db.execute({
    text: `INSERT INTO escalations (id, workspace_id, run_id, agent_id, disposition)
      VALUES ($1, $2, $3, $4, 'escalated')`,
    values: [newId('escalation'), workspaceId, escalated, agentId],
  });
  const untold = await endedRun({ daysAgo: 90 });
  await db.execute({
    text: `INSERT INTO internal_events (id, workspace_id, type, run_id) VALUES ($1, $2, 'run.completed', $1)`,
    values: [untold, workspaceId],
  });
  const baseline = await endedRun({ daysAgo: 90 });
  await db.execute({
    text: `INSERT INTO test_cases (id, workspace_id, agent_id, name, description, definition, from_run_id)
      VALUES ($1, $2, $3, 'One', '', '{}', $4)`,
    values: [newId('testCase'), workspaceId, agentId, baseline],
  });
  const needed = [going, uncounted, justEnded, escalated, untold, baseline].toSorted();
  const decided = await endedRun({ daysAgo: 90 });
  await insertApproval(db, { workspaceId, runId: decided, agentId });
  await prune({ runs: count(0), payloads: count(0) });
  expect(await left('runs')).toEqual(needed);
  expect(await left('runs', 'DISTINCT payload')).toEqual(['{"n":1}']);
  await db.execute({
    text: `UPDATE escalations SET status = 'dismissed' WHERE run_id = $1`,
    values: [escalated],
  });
  await prune({ runs: count(0) });
  expect(await left('runs')).toEqual(needed.filter((id) => id !== escalated));
});

test('a run goes with all that it asked for, and stays while any of it goes on', async () => {
  const root = await endedRun({ daysAgo: 90 });
  const child = await endedRun({ daysAgo: 90, parent: root });
  const grandchild = await endedRun({
    daysAgo: 20,
    parent: child,
    set: "status = 'waiting', completed_at = NULL, usage_counted = NULL",
  });
  await prune({ runs: age(30) });
  expect(await left('runs')).toEqual([root, child, grandchild].toSorted());
  await database.db.execute({
    text: `UPDATE runs SET status = 'failed', usage_counted = true, stop_reason = 'failed',
      completed_at = clock_timestamp() - interval '1 day' WHERE id = $1`,
    values: [grandchild],
  });
  await prune({ runs: age(30) });
  expect(await left('runs')).toEqual([]);
});

test('payloads, logs and events go by themselves, and their runs stay', async () => {
  const old = await endedRun({ daysAgo: 40 });
  const young = await endedRun({ daysAgo: 20 });
  await prune({ payloads: age(30), logs: age(30) });
  expect(await left('runs')).toEqual([old, young].toSorted());
  expect(await left('spills', 'run_id')).toEqual([young]);
  expect(await left('trigger_events', 'payload')).toEqual(['{"n":1}', removedPayload]);
  const [step] = await database.db.query<{ data: string; payload: string }>({
    text: 'SELECT data, payload FROM journal j JOIN runs r ON r.id = j.run_id WHERE r.id = $1',
    values: [old],
  });
  expect(step?.payload).toBe(removedPayload);
  expect(JSON.parse(step?.data ?? '')).toEqual({
    inputJson: '{"x":"\\"logs\\":\\"\\""}',
    logs: null,
  });
  await prune({ trigger_events: age(30) });
  expect(await left('trigger_events', 'run_id')).toEqual([young]);
  expect((await getRetention(database.db, workspaceId)).removed).toEqual({
    payloads: 2,
    logs: 1,
    trigger_events: 1,
  });
});

test('runs of tools by hand and webhooks out go by their own rules', async () => {
  const { db } = database;
  const toolId = newId('customTool');
  await db.execute({
    text: `INSERT INTO custom_tools (id, workspace_id, name, description, language, code, parameters,
        execution_message_description, enable_globally, version, timeout_ms, memory_mb, secrets, idempotent, requires_approval)
      VALUES ($1, $2, $1, '', 'python', '', '{}', '', false, 1, 1, 1, '[]', false, false)`,
    values: [toolId, workspaceId],
  });
  for (const days of [40, 20]) {
    await db.execute({
      text: `INSERT INTO tool_runs (id, tool_id, tool_version, status, input, logs, created_at)
        VALUES ($1, $2, 1, 'done', '{}', 'printed', clock_timestamp() - make_interval(days => $3))`,
      values: [newId('toolRun'), toolId, days],
    });
    await db.execute({
      text: `INSERT INTO webhook_messages (id, workspace_id, type, body, created_at)
        VALUES ($1, $2, 'run.completed', '{}', clock_timestamp() - make_interval(days => $3))`,
      values: [newId('webhookMessage'), workspaceId, days],
    });
  }
  await prune({ tool_runs: age(30), deliveries: count(1), logs: age(10) });
  expect((await getRetention(db, workspaceId)).removed).toEqual({
    tool_runs: 1,
    deliveries: 1,
    logs: 1,
  });
});

test('of several processes one prunes a workspace, and new rules end a pass by the old ones', async () => {
  const { db } = database;
  await endedRun({ daysAgo: 90 });
  await setRetention(db, workspaceId, { runs: age(1) });
  const [first] = await claimRetention(db, { limit: 10, leaseMs: 60_000 });
  expect(first?.workspaceId).toBe(workspaceId);
  expect(await claimRetention(db, { limit: 10, leaseMs: 60_000 })).toEqual([]);
  await using pruner = new Pruner({ db, logger });
  pruner.start();
  await pruner.idle();
  expect(await left('runs')).toHaveLength(1);
  // A claim that lapsed with its process is taken by another, and the first one can write nothing more.
  await db.execute({
    text: 'UPDATE retention SET due_at = clock_timestamp() WHERE workspace_id = $1',
    values: [workspaceId],
  });
  pruner.nudge();
  await pruner.idle();
  expect(await left('runs')).toEqual([]);
});
