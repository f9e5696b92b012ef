import { migrate } from '../../src/store/migrate.ts';
import { mustBeZero } from '../chaos/judge.ts';
import { runClusterChaos } from '../chaos/run-cluster-chaos.ts';
import { startTemporalServer } from '../support/temporal-server.ts';
import { openOwnDatabase } from './own-database.ts';
import { type Proof, report } from './proof.ts';
import { proveSteps } from './temporal-steps.ts';

// Beyond one machine: the same runs on Temporal. `.ci/temporal` builds its server.

export const temporalChaos: Proof = {
  title: 'Chaos on Temporal',
  claim:
    'An API and two workers, each in a network namespace with an address of its own, drive 1,000 runs (and those that they ask for and that are forked) which ask a model and call tools, both outside of the processes, where they are counted. Postgres, Temporal (a real server, in one process), the model and the ledger are at the other end of cables. Meanwhile processes are killed (SIGKILL), stopped, frozen, and cut off (their cable is out for up to 25 s, and back), and Temporal and Postgres are killed and restarted, one fault every 2 to 5 s. Afterwards every acknowledged run has ended; no model step was called again after its commit; every result of an idempotent tool has its call; no call of a non-idempotent tool reached its service twice; nothing was written by a process that had lost its run, and no writer was told wrong.',
  zero: [...mustBeZero],
  async run(seed) {
    const { details, ...figures } = await runClusterChaos({
      ...{ seed, runs: 1_000, faultyMs: 240_000, scale: 1 },
      ...{ everyMs: [2_000, 5_000], awayMs: [1_000, 25_000], patienceMs: 300_000, report },
    });
    for (const line of details) report(line);
    return figures;
  },
};

export const temporalSteps: Proof = {
  title: 'A run of 5,000 steps on Temporal',
  claim:
    'One run takes 5,000 steps (model calls and tool calls), 400 of which wait for another run to end, so that it is driven again after each. It completes, with every step committed once, and no execution of its workflow has more than 700 events: it continues as a new one. The server of tests suggests that after 600 events; Temporal as it comes does after 4,096.',
  zero: ['notCompleted', 'missingSteps', 'repeatedCalls', 'overgrown'],
  async run() {
    await using own = await openOwnDatabase();
    await migrate(own.db);
    await using temporal = await startTemporalServer();
    return await proveSteps(own.db, { address: temporal.address, steps: 5_000, waits: 400 });
  },
};
