import type { CustomTool } from '../core/custom-tool.ts';
import { ApiError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import type { Sandbox } from '../core/sandbox.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import { listAgentsNamingTool } from '../store/agents-naming.ts';
import type { Database, Queryable } from '../store/connect.ts';
import {
  deleteCustomToolRow,
  getCustomTool,
  insertCustomTool,
  isToolNameTaken,
  lockCustomTool,
  saveCustomTool,
} from '../store/custom-tools.ts';
import { getToolVersion } from '../store/tool-versions.ts';
import { type InTransaction, requireWorkspace } from '../store/workspaces.ts';
import { type CheckedTool, checkTool } from './check-tool.ts';
import {
  type CustomToolInput,
  type CustomToolPatch,
  readCustomToolInput,
  readCustomToolPatch,
  type WrittenTool,
} from './custom-tool-input.ts';

// The rules of custom tools. Besides `ApiError`, what needs the sandbox throws its `SandboxUnavailable`
// and `SandboxBusy`: code that was not checked is not stored.

export interface CustomToolDeps {
  readonly db: Database;
  readonly sandbox: Pick<Sandbox, 'check' | 'run'>;
}

/**
 * Creates a tool. Throws `validation_error` (code that does not check included), `conflict` for a name
 * that is taken or reserved, `invalid_workspace`, `forbidden`, `unprocessable`.
 */
export async function createCustomTool(
  deps: CustomToolDeps,
  scope: WorkspaceScope,
  input: CustomToolInput,
  inTransaction?: InTransaction<CustomTool>,
): Promise<CustomTool> {
  const { workspaceId, tool } = readCustomToolInput(input);
  await requireWorkspace(deps.db, scope, workspaceId);
  const checked = await checkTool(deps.sandbox, tool);
  return deps.db.transaction(async (tx) => {
    await requireWorkspace(tx, scope, workspaceId);
    const id = newId('customTool');
    const created = await insertCustomTool(tx, { ...checked, id, workspaceId, version: 1 });
    if (created === null) throw nameTaken(tool.name);
    await inTransaction?.(tx, created);
    return created;
  });
}

/**
 * Changes what is given; other code (or its language) makes a new version. Throws like `createCustomTool`,
 * `not_found`, and `conflict` for a new name while agents name the tool by its old one.
 */
export async function patchCustomTool(
  deps: CustomToolDeps,
  scope: WorkspaceScope,
  id: string,
  patch: CustomToolPatch,
): Promise<CustomTool> {
  const changes = readCustomToolPatch(patch);
  const before = await getCustomTool(deps.db, scope, id);
  if (before === null) throw notFound(id);
  const wanted = { ...before, ...changes };
  const isChecked = isOtherCode(before, wanted) || changes.areParametersGiven === false;
  const found = isChecked ? await findInCode(deps, wanted) : {};
  try {
    return await deps.db.transaction(async (tx) => {
      const current = await lockCustomTool(tx, scope, id);
      if (current === null) throw notFound(id);
      const next = { ...current, ...changes, ...found };
      // The check ran outside the lock: what it saw must be what is written.
      const isStale =
        isOtherCode(isChecked ? wanted : current, next) ||
        (isChecked && wanted.areParametersGiven !== next.areParametersGiven);
      if (isStale) {
        throw new ApiError('conflict', 'The code of the tool was changed meanwhile. Try again.');
      }
      if (next.name !== current.name) await requireUnnamed(tx, current, 'renamed');
      const version = current.version + (isOtherCode(current, next) ? 1 : 0);
      return saveCustomTool(tx, current, { ...next, version });
    });
  } catch (error) {
    if (isToolNameTaken(error)) throw nameTaken(wanted.name);
    throw error;
  }
}

/** Deletes (softly). Throws `not_found`, and `conflict` while agents name the tool. */
export function deleteCustomTool(db: Database, scope: WorkspaceScope, id: string): Promise<void> {
  return db.transaction(async (tx) => {
    const tool = await lockCustomTool(tx, scope, id);
    if (tool === null) throw notFound(id);
    await requireUnnamed(tx, tool, 'deleted');
    await deleteCustomToolRow(tx, tool.id);
  });
}

/**
 * Brings the code of an earlier version back, as a new one; everything else of the tool stays. Throws like
 * `patchCustomTool`, and `not_found` for a version that is not there.
 */
export async function rollbackCustomTool(
  deps: CustomToolDeps,
  scope: WorkspaceScope,
  id: string,
  version: number,
): Promise<CustomTool> {
  const tool = await getCustomTool(deps.db, scope, id);
  if (tool === null) throw notFound(id);
  const earlier = await getToolVersion(deps.db, { toolId: id, version });
  if (earlier === null) {
    throw new ApiError('not_found', `Custom tool ${id} has no version ${version}.`);
  }
  return patchCustomTool(deps, scope, id, { language: earlier.language, code: earlier.code });
}

/** What the check of the code changes of a tool: parameters that their author gave stay as they are. */
async function findInCode(deps: CustomToolDeps, tool: WrittenTool): Promise<Partial<CheckedTool>> {
  const { packages, parameters } = await checkTool(deps.sandbox, tool);
  return tool.areParametersGiven ? { packages } : { packages, parameters };
}

type Code = Pick<WrittenTool, 'language' | 'code'>;

function isOtherCode(one: Code, other: Code): boolean {
  return one.code !== other.code || one.language !== other.language;
}

async function requireUnnamed(tx: Queryable, tool: CustomTool, done: string): Promise<void> {
  const agents = await listAgentsNamingTool(tx, tool.workspaceId, tool.name);
  if (agents.length === 0) return;
  const names = agents.map((name) => `"${name}"`).join(', ');
  throw new ApiError(
    'conflict',
    `The tool "${tool.name}" cannot be ${done}: it is named in "tools" of the agents ${names}. Take it out there first.`,
  );
}

function nameTaken(name: string): ApiError {
  return new ApiError('conflict', `There is a tool named "${name}" in the workspace already.`, {
    details: { name: 'is taken in this workspace; choose another' },
  });
}

function notFound(id: string): ApiError {
  return new ApiError('not_found', `There is no custom tool ${id}.`);
}
