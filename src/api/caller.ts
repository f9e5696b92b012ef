import { type TokenAccess, tokenAccesses } from '../core/token.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';

/** Who makes the request: the token's rights and the workspaces they hold in. */
export interface Caller {
  readonly tokenId: string;
  readonly access: TokenAccess;
  readonly scope: WorkspaceScope;
  /** Set when the token is meant by a session of the dashboard. */
  readonly sessionHash?: Buffer;
}

/** What a route asks of its caller; `public` asks for no token. */
export const rights = ['public', 'read', 'write', 'admin'] as const;
export type Right = (typeof rights)[number];

/** Whether the access includes the right: admin includes write, write includes read. */
export function includesRight(access: TokenAccess, right: Right): boolean {
  return right === 'public' || tokenAccesses.indexOf(access) >= tokenAccesses.indexOf(right);
}

/** The caller's workspace when it has exactly one; the admin's are not counted. */
export function onlyWorkspaceOf(caller: Caller): string | null {
  return caller.scope !== 'all' && caller.scope.length === 1 ? (caller.scope[0] ?? null) : null;
}
