import { afterEach, beforeEach, expect, test } from 'vitest';
import { insertAgent, silent, startTestEngine } from '../../test/support/engine.ts';
import { finishTurn } from '../../test/support/turns.ts';
import { createWebhookBench, type WebhookBench } from '../../test/support/webhook-bench.ts';
import { startReceiver } from '../../test/support/webhook-receiver.ts';
import { cancelRunRow } from '../store/cancel.ts';
import { internalRelay } from './internal-relay.ts';

// From the end of a run to its receiver.

let bench: WebhookBench;
beforeEach(async () => {
  bench = await createWebhookBench();
});
afterEach(() => bench[Symbol.asyncDispose]());

const count = async (table: 'internal_events' | 'trigger_events' | 'webhook_messages') => {
  const rows = await bench.database.db.query<{ n: number }>({
    text: `SELECT count(*) AS n FROM ${table} ${table === 'trigger_events' ? `WHERE source = 'internal'` : ''}`,
  });
  return rows[0]?.n;
};

async function startBench() {
  const { db } = bench.database;
  const engine = await startTestEngine({ db, scripts: { test: { turns: [finishTurn()] } } });
  const agent = await insertAgent(db);
  return { db, engine, agent, relay: internalRelay({ ...engine.deps, logger: silent }) };
}

test('the end of a run is told to who subscribed, once, and fires nothing by that', async () => {
  const { db, engine, agent, relay } = await startBench();
  await using _engine = engine;
  await using receiver = await startReceiver();
  const { workspaceId } = agent;
  await bench.subscribe(receiver.url, { workspaceId, eventTypes: ['run.completed'] });
  await bench.subscribe(receiver.url, { workspaceId, agentIds: [agent.agentId] });
  await engine.start();
  const run = await engine.ended(await engine.dispatch(agent.agentId));
  const [row] = await db.query<Record<string, unknown>>('SELECT * FROM internal_events');
  expect(row).toMatchObject({ type: 'run.completed', run_id: run.id });
  await relay.run();
  // Whoever told of it died before it was taken away.
  await db.execute({
    text: `INSERT INTO internal_events SELECT * FROM json_populate_record(NULL::internal_events, $1)`,
    values: [JSON.stringify(row)],
  });
  await relay.run();
  expect(await count('internal_events')).toBe(0);
  expect(await count('trigger_events')).toBe(0);
  await using sender = bench.deliverer();
  await bench.deliverAt(sender, 0);
  expect(receiver.received).toHaveLength(2);
  expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1);
  expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({
    type: 'run.completed',
    data: { id: run.id, run_id: run.runId, agent_id: agent.agentId, disposition: 'resolved' },
  });
});

test('a run that is cancelled is told of, too', async () => {
  const { db, engine, agent, relay } = await startBench();
  await using _engine = engine;
  await using receiver = await startReceiver();
  await bench.subscribe(receiver.url, { workspaceId: agent.workspaceId });
  const id = await engine.dispatch(agent.agentId);
  await cancelRunRow(db, { scope: 'all', id, error: 'Cancelled.', unitId: 'un1' });
  await relay.run();
  await using sender = bench.deliverer();
  await bench.deliverAt(sender, 0);
  expect(receiver.received.map(({ body }) => JSON.parse(body).type)).toEqual(['run.cancelled']);
});

test('nothing is written where nobody subscribed to it', async () => {
  const { engine, agent, relay } = await startBench();
  await using _engine = engine;
  const { workspaceId } = agent;
  const url = 'https://example.com/';
  await bench.subscribe(url, { workspaceId, eventTypes: ['run.failed'] });
  await bench.subscribe(url, { workspaceId, enabled: false });
  await bench.subscribe(url);
  await engine.start();
  await engine.ended(await engine.dispatch(agent.agentId));
  expect(await count('internal_events')).toBe(0);
  // Somebody subscribed, and not to this agent.
  const other = await insertAgent(bench.database.db);
  await bench.subscribe(url, { workspaceId: other.workspaceId, agentIds: [other.agentId] });
  await engine.ended(await engine.dispatch(other.agentId));
  expect(await count('internal_events')).toBe(1);
  await bench.database.db.execute(
    `UPDATE webhooks SET agent_ids = '{ag1}' WHERE workspace_id = '${other.workspaceId}'`,
  );
  await relay.run();
  expect([await count('internal_events'), await count('webhook_messages')]).toEqual([0, 0]);
});
