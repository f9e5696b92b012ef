import { ApiError } from '../core/errors.ts';
import { isId } from '../core/ids.ts';
import { isInScope, type WorkspaceScope } from '../core/workspace-scope.ts';
import { getWorkspace, listWorkspaces } from '../store/workspaces.ts';
import { type Caller, onlyWorkspaceOf } from './caller.ts';
import type { ApiDeps } from './deps.ts';
import type { WorkspaceRule } from './route.ts';

export interface ResolvedWorkspace {
  readonly scope: WorkspaceScope;
  readonly workspaceId: string | null;
}

/**
 * The workspace that a request is about. A named one is judged before any object: malformed or unknown is
 * `invalid_workspace`, one that the caller may not use is `forbidden`. Unnamed, it is the caller's only one.
 */
export async function resolveWorkspace(
  rule: WorkspaceRule,
  named: unknown,
  caller: Caller,
  deps: Pick<ApiDeps, 'db'>,
): Promise<ResolvedWorkspace> {
  if (rule === 'none') return { scope: caller.scope, workspaceId: null };
  if (named !== undefined) {
    const workspaceId = await judge(named, caller, deps);
    return { scope: [workspaceId], workspaceId };
  }
  const only = rule.need === 'one' ? await onlyWorkspace(caller, deps) : onlyWorkspaceOf(caller);
  if (rule.need === 'optional') return { scope: caller.scope, workspaceId: only };
  if (only === null) {
    const where = rule.from === 'header' ? 'the header X-Workspace-Id' : 'workspace_id';
    throw new ApiError(
      'validation_error',
      `Invalid request: ${where} is required, since the token reaches more than one workspace.`,
      { details: { workspace_id: 'is required' } },
    );
  }
  return { scope: [only], workspaceId: only };
}

async function judge(named: unknown, caller: Caller, deps: Pick<ApiDeps, 'db'>): Promise<string> {
  const exists =
    typeof named === 'string' &&
    isId(named) &&
    (await getWorkspace(deps.db, 'all', named)) !== null;
  if (!exists) throw new ApiError('invalid_workspace', 'Invalid workspace id');
  if (!isInScope(caller.scope, named)) {
    throw new ApiError('forbidden', 'The token has no access to this workspace.');
  }
  return named;
}

async function onlyWorkspace(caller: Caller, deps: Pick<ApiDeps, 'db'>): Promise<string | null> {
  if (caller.scope !== 'all') return onlyWorkspaceOf(caller);
  const { items, next } = await listWorkspaces(deps.db, 'all', { limit: 1, after: null });
  return next === null ? (items[0]?.id ?? null) : null;
}
