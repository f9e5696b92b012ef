import type { HttpCredential, HttpMethod } from './http-credential.ts';

// What the built-in tool `http_request` may reach, as people of the workspace say it.

export const httpToolName = 'http_request';

export interface HttpToolHost {
  /** `api.example.com`, `*.example.com`, `api.example.com:8443`. */
  readonly host: string;
  /** Null: all. */
  readonly methods: readonly HttpMethod[] | null;
  /** Ids of the agents that may reach it; null: every agent that may call the tool. */
  readonly agents: readonly string[] | null;
  readonly credential: HttpCredential | null;
}

export interface HttpToolSettings {
  readonly workspaceId: string;
  /** The first that fits a request decides on it. */
  readonly hosts: readonly HttpToolHost[];
  readonly enableGlobally: boolean;
  readonly requiresApproval: boolean;
  readonly timeoutMs: number;
}
