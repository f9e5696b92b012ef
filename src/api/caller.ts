import type { ChatCredential } from '../core/chat.ts';
import type { Person, Role } from '../core/member.ts';
import { type Credential, type TokenAccess, type TokenLimits, unlimited } from '../core/token.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';

/** Who makes the request, and where. What they may do there is judged by `authorize`. */
export interface Caller {
  readonly kind: 'token' | 'person' | 'end_user' | 'nobody';
  /** Of the token or the person. */
  readonly id: string;
  /** The token's name or the person's address. */
  readonly name: string;
  /** What a token may do at most; a person's is what their roles come to. */
  readonly access: TokenAccess;
  readonly scope: WorkspaceScope;
  readonly limits: TokenLimits;
  /** A person's role in each of their workspaces. */
  readonly roles: ReadonlyMap<string, Role> | null;
  /** Of an end user: the one chat session that they reach. */
  readonly chatSessionId?: string;
  /** Set when the token or the person is meant by a session of the dashboard. */
  readonly sessionHash?: Buffer;
}

/**
 * What a route asks of its caller; each includes those before it. `public` asks for no credential, `owner`
 * for the admin token or a person who owns the workspace, `admin` for the admin token.
 */
export const rights = ['public', 'read', 'write', 'owner', 'admin'] as const;
export type Right = (typeof rights)[number];

export const nobody: Caller = {
  kind: 'nobody',
  id: '',
  name: '',
  access: 'read',
  scope: [],
  limits: unlimited,
  roles: null,
};

export function callerOfToken({ tokenId, name, access, workspaces, limits }: Credential): Caller {
  return { kind: 'token', id: tokenId, name, access, scope: workspaces, limits, roles: null };
}

export function callerOfPerson({ userId, email, roles }: Person): Caller {
  const mayWrite = [...roles.values()].some((role) => role !== 'viewer');
  return {
    kind: 'person',
    id: userId,
    name: email,
    access: mayWrite ? 'write' : 'read',
    scope: [...roles.keys()],
    limits: unlimited,
    roles,
  };
}

/** Somebody outside: they reach their session by the routes that are open to them, and nothing else. */
export function callerOfEndUser(credential: ChatCredential): Caller {
  return {
    ...nobody,
    kind: 'end_user',
    id: credential.id,
    name: credential.endUser ?? 'end user',
    scope: [credential.workspaceId],
    chatSessionId: credential.sessionId,
  };
}

/** The caller's workspace when it has exactly one; the admin's are not counted. */
export function onlyWorkspaceOf(caller: Caller): string | null {
  return caller.scope !== 'all' && caller.scope.length === 1 ? (caller.scope[0] ?? null) : null;
}
