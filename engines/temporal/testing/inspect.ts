import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { InternalConnectionOptionsSymbol } from '@temporalio/client/lib/connection.js';
import { msToTs } from '@temporalio/common/lib/time.js';
import proto from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import { sealingCodec } from '../src/codec.ts';
import type { HistoryEvent, Inspector } from './inspector.ts';

// For tests: what stands in a Temporal server, read without the key that seals it.

const { History } = proto.temporal.api.history.v1;

export function openInspector(address: string): Inspector {
  const options = { address, [InternalConnectionOptionsSymbol]: { supportsTestService: true } };
  const connection = Connection.lazy(options);
  const client = new Client({ connection });
  return {
    async history(runId, engineRunId) {
      const history = await client.workflow.getHandle(runId, engineRunId).fetchHistory();
      const written = History.toObject(History.fromObject(history), {
        ...{ enums: String, longs: String, bytes: String },
      });
      return written.events as HistoryEvent[];
    },
    async describe(...which) {
      const execution = await client.workflow.getHandle(...which).describe();
      const { stateTransitionCount } = execution.raw.workflowExecutionInfo ?? {};
      return { ...execution, stateTransitions: Number(stateTransitionCount ?? 0) };
    },
    count: async (query) => (await client.workflow.count(query)).count,
    cancel: (runId) => client.workflow.getHandle(runId).cancel(),
    terminate: (runId) => client.workflow.getHandle(runId).terminate(),
    async skip(ms) {
      await connection.testService?.unlockTimeSkippingWithSleep({ duration: msToTs(ms) });
    },
    [Symbol.asyncDispose]: () => connection.close(),
  };
}

/** Throws where the workflow as it is now does not make the commands that are in the history. */
export async function replay(key: Uint8Array, events: readonly HistoryEvent[]): Promise<void> {
  const workflowsPath = fileURLToPath(new URL('../src/workflow.ts', import.meta.url));
  const dataConverter = { payloadCodecs: [sealingCodec([key])] };
  await Worker.runReplayHistory({ workflowsPath, dataConverter }, History.fromObject({ events }));
}
