import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Context } from '@temporalio/activity';
import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import { ApplicationFailure, TypedSearchAttributes } from '@temporalio/common';
import {
  bundleWorkflowCode,
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
} from '@temporalio/worker';
import type { Logger } from '../../../src/core/logger.ts';
import type {
  ClusterLink,
  ClusterPackage,
  ClusterSettings,
  ClusterWorker,
} from '../../../src/engine/cluster-link.ts';
import { sealingCodec } from './codec.ts';
import {
  type Activities,
  agentAttribute,
  type RunInput,
  statusAttribute,
  wakeSignal,
  workspaceAttribute,
} from './contract.ts';
import { ownTaskQueues, taskQueueOf } from './task-queues.ts';

// Signalbox's side of a Temporal cluster: workflows are started and signalled, and their activity drives runs.

const callMs = 10_000;
const heartbeatMs = 2_000;
const noRoomMs = 500;

type Drive = Parameters<ClusterLink['work']>[0];

export const openLink: ClusterPackage['openLink'] = (settings, logger) => {
  const connecting = connectionOf(settings);
  const dataConverter = { payloadCodecs: [sealingCodec(settings.codecKeys)] };
  const connection = Connection.lazy(connecting);
  const { namespace } = settings;
  const client = new Client({ connection, namespace, dataConverter });
  const hasAttributes = once(() => attributesAreKnown(connection, namespace, logger));
  // It takes a second of a processor, and a cluster may come and go often.
  const workflowBundle = once(bundleWorkflow);
  return {
    async wake(run) {
      await connection.withDeadline(Date.now() + callMs, async () => {
        const known = await hasAttributes();
        const input: RunInput = { runId: run.runId, hasAttributes: known };
        await client.workflow.signalWithStart('signalboxRun', {
          workflowId: run.runId,
          taskQueue: taskQueueOf(settings, run),
          args: [input],
          signal: wakeSignal,
          signalArgs: [],
          ...(known && {
            typedSearchAttributes: new TypedSearchAttributes([
              { key: workspaceAttribute, value: run.workspaceId },
              { key: agentAttribute, value: run.agentId },
              { key: statusAttribute, value: 'running' },
            ]),
          }),
        });
      });
    },
    work: (drive) =>
      startWorker({ settings, connecting, dataConverter, logger, drive, workflowBundle }),
    async [Symbol.asyncDispose]() {
      await connection.close();
    },
  };
};

function connectionOf(settings: ClusterSettings): ConnectionOptions {
  const { address, apiKey, tls } = settings;
  const pair = tls?.cert && tls.key ? { crt: tls.cert, key: tls.key } : null;
  return {
    address,
    ...(apiKey !== null && { apiKey }),
    ...(tls === null
      ? { tls: apiKey !== null }
      : {
          tls: {
            ...(tls.ca && { serverRootCACertificate: tls.ca }),
            ...(pair && { clientCertPair: pair }),
          },
        }),
  };
}

/** Asked of the cluster, unless it does not let us ask: then the attributes are left out. */
async function attributesAreKnown(
  connection: Connection,
  namespace: string,
  logger: Logger,
): Promise<boolean> {
  try {
    const answer = await connection.operatorService.listSearchAttributes({ namespace });
    const names = Object.keys(answer.customAttributes ?? {});
    return [workspaceAttribute, agentAttribute, statusAttribute].every(({ name }) =>
      names.includes(name),
    );
  } catch (err) {
    const code = (err as { readonly code?: number }).code;
    const isRefused = code === 7 || code === 12 || code === 16;
    if (!isRefused) throw err;
    logger.info({}, 'The cluster does not say which search attributes it has: none are set');
    return false;
  }
}

async function startWorker(given: {
  readonly settings: ClusterSettings;
  readonly connecting: ConnectionOptions;
  readonly dataConverter: { readonly payloadCodecs: ReturnType<typeof sealingCodec>[] };
  readonly logger: Logger;
  readonly drive: Drive;
  readonly workflowBundle: typeof bundleWorkflow;
}): Promise<ClusterWorker> {
  const { settings, logger, dataConverter } = given;
  installRuntime(logger);
  const { address, apiKey, tls } = given.connecting;
  const connection = await NativeConnection.connect({
    ...(address !== undefined && { address }),
    ...(typeof apiKey === 'string' && { apiKey }),
    ...(tls != null && { tls }),
  });
  const activities: Activities = { drive: driveActivity(given.drive) };
  try {
    const workflowBundle = await given.workflowBundle();
    const workers = await Promise.all(
      ownTaskQueues(settings).map((taskQueue) =>
        Worker.create({
          ...{ connection, taskQueue, workflowBundle, activities, dataConverter },
          namespace: settings.namespace,
          maxConcurrentActivityTaskExecutions: settings.maxRuns,
          maxCachedWorkflows: 500,
          shutdownGraceTime: settings.drainMs,
        }),
      ),
    );
    const running = Promise.all(workers.map((worker) => worker.run()));
    const shutDown = () => {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    };
    // One that fails takes the others with it: whoever started them starts them again.
    running.catch(shutDown);
    const stopped = Promise.allSettled([running]).then(async ([end]) => {
      await connection.close();
      if (end?.status === 'rejected') throw end.reason;
    });
    stopped.catch(() => {});
    return {
      stopped,
      async stop() {
        shutDown();
        await stopped.catch((err: unknown) => logger.warn({ err }, 'A Temporal worker failed'));
      },
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

function bundleWorkflow() {
  // As the source is, or as it is emitted.
  const isSource = existsSync(new URL('./workflow.ts', import.meta.url));
  const file = new URL(isSource ? './workflow.ts' : './workflow.js', import.meta.url);
  return bundleWorkflowCode({ workflowsPath: fileURLToPath(file), logger: quiet });
}

/** The same answer for all, once there is one. */
function once<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let answer: Promise<Answer> | null = null;
  return () => {
    answer ??= ask().catch((error: unknown) => {
      answer = null;
      throw error;
    });
    return answer;
  };
}

function driveActivity(drive: Drive): Activities['drive'] {
  return async (runId) => {
    const context = Context.current();
    const beat = setInterval(() => context.heartbeat(), heartbeatMs);
    try {
      const engineRunId = context.info.workflowExecution?.runId ?? '';
      const answer = await drive({ runId, engineRunId, signal: context.cancellationSignal });
      if (answer.kind !== 'no_room') return answer;
      // Tries are not in the history: a long wait for a place costs nothing there.
      throw ApplicationFailure.create({
        type: 'no_room',
        message: 'No place is free for the run.',
        nextRetryDelay: noRoomMs,
      });
    } finally {
      clearInterval(beat);
    }
  };
}

let isInstalled = false;

/** The SDK has one runtime a process. Signals are ours to act on. */
function installRuntime(logger: Logger): void {
  if (isInstalled) return;
  isInstalled = true;
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      logger[level === 'ERROR' ? 'error' : 'warn']({ temporal: meta }, message);
    }),
  });
}

const quiet = new DefaultLogger('ERROR', () => {});
