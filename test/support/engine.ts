import { EventEmitter } from 'node:events';
import type { AgentDefinition } from '../../src/core/agent.ts';
import { newId } from '../../src/core/ids.ts';
import type { Logger } from '../../src/core/logger.ts';
import type { ModelClient } from '../../src/core/model.ts';
import type { Run } from '../../src/core/run.ts';
import type { RunObserver } from '../../src/core/run-observer.ts';
import { LocalEngine, type LocalEngineOptions } from '../../src/engine/local.ts';
import { createModelClient } from '../../src/models/client.ts';
import type { ScriptInput } from '../../src/models/script.ts';
import { createDefinitions } from '../../src/runs/definitions.ts';
import { dispatchRun } from '../../src/runs/dispatch.ts';
import { type LoadDeps, loadRun } from '../../src/runs/load.ts';
import { ProvisionalText } from '../../src/runs/provisional-text.ts';
import { RunFeeds } from '../../src/runs/watch.ts';
import { getAgent } from '../../src/store/agents.ts';
import type { Database, DedicatedConnection } from '../../src/store/connect.ts';
import { createJournalWriter } from '../../src/store/journal-writer.ts';
import { createRunCreator } from '../../src/store/run-creator.ts';
import type { AgentTool, ToolCall, ToolCallResult } from '../../src/tools/tool.ts';
import { plainDefinition } from './agents.ts';

export const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

export type TestEngine = Awaited<ReturnType<typeof startTestEngine>>;

/** The engine of one "process" over a database, with tools that are functions of this test. */
export async function startTestEngine(given: {
  readonly db: Database;
  readonly scripts?: Readonly<Record<string, ScriptInput>>;
  readonly models?: ModelClient;
  readonly tools?: readonly AgentTool[];
  readonly ownToolsFor?: LoadDeps['ownToolsFor'];
  readonly toolsOfContext?: LoadDeps['toolsOfContext'];
  readonly maxRuns?: number;
  readonly processName?: string;
  readonly logger?: Logger;
  readonly observer?: RunObserver;
  /** Times and limits other than a test's usual ones. */
  readonly options?: Partial<LocalEngineOptions>;
}) {
  const { db } = given;
  const stack = new AsyncDisposableStack();
  const models = given.models ?? createModelClient({ scripts: given.scripts ?? {} });
  const writer = stack.use(createJournalWriter(db));
  const creator = stack.use(createRunCreator(db));
  const commits = new EventEmitter();
  commits.setMaxListeners(0);
  const feeds = new RunFeeds({ db, commits });
  const texts = stack.use(new ProvisionalText({ db, commits }));
  const definitions = createDefinitions(db);
  const engine = stack.use(
    new LocalEngine({
      db,
      advance: { models, now: () => new Date(), texts },
      load: (run) =>
        loadRun(
          {
            db,
            writer,
            definitions,
            toolsFor: async () => given.tools ?? [],
            ...(given.ownToolsFor && { ownToolsFor: given.ownToolsFor }),
            ...(given.toolsOfContext && { toolsOfContext: given.toolsOfContext }),
            models,
            defaultModel: null,
          },
          run,
        ),
      processName: given.processName ?? `test ${newId('process')}`,
      logger: given.logger ?? silent,
      ...(given.observer === undefined ? {} : { observer: given.observer }),
      commits,
      maxRuns: given.maxRuns ?? 1_000,
      pollMs: 20,
      sweepMs: 100,
      beatMs: 100,
      drainMs: 300,
      ...given.options,
    }),
  );
  const deps = {
    ...{ db, creator, models, defaultModel: null, engine },
    ...(given.observer === undefined ? {} : { observer: given.observer }),
  };
  const agentOf = async (id: string) => {
    const agent = await getAgent(db, 'all', id);
    if (agent === null) throw new Error(`no agent ${id}`);
    return agent;
  };
  return {
    db,
    models,
    commits,
    feeds,
    engine,
    deps,
    start: () => engine.start(),
    agent: agentOf,
    /** Dispatches a run of the agent; its id. */
    async dispatch(
      agentId: string,
      payloadJson = '{}',
      traceparent: string | null = null,
    ): Promise<string> {
      const agent = await agentOf(agentId);
      const result = await dispatchRun(deps, {
        agent,
        trigger: agent.triggers[0] ?? null,
        source: 'manual',
        payloadJson,
        entityId: null,
        additionalInstructions: null,
        traceparent,
        idempotency: null,
      });
      if (result.kind !== 'dispatched') throw new Error(result.kind);
      return result.id;
    },
    /** The run once it has ended. */
    async ended(id: string): Promise<Run> {
      const signal = AbortSignal.timeout(20_000);
      const run = await feeds.end({ id, isNew: false, signal });
      if (run === null) throw new Error(`Run ${id} has not ended in time.`);
      return run;
    },
    [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
  };
}

const plain: AgentDefinition = {
  ...plainDefinition,
  name: 'Tester',
  description: 'An agent of a test.',
  instructions: 'Do what the script says.',
  model: 'scripted/test',
};

/** An agent as rows, with the given definition over a plain one. */
export async function insertAgent(
  db: Database,
  definition: Partial<AgentDefinition> = {},
  workspaceId = newId('workspace'),
): Promise<{ readonly workspaceId: string; readonly agentId: string }> {
  const agentId = newId('agent');
  const json = JSON.stringify({ ...plain, ...definition });
  await db.execute({
    text: 'INSERT INTO workspaces (id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING',
    values: [workspaceId, 'Test'],
  });
  await db.execute({
    text: 'INSERT INTO agents (id, workspace_id, name, version, definition) VALUES ($1, $2, $3, 1, $4)',
    values: [agentId, workspaceId, plain.name, json],
  });
  await db.execute({
    text: `INSERT INTO agent_versions (agent_id, version, definition, triggers) VALUES ($1, 1, $2, '[]')`,
    values: [agentId, json],
  });
  return { workspaceId, agentId };
}

/** A tool that is a function of the test. What it throws is its failure. */
export function functionTool(
  name: string,
  run: (input: Record<string, unknown>, call: ToolCall) => Promise<unknown>,
  given: { readonly idempotent?: boolean; readonly hasEffects?: boolean } = {},
): AgentTool {
  return {
    name,
    description: `The tool ${name}.`,
    inputSchema: { type: 'object', properties: {} },
    toolId: null,
    version: 1,
    idempotent: given.idempotent ?? false,
    requiresApproval: false,
    hasEffects: given.hasEffects ?? true,
    check: (value) => ({ ok: true, value: value as Record<string, unknown> }),
    call: async (call): Promise<ToolCallResult> => {
      try {
        const rawData = await run(JSON.parse(call.inputJson), call);
        const outputJson = JSON.stringify({ message: 'ok', rawData });
        return { ok: true, outputJson, modelText: outputJson, logs: null, runTimeMs: 0 };
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        return { ok: false, error: message, modelText: message, logs: null, runTimeMs: 0 };
      }
    },
  };
}

/**
 * The database of a process that can be killed: from then on nothing it does reaches the database, and
 * its session locks are gone, while its promises stay as they are.
 */
export function mortalDatabase(db: Database): {
  readonly db: Database;
  readonly kill: () => Promise<void>;
} {
  let dead = false;
  const connections: DedicatedConnection[] = [];
  const never = new Promise<never>(() => {});
  const alive = async <T>(work: () => Promise<T>): Promise<T> => {
    if (dead) return await never;
    const result = await work();
    return dead ? await never : result;
  };
  return {
    db: {
      query: (statement) => alive(() => db.query(statement)),
      execute: (statement) => alive(() => db.execute(statement)),
      transaction: (work, options) => alive(() => db.transaction(work, options)),
      connect: (options) =>
        alive(async () => {
          const connection = await db.connect(options);
          connections.push(connection);
          return connection;
        }),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    },
    async kill() {
      dead = true;
      await Promise.all(connections.map((connection) => connection[Symbol.asyncDispose]()));
    },
  };
}
