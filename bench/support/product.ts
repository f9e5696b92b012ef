import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { createAgent } from '../../src/agents/save-agent.ts';
import type { ApiDeps } from '../../src/api/deps.ts';
import { createHookGate } from '../../src/api/hook-gate.ts';
import type { Agent } from '../../src/core/agent.ts';
import type { Logger } from '../../src/core/logger.ts';
import type { ModelClient } from '../../src/core/model.ts';
import type { Run } from '../../src/core/run.ts';
import type { Sandbox } from '../../src/core/sandbox.ts';
import { createSecretBox } from '../../src/core/secret-box.ts';
import { hashTokenSecret, newTokenSecret, tokenHint } from '../../src/core/token-secret.ts';
import type { ClusterDriverOptions } from '../../src/engine/cluster-driver.ts';
import type { ClusterEngine } from '../../src/engine/cluster-engine.ts';
import { LocalEngine } from '../../src/engine/local.ts';
import { VectorIndex } from '../../src/knowledge/vector-index.ts';
import { createDefinitions } from '../../src/runs/definitions.ts';
import { loadRun } from '../../src/runs/load.ts';
import { RunFeeds } from '../../src/runs/watch.ts';
import { openDatabase, writingOptions } from '../../src/store/connect.ts';
import type { EmbeddedConnection } from '../../src/store/connect-session.ts';
import type { JournalUnit } from '../../src/store/journal-unit.ts';
import { createJournalWriter } from '../../src/store/journal-writer.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createRunCreator } from '../../src/store/run-creator.ts';
import { createSharedReads } from '../../src/store/shared-reads.ts';
import { createToken } from '../../src/store/tokens.ts';
import { createWorkspace } from '../../src/store/workspaces.ts';

import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { createCustomTool } from '../../src/tools/custom-tools.ts';
import { McpClient } from '../../src/tools/mcp/mcp-client.ts';
import { createToolShelf } from '../../src/tools/tool-shelf.ts';
import { toolCall, toolResult } from '../engine/work.ts';
import { instantModel } from './instant-model.ts';

// The product as context.ts builds it, with a model and a sandbox that take no time: what is measured is
// dispatch, engine, loop, writer and database.

export interface Product extends AsyncDisposable {
  readonly api: ApiDeps;
  readonly agent: Agent;
  /** A token that may dispatch the agent. */
  readonly token: string;
  readonly engine: LocalEngine | ClusterEngine;
  /** Resolves once the end of the run is committed. To be asked for before the run can end. */
  ended(runId: string): Promise<void>;
}

const silent: Logger = { debug() {}, info() {}, warn() {}, error: console.error };

export async function openProduct(given: {
  readonly connection: EmbeddedConnection;
  /** Default: one that answers at once. */
  readonly models?: ModelClient;
  /** That the agent asks; default: `bench/instant`. */
  readonly model?: string;
  readonly maxRuns?: number;
  readonly logger?: Logger;
  /** On, with so many traces a second at most; 0 is no limit. */
  readonly tracesPerSecond?: number;
  /** An engine other than `local`. */
  readonly cluster?: (driver: ClusterDriverOptions) => Promise<ClusterEngine>;
}): Promise<Product> {
  await using undo = new AsyncDisposableStack();
  const logger = given.logger ?? silent;
  const settings = { kind: 'embedded', connection: given.connection } as const;
  const db = undo.use(openDatabase(settings, { max: 20 }));
  await migrate(db);
  const writing = undo.use(openDatabase(settings, writingOptions));
  const models = given.models ?? instantModel();
  const ends = new Map<string, () => void>();
  const telemetry =
    given.tracesPerSecond === undefined
      ? null
      : undo.use(openedTelemetry(logger, given.tracesPerSecond));
  const onBatch = telemetry?.batch.bind(telemetry);
  const writer = undo.use(createJournalWriter(writing, onBatch === undefined ? {} : { onBatch }));
  const creator = undo.use(createRunCreator(writing));
  const commits = new EventEmitter();
  commits.setMaxListeners(0);
  const watchedWriter = {
    async submit(unit: JournalUnit) {
      const outcome = await writer.submit(unit);
      if (unit.next.kind === 'end' && outcome === 'committed') ends.get(unit.runId)?.();
      return outcome;
    },
  };
  const definitions = createDefinitions(db);
  const shelf = createToolShelf(db, instantSandbox);
  const driving = {
    db,
    advance: { models, now: () => new Date() },
    load: (run: Run) =>
      loadRun(
        {
          db,
          writer: watchedWriter,
          definitions,
          toolsFor: shelf.toolsFor,
          models,
          defaultModel: null,
        },
        run,
      ),
    ...(telemetry === null ? {} : { observer: telemetry }),
    processName: 'bench',
    logger,
    commits,
  };
  const engine = undo.use(
    (await given.cluster?.(driving)) ??
      new LocalEngine({ ...driving, maxRuns: given.maxRuns ?? 20_000, foresight: shelf }),
  );
  const secretBox = createSecretBox(randomBytes(32).toString('base64'));
  const reads = createSharedReads(db);
  const mcpDeps = {
    ...{ db, secretBox, sandbox: instantSandbox, logger, version: 'bench' },
    openOutlet: () => {
      throw new Error('Nothing here reaches out.');
    },
    mcpServersDir: '/nonexistent',
  };
  const api: ApiDeps = {
    db,
    creator,
    models,
    defaultModel: null,
    engine,
    feeds: new RunFeeds({ db, commits }),
    reads,
    agents: {
      db,
      secretBox,
      defaultModel: null,
      builtInTools: [],
      whyUnusable: () => null,
      hasPrice: () => true,
      whyNotFound: async () => null,
    },
    hookGate: createHookGate(),
    mcp: new McpClient(mcpDeps),
    mcpDeps,
    alerts: { db, canMail: false },
    retention: { db, nudge: () => {} },
    notifications: { db, secretBox, reach: nowhere, canMail: false, nudge: () => undefined },
    modelRegistry: {
      db,
      reach: nowhere,
      client: { callEntry: () => Promise.reject(new Error('No.')), whyUnusable: () => null },
    },
    webhooks: { db, secretBox, reach: nowhere, nudge: () => undefined },
    conversations: { db, nudge: () => undefined },
    knowledge: {
      db,
      embedder: { embed: async () => [], whyUnusable: async () => 'none' },
      reranker: { rerank: async () => [], whyUnusable: async () => 'none' },
      vectors: new VectorIndex(0),
      hasPgvector: false,
      nudge: () => undefined,
    },
    sandbox: instantSandbox,
    logger,
    secretBox,
    cursorKey: randomBytes(32),
    version: 'bench',
    readiness: async () => [],
    rateLimit: 0,
  };
  const { agent, token } = await furnish(api, given.model ?? 'bench/instant');
  if (engine instanceof LocalEngine) await engine.start();
  const owned = undo.move();
  return {
    api,
    agent,
    token,
    engine,
    ended: (runId) =>
      new Promise((resolve) => {
        ends.set(runId, () => {
          ends.delete(runId);
          resolve();
        });
      }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function openedTelemetry(logger: Logger, tracesPerSecond: number): Telemetry {
  const on = { traces: true, metrics: true, prometheus: true, withContent: false, traceRatio: 1 };
  const named = { serviceName: 'bench', version: 'bench', logger };
  return new Telemetry({ ...on, ...named, tracesPerSecond }, async () => ({}));
}

async function furnish(
  api: ApiDeps,
  model: string,
): Promise<{ readonly agent: Agent; readonly token: string }> {
  const { db, sandbox } = api;
  const workspace = await createWorkspace(db, { name: 'Bench', rateLimit: 0 });
  await createCustomTool({ db, sandbox }, 'all', {
    workspace_id: workspace.id,
    name: toolCall.name,
    description: 'Looks up an order.',
    language: 'python',
    code: 'def main(parameters):\n    return {"message": "ok"}\n',
    parameters: { order: { type: 'string', description: 'Its number.', required: true } },
    execution_message_description: 'Looking up the order',
    enable_globally: true,
  });
  const agent = await createAgent(api.agents, 'all', {
    workspace_id: workspace.id,
    name: 'Reservations',
    description: 'Answers questions about orders.',
    instructions: 'Look up the order, then answer the guest.',
    triggers: [{ name: 'Changed', type: 'webhook', config: {} }],
    model,
  });
  const token = newTokenSecret('capi');
  await createToken(db, 'all', {
    name: 'bench',
    access: 'write',
    workspaceIds: [workspace.id],
    expiresAt: null,
    secretHash: hashTokenSecret(token),
    hint: tokenHint(token),
  });
  return { agent, token };
}

const outcome = {
  ok: true,
  logs: null,
  runTimeMs: 0,
  message: toolResult.message,
  resultJson: JSON.stringify(toolResult),
} as const;

const nowhere = { isPrivateAllowed: () => false, isPublic: () => false, hasPrivate: false };

const instantSandbox: Sandbox = {
  backend: 'jail',
  runtimes: () => [],
  installPackages: async () => undefined,
  run: async () => outcome,
  check: async () => ({ problems: [], packages: [], parameters: { found: {}, unmapped: [] } }),
  [Symbol.asyncDispose]: async () => undefined,
};
