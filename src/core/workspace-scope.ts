/** The workspaces a caller may see. Every read and write of the store takes one; `all` is the admin's. */
export type WorkspaceScope = 'all' | readonly string[];

export function isInScope(scope: WorkspaceScope, workspaceId: string): boolean {
  return scope === 'all' || scope.includes(workspaceId);
}

/** One of what a caller may see. */
export interface ScopedKey {
  readonly scope: WorkspaceScope;
  readonly id: string;
}
