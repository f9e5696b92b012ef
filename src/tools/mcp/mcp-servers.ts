import { ApiError } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import type { McpServer, SourceTool } from '../../core/tool-source.ts';
import { refusal } from '../../core/validate.ts';
import type { WorkspaceScope } from '../../core/workspace-scope.ts';
import type { Database } from '../../store/connect.ts';
import { deleteMcpCredentials } from '../../store/mcp-credentials.ts';
import {
  deleteToolSourceRow,
  getToolSource,
  insertToolSource,
  isSourceNameTaken,
  saveSourceTools,
  saveToolSource,
} from '../../store/tool-sources.ts';
import { type InTransaction, requireWorkspace } from '../../store/workspaces.ts';
import { commonChanges, sourceDefaults } from '../sources/source-input.ts';
import { requireUnnamedSource, sourceNameTaken } from '../sources/source-rules.ts';
import { toolNameOf } from '../sources/tool-names.ts';
import { type McpClient, McpUnusable } from './mcp-client.ts';
import type { McpServerInput, McpServerPatch } from './mcp-server-input.ts';
import { type StdioDeps, whyNoStdio } from './stdio.ts';

// The rules of MCP servers. A server that cannot be reached is stored all the same: it may come up later, and
// says until then why it gives no tools.

export interface McpServerDeps extends Pick<StdioDeps, 'sandbox'> {
  readonly db: Database;
  readonly mcp: McpClient;
}

/** Throws `not_found`. */
export async function requireMcpServer(
  db: Database,
  scope: WorkspaceScope,
  id: string,
): Promise<McpServer> {
  const server = await getToolSource(db, scope, { kind: 'mcp', id });
  if (server === null) throw notFound(id);
  return server;
}

/** Throws `conflict` for a name that is taken, `validation_error` for stdio where there is no jail. */
export async function createMcpServer(
  deps: McpServerDeps,
  scope: WorkspaceScope,
  input: McpServerInput,
  inTransaction?: InTransaction<McpServer>,
): Promise<McpServer> {
  requirePossible(deps, input.config);
  return await deps.db.transaction(async (tx) => {
    await requireWorkspace(tx, scope, input.workspace_id);
    const created = await insertToolSource(tx, {
      ...sourceDefaults,
      ...commonChanges(input),
      name: input.name,
      config: input.config,
      id: newId('mcpServer'),
      workspaceId: input.workspace_id,
      kind: 'mcp',
      tools: [],
    });
    if (created === null) throw sourceNameTaken(input.name);
    await inTransaction?.(tx, created);
    return created;
  });
}

/** Changes what is given; another config forgets what was authorized with the old one. Throws like a create, and `not_found`. */
export async function patchMcpServer(
  deps: McpServerDeps,
  scope: WorkspaceScope,
  id: string,
  patch: McpServerPatch,
): Promise<McpServer> {
  if (patch.config !== undefined) requirePossible(deps, patch.config);
  try {
    return await deps.db.transaction(async (tx) => {
      const current = await getToolSource(tx, scope, { kind: 'mcp', id, lock: true });
      if (current === null) throw notFound(id);
      const config = patch.config ?? current.config;
      const next = { ...current, ...commonChanges(patch), config };
      if (next.name !== current.name) await requireUnnamedSource(tx, current, 'renamed');
      if (isElsewhere(current.config, config)) await deleteMcpCredentials(tx, id);
      const saved = await saveToolSource(tx, id, next);
      if (next.name === current.name) return saved as McpServer;
      const tools = renamed(current.tools, next.name);
      await saveSourceTools(tx, id, { tools });
      return { ...saved, tools } as McpServer;
    });
  } catch (error) {
    if (isSourceNameTaken(error)) throw sourceNameTaken(patch.name ?? '');
    throw error;
  }
}

/** Deletes (softly), with what was authorized. Throws `not_found`, and `conflict` while agents name its tools. */
export function deleteMcpServer(db: Database, scope: WorkspaceScope, id: string): Promise<void> {
  return db.transaction(async (tx) => {
    const server = await getToolSource(tx, scope, { kind: 'mcp', id, lock: true });
    if (server === null) throw notFound(id);
    await requireUnnamedSource(tx, server, 'deleted');
    await deleteMcpCredentials(tx, id);
    await deleteToolSourceRow(tx, id);
  });
}

/** How a test of a server ended: a server that cannot be used is an answer. */
export type McpTest =
  | { readonly ok: true; readonly tools: readonly SourceTool[] }
  | { readonly ok: false; readonly error: string };

/** Connects and reads the tools anew, which runs get from then on. Throws `not_found`. */
export async function testMcpServer(
  deps: McpServerDeps,
  scope: WorkspaceScope,
  of: { readonly id: string; readonly signal: AbortSignal },
): Promise<McpTest> {
  const server = await requireMcpServer(deps.db, scope, of.id);
  try {
    return { ok: true, tools: await deps.mcp.readTools(server, of.signal) };
  } catch (error) {
    if (error instanceof McpUnusable) return { ok: false, error: error.message };
    throw error;
  }
}

function requirePossible({ sandbox }: McpServerDeps, config: McpServer['config']): void {
  const reason = config.transport === 'stdio' ? whyNoStdio(sandbox) : null;
  if (reason !== null) throw refusal(new Map([['config.transport', `cannot be stdio: ${reason}`]]));
}

/** What was authorized for one server says nothing of another. */
function isElsewhere(before: McpServer['config'], after: McpServer['config']): boolean {
  if (before.transport === 'stdio' || after.transport === 'stdio') return true;
  return before.url !== after.url || JSON.stringify(before.auth) !== JSON.stringify(after.auth);
}

function renamed(tools: readonly SourceTool[], name: string): readonly SourceTool[] {
  return tools.map((tool) => ({ ...tool, name: toolNameOf(name, tool.remoteName) }));
}

function notFound(id: string): ApiError {
  return new ApiError('not_found', `There is no MCP server ${id}.`);
}
