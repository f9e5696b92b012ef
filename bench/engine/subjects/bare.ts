import { newId } from '../../../src/core/ids.ts';
import { openDatabase } from '../../../src/store/connect.ts';
import { migrate } from '../../../src/store/migrate.ts';
import { type OpenSubject, requireCount } from '../subject.ts';
import { payload, steps } from '../work.ts';
import { commitLoop } from './commit-loop.ts';

// The limit that Postgres sets: the rows of a run of ours, in the product's own tables, written by a bare
// group-commit loop without engine, loop, ownership or checks. Like ours it commits four times a run: the
// dispatch, then each of the three steps before the next begins.

export const openBare: OpenSubject = async ({ connection }) => {
  const settings = { kind: 'embedded', connection } as const;
  const db = openDatabase(settings, { max: 5, plansByKey: true });
  await migrate(db);
  const [workspaceId, agentId] = [newId('workspace'), newId('agent')];
  await db.execute({
    text: "INSERT INTO workspaces (id, name) VALUES ($1, 'Bench')",
    values: [workspaceId],
  });
  await db.execute({
    text: `INSERT INTO agents (id, workspace_id, name, version, definition) VALUES ($1, $2, 'Bench', 1, '{}')`,
    values: [agentId, workspaceId],
  });

  const dispatch = commitLoop(
    db,
    'bare-dispatch',
    `WITH given AS MATERIALIZED (
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
         AS g (id, run_id, event_id, payload, trace_id)
     ), evented AS (
       INSERT INTO trigger_events (id, workspace_id, source, payload)
       SELECT event_id, '${workspaceId}', 'manual', payload FROM given
     )
     INSERT INTO runs (id, run_id, workspace_id, agent_id, lane, agent_version, trigger_event_id, payload, model,
       trace_id, status, owner, started_at)
     SELECT id, run_id, '${workspaceId}', '${agentId}', '${agentId}', 1, event_id, payload, 'bench/instant', trace_id,
       'running', 'bench', clock_timestamp() FROM given`,
  );
  // The entries of a step come as one JSON array, since a batch's steps have different numbers of them.
  const step = commitLoop(
    db,
    'bare-step',
    `WITH given AS MATERIALIZED (
       SELECT * FROM unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::int[])
         AS g (run_id, unit_id, seq, type, data, status, tokens)
     ), entry AS (
       INSERT INTO journal (run_id, seq, unit_id, step, type, state, data)
       SELECT run_id, seq, unit_id, seq, type, 'done', data FROM given
       UNION ALL
       SELECT run_id, seq + 1, unit_id, seq + 1, CASE WHEN status = 'running' THEN 'tool' ELSE 'end' END,
         'done', data FROM given WHERE type = 'model'
     )
     UPDATE runs r SET last_seq = g.seq + CASE WHEN g.type = 'model' THEN 1 ELSE 0 END,
       input_tokens = g.tokens, output_tokens = g.tokens, status = g.status,
       owner = CASE WHEN g.status = 'running' THEN 'bench' END,
       response = CASE WHEN g.status = 'running' THEN NULL ELSE g.data END,
       completed_at = CASE WHEN g.status = 'running' THEN NULL ELSE clock_timestamp() END
     FROM given g WHERE r.id = g.run_id`,
  );
  return {
    async run() {
      const id = newId('run');
      const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
      await dispatch([id, `run_${id}`, newId('triggerEvent'), JSON.stringify(payload), traceId]);
      const decided = JSON.stringify(await steps.decide());
      await step([id, newId('unit'), 1, 'model', decided, 'running', 412]);
      const found = JSON.stringify(await steps.lookUp());
      await step([id, newId('unit'), 3, 'tool', found, 'running', 412]);
      const said = JSON.stringify(await steps.respond());
      await step([id, newId('unit'), 4, 'model', said, 'completed', 824]);
    },
    async verify(runs) {
      const [row] = await db.query<{ entries: number }>(
        `SELECT count(*)::int AS entries FROM journal j JOIN runs r ON r.id = j.run_id
         WHERE r.status = 'completed'`,
      );
      requireCount('journal entries', row?.entries ?? 0, runs * 5);
    },
    [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
  };
};
