import type { WorkspaceScope } from './workspace-scope.ts';

export const tokenAccesses = ['read', 'write', 'admin'] as const;
export type TokenAccess = (typeof tokenAccesses)[number];

/** A bearer credential as its managers see it; the secret is not kept. */
export interface Token {
  readonly id: string;
  readonly name: string;
  readonly access: TokenAccess;
  /** `all` for the admin token. */
  readonly workspaces: WorkspaceScope;
  /** The secret's first characters. */
  readonly hint: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
}

/** Who calls: what a valid bearer token stands for. */
export interface Credential {
  readonly tokenId: string;
  readonly access: TokenAccess;
  readonly workspaces: WorkspaceScope;
}
