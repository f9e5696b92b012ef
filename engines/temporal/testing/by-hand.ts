import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';

// For measurements: a worker and a client of a workflow that is written by hand, with the settings of ours where
// both have them (index.ts).

/** What the activities do. */
export interface ThreeSteps {
  decide(): Promise<unknown>;
  lookUp(): Promise<unknown>;
  respond(): Promise<unknown>;
}

export interface ByHand extends AsyncDisposable {
  /** From its start to its result. */
  run(given: unknown): Promise<void>;
  /** Workflows that are counted as completed; waits until there are as many, for at most 30 s. */
  completed(expected: number): Promise<number>;
}

const taskQueue = 'by-hand';

export async function openByHand(address: string, steps: ThreeSteps): Promise<ByHand> {
  Runtime.install({ logger: new DefaultLogger('ERROR', () => {}) });
  const workflowsPath = fileURLToPath(new URL('./three-steps.ts', import.meta.url));
  const native = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    ...{ connection: native, taskQueue, workflowsPath, activities: { ...steps } },
    ...{ maxConcurrentActivityTaskExecutions: 1_000, maxCachedWorkflows: 500 },
  });
  const running = worker.run();
  const connection = await Connection.connect({ address });
  const client = new Client({ connection });
  return {
    async run(given) {
      const workflowId = randomUUID();
      await client.workflow.execute('threeSteps', { workflowId, taskQueue, args: [given] });
    },
    async completed(expected) {
      for (let tries = 0; ; tries++) {
        const { count } = await client.workflow.count("ExecutionStatus = 'Completed'");
        if (count >= expected || tries === 150) return count;
        await sleep(200);
      }
    },
    async [Symbol.asyncDispose]() {
      worker.shutdown();
      await running;
      await connection.close();
      await native.close();
    },
  };
}
