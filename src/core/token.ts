import type { WorkspaceScope } from './workspace-scope.ts';

export const tokenAccesses = ['read', 'write', 'admin'] as const;
export type TokenAccess = (typeof tokenAccesses)[number];

/** What narrows a token's access; null is not narrowed. */
export interface TokenLimits {
  /** `resource:read` and `resource:write`, which includes reading. */
  readonly scopes: readonly string[] | null;
  readonly agentIds: readonly string[] | null;
}

export const unlimited: TokenLimits = { scopes: null, agentIds: null };

/** A bearer credential as its managers see it; the secret is not kept. */
export interface Token {
  readonly id: string;
  readonly name: string;
  readonly access: TokenAccess;
  /** `all` for the admin token. */
  readonly workspaces: WorkspaceScope;
  readonly limits: TokenLimits;
  /** The secret's first characters. */
  readonly hint: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
}

/** Who calls: what a valid bearer token stands for. */
export interface Credential {
  readonly tokenId: string;
  readonly name: string;
  readonly access: TokenAccess;
  readonly workspaces: WorkspaceScope;
  readonly limits: TokenLimits;
}
