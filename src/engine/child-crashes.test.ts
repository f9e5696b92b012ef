import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { insertAgent } from '../../test/support/engine.ts';
import {
  createLedger,
  eventually,
  queueRuns,
  startEngineProcess,
} from '../../test/support/engine-process.ts';
import { stepsOf } from '../runs/steps.ts';
import { readJournal } from '../store/journal.ts';

// Processes that die (SIGKILL) around what makes, parks and ends a run that another run asked for.

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
  await createLedger(database.db);
});
afterEach(() => database[Symbol.asyncDispose]());

interface Row {
  readonly id: string;
  readonly parent_run_id: string | null;
  readonly status: string;
  readonly total: number;
}

const runs = () =>
  database.db.query<Row>(
    `SELECT id, parent_run_id, status,
       input_tokens + output_tokens + coalesce(child_input_tokens + child_output_tokens, 0) AS total
     FROM runs ORDER BY id`,
  );

describe('a run that asks two others is done with both of them once', () => {
  test.each([
    ['before they are created', 'die:before:runs-create-children'],
    ['after they are created', 'die:after:runs-create-children'],
    ['before it waits', 'die:before:run-park'],
    ['after it has begun to wait', 'die:after:run-park'],
    ['after the end of one, before it is woken', 'die:child-end'],
    ['before it has read what they answered', 'die:before:runs-read-children'],
  ] as const)('when its process dies %s', async (_, how) => {
    const { db } = database;
    const parent = await insertAgent(db);
    const helper = { name: 'Helper', model: 'scripted/note' };
    const { agentId } = await insertAgent(db, helper, parent.workspaceId);
    await db.execute({
      text: `UPDATE agent_versions SET definition = replace(definition, '"tools":null', $2) WHERE agent_id = $1`,
      values: [parent.agentId, `"tools":["agent:${agentId}"]`],
    });
    await using dying = await startEngineProcess({ url: database.url, name: 'dying', how });
    const [id = ''] = await queueRuns(db, { agent: parent, n: 1, model: 'scripted/ask' });
    await dying.exited;
    await using _other = await startEngineProcess({ url: database.url, name: 'other' });
    await eventually(async () => (await runs()).every((run) => run.status === 'completed'));
    const [first, ...children] = await runs();
    expect(first?.id).toBe(id);
    expect(children.map((child) => child.parent_run_id)).toEqual([id, id]);
    const notes = await db.query<{ key: string }>('SELECT key FROM ledger');
    // In flight at the death of the one that ran them both, a call is not repeated (I5).
    expect(new Set(notes.map((note) => note.key)).size).toBe(notes.length);
    const calls = stepsOf(id, await readJournal(db, id)).filter((step) => step.type === 'tool');
    expect(calls.map((call) => [call.status, call.childRunId]).sort()).toEqual(
      children.map((child) => ['done', child.id]).sort(),
    );
    const own = await db.query<{ used: number }>({
      text: 'SELECT input_tokens + output_tokens AS used FROM runs WHERE id = $1',
      values: [id],
    });
    const below = children.reduce((sum, child) => sum + child.total, 0);
    expect(first?.total).toBe((own[0]?.used ?? 0) + below);
  });
});
