import { newId } from '../../../src/core/ids.ts';
import { openDatabase } from '../../../src/store/connect.ts';
import { type OpenSubject, requireCount } from '../subject.ts';
import { payload, steps } from '../work.ts';
import { commitLoop } from './commit-loop.ts';

// What is left when everything else is taken away: one table of runs and one of steps, a primary key each and
// no other index, check or reference. Whatever commits a run four times here, on this machine, cannot be
// expected to be quicker.

export const openNarrow: OpenSubject = async ({ connection }) => {
  const db = openDatabase({ kind: 'embedded', connection }, { max: 5, plansByKey: true });
  await db.execute(`
    CREATE TABLE run (
      id text COLLATE "C" PRIMARY KEY,
      status text NOT NULL,
      last_seq integer NOT NULL DEFAULT 0,
      payload text NOT NULL
    ) WITH (fillfactor = 45)`);
  await db.execute(`
    CREATE TABLE step (run_id text COLLATE "C", seq integer, data text NOT NULL, PRIMARY KEY (run_id, seq))`);
  const dispatch = commitLoop(
    db,
    'narrow-dispatch',
    `INSERT INTO run (id, status, payload)
     SELECT id, 'running', payload FROM unnest($1::text[], $2::text[]) AS g (id, payload)`,
  );
  const step = commitLoop(
    db,
    'narrow-step',
    `WITH given AS MATERIALIZED (
       SELECT * FROM unnest($1::text[], $2::int[], $3::text[], $4::text[]) AS g (run_id, seq, data, status)
     ), entry AS (
       INSERT INTO step (run_id, seq, data) SELECT run_id, seq, data FROM given
     )
     UPDATE run r SET last_seq = g.seq, status = g.status FROM given g WHERE r.id = g.run_id`,
  );
  return {
    async run() {
      const id = newId('run');
      await dispatch([id, JSON.stringify(payload)]);
      await step([id, 1, JSON.stringify(await steps.decide()), 'running']);
      await step([id, 2, JSON.stringify(await steps.lookUp()), 'running']);
      await step([id, 3, JSON.stringify(await steps.respond()), 'completed']);
    },
    async verify(runs) {
      const [row] = await db.query<{ steps: number }>(
        `SELECT count(*)::int AS steps FROM step s JOIN run r ON r.id = s.run_id WHERE r.status = 'completed'`,
      );
      requireCount('steps', row?.steps ?? 0, runs * 3);
    },
    [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
  };
};
