import { randomUUID } from 'node:crypto';
import type { CustomTool } from '../core/custom-tool.ts';
import { ApiError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import type { CallConnection, Sandbox, SandboxOutcome } from '../core/sandbox.ts';
import type { SecretBox } from '../core/secret-box.ts';
import { refusal } from '../core/validate.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import { createMask } from '../sandbox/mask.ts';
import type { Database } from '../store/connect.ts';
import { getCustomTool } from '../store/custom-tools.ts';
import { endToolRun, insertToolRun } from '../store/tool-runs.ts';
import { checkArguments } from './arguments.ts';
import { openSecrets } from './secrets.ts';
import { createToolRunner, orderOf } from './tool-runner.ts';

// A tool that somebody runs by itself, outside of any agent's run. It is written down before it starts, so
// that what it did is never without a trace.

export interface DirectRunDeps {
  readonly db: Database;
  readonly sandbox: Pick<Sandbox, 'run'>;
  readonly secretBox: SecretBox;
}

/** How a direct run ended. A failure of the tool's own code is an answer, not an error. */
export interface DirectRun {
  /** Of the tool run that is kept of it. */
  readonly id: string;
  readonly toolVersion: number;
  readonly success: boolean;
  readonly message: string | null;
  /** JSON text of the whole returned object; null without success. */
  readonly resultJson: string | null;
  readonly error: string | null;
  readonly logs: string | null;
  readonly runTimeMs: number;
  /** Only of tools that may reach hosts. */
  readonly connections?: readonly CallConnection[];
}

/**
 * Runs a tool as an agent's call would, without asking for approval. Throws `not_found`,
 * `validation_error` for arguments that do not fit, and what the sandbox throws.
 */
export async function runCustomTool(
  deps: DirectRunDeps,
  scope: WorkspaceScope,
  id: string,
  call: {
    readonly parameters?: unknown;
    readonly signal?: AbortSignal | undefined;
    /** Whose request it is; null for what has no token. */
    readonly tokenId?: string | null;
  },
): Promise<DirectRun> {
  const tool = await getCustomTool(deps.db, scope, id);
  if (tool === null) throw new ApiError('not_found', `There is no custom tool ${id}.`);
  const given = call.parameters === undefined ? {} : call.parameters;
  const checked = checkArguments(tool.parameters, given, ['parameters']);
  if (!checked.ok) throw refusal(new Map(Object.entries(checked.problems)));
  const parametersJson = JSON.stringify(checked.value);
  const runId = newId('toolRun');
  await insertToolRun(deps.db, {
    id: runId,
    toolId: tool.id,
    toolVersion: tool.version,
    tokenId: call.tokenId ?? null,
    inputJson: await masked(deps, tool, parametersJson),
  });
  const outcome = await runKept(deps, runId, () =>
    createToolRunner(deps).run({
      ...orderOf(tool),
      parametersJson,
      key: `direct:${randomUUID()}`,
      ...(call.signal === undefined ? {} : { signal: call.signal }),
    }),
  );
  const { logs, runTimeMs, connections } = outcome;
  const common = {
    id: runId,
    toolVersion: tool.version,
    logs,
    runTimeMs,
    ...(connections && { connections }),
  };
  if (!outcome.ok) {
    return { success: false, message: null, resultJson: null, error: outcome.error, ...common };
  }
  const { message, resultJson } = outcome;
  return { success: true, message, resultJson, error: null, ...common };
}

/** A run that the sandbox could not take has failed, and is kept as such too. */
async function runKept(
  { db }: DirectRunDeps,
  id: string,
  run: () => Promise<SandboxOutcome>,
): Promise<SandboxOutcome> {
  const startedAt = performance.now();
  let outcome: SandboxOutcome;
  try {
    outcome = await run();
  } catch (error) {
    await endToolRun(db, {
      id,
      outputJson: null,
      error: `The tool could not be run: ${error instanceof Error ? error.message : String(error)}`,
      logs: null,
      connections: null,
      durationMs: performance.now() - startedAt,
    });
    throw error;
  }
  await endToolRun(db, {
    id,
    outputJson: outcome.ok ? outcome.resultJson : null,
    error: outcome.ok ? null : outcome.error,
    logs: outcome.logs,
    connections: outcome.connections ?? null,
    durationMs: outcome.runTimeMs,
  });
  return outcome;
}

/** What is kept of the arguments: a caller may have passed on what the tool's secrets hold. */
async function masked(deps: DirectRunDeps, tool: CustomTool, json: string): Promise<string> {
  if (tool.secrets.length === 0) return json;
  const { workspaceId, secrets: names } = tool;
  const { values } = await openSecrets(deps, { workspaceId, names });
  return createMask(values).json(json);
}
