import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { insertAgent, silent, startTestEngine } from '../../test/support/engine.ts';
import { listenTo } from '../../test/support/listen-to.ts';
import { finishTurn } from '../../test/support/turns.ts';
import { newId } from '../core/ids.ts';
import { getAgent } from '../store/agents.ts';
import { cancelRunRow } from '../store/cancel.ts';
import { claimInternalEvents, readDepths, recordEvent } from '../store/internal-events.ts';
import { internalRelay } from './internal-relay.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const listen = (agent: { workspaceId: string }, event: string, filter: unknown[] = []) =>
  listenTo(database.db, agent.workspaceId, event, filter);

const events = (workspaceId: string) =>
  database.db.query<{
    id: string;
    type: string;
    payload: string;
    depth: number;
    caused_by_run: string;
  }>({
    text: `SELECT id, type, payload, depth, caused_by_run FROM trigger_events
           WHERE workspace_id = $1 AND source = 'internal' ORDER BY created_at, id`,
    values: [workspaceId],
  });
const waiting = async (workspaceId: string) =>
  (
    await database.db.query({
      text: 'SELECT id FROM internal_events WHERE workspace_id = $1',
      values: [workspaceId],
    })
  ).length;

describe('the end of a run', () => {
  test('starts who listens to it, as a link of a chain, and once', async () => {
    const { db } = database;
    await using engine = await startTestEngine({
      db,
      scripts: { test: { turns: [finishTurn()] } },
    });
    await engine.start();
    const first = await insertAgent(db);
    const second = await listen(first, 'run.*', [
      { field: 'agent_id', op: 'eq', value: first.agentId },
    ]);
    const run = await engine.ended(await engine.dispatch(first.agentId));
    expect(await waiting(first.workspaceId)).toBe(1);
    const relay = internalRelay({ ...engine.deps, logger: silent });
    // Whoever fired it died before it was taken away.
    const [row] = await db.query<Record<string, unknown>>('SELECT * FROM internal_events');
    await relay.run();
    await db.execute({
      text: `INSERT INTO internal_events SELECT * FROM json_populate_record(NULL::internal_events, $1)`,
      values: [JSON.stringify(row)],
    });
    await relay.run();
    const causedBy = async (id: string | undefined) =>
      (await events(first.workspaceId)).filter((one) => one.caused_by_run === id);
    const [event, ...more] = await causedBy(run.id);
    expect(more).toEqual([]);
    expect(event).toMatchObject({ type: 'run.completed', depth: 1, caused_by_run: run.id });
    expect(JSON.parse(event?.payload ?? '')).toMatchObject({
      id: run.id,
      agent_id: first.agentId,
      disposition: 'resolved',
    });
    const [caused] = await db.query<{ id: string }>({
      text: 'SELECT id FROM runs WHERE trigger_event_id = $1 AND agent_id = $2',
      values: [event?.id, second.agentId],
    });
    await engine.ended(caused?.id ?? '');
    // The end of the second does not pass the filter; it is one link further on.
    await relay.run();
    expect(await causedBy(caused?.id)).toMatchObject([{ type: 'run.completed', depth: 2 }]);
    expect(await waiting(first.workspaceId)).toBe(0);
  });

  test('of a run that another asked for is as far along the chain as that', async () => {
    const { db } = database;
    await using engine = await startTestEngine({
      db,
      scripts: { test: { turns: [finishTurn()] } },
    });
    const agent = await insertAgent(db);
    const [above, below] = [
      await engine.dispatch(agent.agentId),
      await engine.dispatch(agent.agentId),
    ];
    await db.execute({
      text: `UPDATE trigger_events SET depth = 5 WHERE run_id = $1`,
      values: [above],
    });
    await db.execute({
      text: 'UPDATE runs SET parent_run_id = $2, trigger_event_id = NULL WHERE id = $1',
      values: [below, above],
    });
    expect(await readDepths(db, [above, below])).toEqual(
      new Map([
        [above, 5],
        [below, 5],
      ]),
    );
  });

  test('tells nobody where nobody listens to it', async () => {
    const { db } = database;
    await using engine = await startTestEngine({
      db,
      scripts: { test: { turns: [finishTurn()] } },
    });
    await engine.start();
    const agent = await insertAgent(db);
    await listen(agent, 'run.failed');
    await engine.ended(await engine.dispatch(agent.agentId));
    expect(await waiting(agent.workspaceId)).toBe(0);
    await db.execute({
      text: 'UPDATE triggers SET enabled = false WHERE workspace_id = $1',
      values: [agent.workspaceId],
    });
    await engine.ended(await engine.dispatch(agent.agentId));
    expect(await waiting(agent.workspaceId)).toBe(0);
  });

  test('by a cancel is told too', async () => {
    const { db } = database;
    await using engine = await startTestEngine({
      db,
      scripts: { test: { turns: [finishTurn()] } },
    });
    const agent = await insertAgent(db);
    await listen(agent, 'run.cancelled');
    const id = await engine.dispatch(agent.agentId);
    await cancelRunRow(db, { scope: 'all', id, error: 'By hand.', unitId: newId('unit') });
    await internalRelay({ ...engine.deps, logger: silent }).run();
    const [event] = await events(agent.workspaceId);
    expect(JSON.parse(event?.payload ?? '')).toMatchObject({
      status: 'cancelled',
      error: 'By hand.',
    });
  });

  test('stops a chain of an agent that listens to itself after eight links', async () => {
    const { db } = database;
    await using engine = await startTestEngine({
      db,
      scripts: { test: { turns: [finishTurn()] } },
    });
    await engine.start();
    const first = await insertAgent(db);
    const loop = await listen(first, 'run.completed');
    await engine.ended(await engine.dispatch(loop.agentId));
    const relay = internalRelay({ ...engine.deps, logger: silent });
    for (let link = 0; link < 12; link++) {
      await relay.run();
      const [open] = await db.query<{ id: string }>({
        text: `SELECT id FROM runs WHERE agent_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1`,
        values: [loop.agentId],
      });
      await engine.ended(open?.id ?? '');
    }
    const told = await events(first.workspaceId);
    expect(told.map((event) => event.depth)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const [verdict] = await db.query<{ reason: string }>({
      text: 'SELECT reason FROM trigger_verdicts WHERE event_id = $1',
      values: [told.at(-1)?.id],
    });
    expect(verdict?.reason).toBe('chain_depth');
  });
});

describe('an event of ours', () => {
  test('is lost when its change is rolled back, and told as it was given otherwise', async () => {
    const { db } = database;
    await using engine = await startTestEngine({ db });
    const agent = await insertAgent(db);
    await listen(agent, 'run.failed');
    const event = {
      workspaceId: agent.workspaceId,
      type: 'run.failed',
      payloadJson: '{"b":1,"a":"\\u0000"}',
      entityId: 'e\u00001',
      causedByRunId: null,
    } as const;
    const rolledBack = db.transaction(async (tx) => {
      await recordEvent(tx, { ...event, id: 'x1' });
      throw new Error('no');
    });
    await expect(rolledBack).rejects.toThrow('no');
    await db.transaction((tx) => recordEvent(tx, { ...event, id: 'x2' }));
    await internalRelay({ ...engine.deps, logger: silent }).run();
    const told = await events(agent.workspaceId);
    expect(told.map(({ payload, depth }) => [payload, depth])).toEqual([[event.payloadJson, 0]]);
    expect(await getAgent(db, 'all', agent.agentId)).not.toBeNull();
  });
});

describe('two processes that relay', () => {
  test('fire every event, and each once', async () => {
    const { db } = database;
    await using engine = await startTestEngine({
      db,
      scripts: { test: { turns: [finishTurn()] } },
    });
    const agent = await insertAgent(db);
    await listen(agent, 'run.failed');
    const ids = Array.from({ length: 40 }, (_, n) => `two-${agent.agentId}-${n}`);
    const { workspaceId } = agent;
    const event = { workspaceId, type: 'run.failed', payloadJson: '{}' } as const;
    for (const id of ids) {
      await recordEvent(db, { ...event, id, entityId: null, causedByRunId: null });
    }
    const relays = [1, 2].map(() => internalRelay({ ...engine.deps, logger: silent }));
    // One of them dies with what it has claimed; another takes it when it is due again.
    await claimInternalEvents(db, 10);
    await Promise.all(relays.map((relay) => relay.run()));
    expect(await waiting(workspaceId)).toBe(10);
    await db.execute('UPDATE internal_events SET due_at = clock_timestamp()');
    await Promise.all(relays.map((relay) => relay.run()));
    expect(await waiting(workspaceId)).toBe(0);
    expect(await events(workspaceId)).toHaveLength(ids.length);
  });
});
