import type { ApiCredential, HttpMethod } from './http-credential.ts';

// What gives an agent several tools at once: an MCP server or an OpenAPI document. Its tools are kept as they
// were last read, so that a run starts without asking anybody.

export const toolSourceKinds = ['mcp', 'openapi'] as const;
export type ToolSourceKind = (typeof toolSourceKinds)[number];

/** A tool as an agent names it and the model sees it, and as its source knows it. */
export interface SourceTool {
  /** `source__tool`, at most 64 characters. */
  readonly name: string;
  readonly remoteName: string;
  readonly description: string;
  /** JSON Schema of an object. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
  readonly idempotent: boolean;
  readonly hasEffects: boolean;
  /** Only of OpenAPI documents. */
  readonly operation?: OpenApiOperation;
}

export interface OpenApiOperation {
  readonly method: HttpMethod;
  /** With `{name}` where parameters go. */
  readonly path: string;
  readonly parameters: readonly OpenApiParameter[];
  readonly body: 'none' | 'json' | 'form';
  /** Of the body. */
  readonly mediaType: string | null;
  /** Alternatives, by name of the scheme; empty: none is asked for. */
  readonly security: readonly (readonly string[])[];
}

export interface OpenApiParameter {
  /** As the model gives it: unique in the operation. */
  readonly argument: string;
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly explode: boolean;
  readonly style: string;
}

/** How a server is asked to let us in. Secrets are named, never held. */
export type McpAuth =
  | { readonly type: 'none' }
  | { readonly type: 'bearer'; readonly secret: string }
  | { readonly type: 'header'; readonly name: string; readonly secret: string }
  | {
      readonly type: 'oauth_client_credentials';
      readonly client_id: string;
      readonly secret: string;
      readonly scope: string | null;
    }
  | {
      readonly type: 'oauth';
      /** Null: registered by itself (RFC 7591). */
      readonly client_id: string | null;
      readonly secret: string | null;
      readonly scope: string | null;
    };

export type McpConfig =
  | {
      readonly transport: 'http' | 'sse';
      readonly url: string;
      readonly auth: McpAuth;
    }
  | {
      readonly transport: 'stdio';
      /** A folder below `mcp-servers/` of the data directory. */
      readonly directory: string;
      readonly runtime: 'node' | 'python';
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
      /** Names of secrets, given as variables of the same name. */
      readonly secrets: readonly string[];
      readonly network: { readonly allow: readonly string[] } | null;
      readonly memory_mb: number;
    };

export interface OpenApiConfig {
  /** Where it came from; null when it was given. */
  readonly document_url: string | null;
  /** The document as it was given. */
  readonly document: string;
  readonly base_url: string;
  /** Names of the document's security schemes. */
  readonly credentials: Readonly<Record<string, ApiCredential>>;
  readonly skipped: readonly SkippedOperation[];
}

/** One that cannot be a tool. */
export interface SkippedOperation {
  readonly operation: string;
  readonly reason: string;
}

interface Common {
  readonly id: string;
  readonly workspaceId: string;
  /** Kebab-case, 1–32 characters, unique among the workspace's sources. */
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly enableGlobally: boolean;
  readonly requiresApproval: boolean;
  /** Names as the source gives them; null: all. */
  readonly allowedTools: readonly string[] | null;
  readonly timeoutMs: number;
  readonly tools: readonly SourceTool[];
  readonly toolsReadAt: Date | null;
  /** Why the tools could not be read the last time. */
  readonly problem: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type McpServer = Common & { readonly kind: 'mcp'; readonly config: McpConfig };
export type OpenApiSource = Common & { readonly kind: 'openapi'; readonly config: OpenApiConfig };
export type ToolSource = McpServer | OpenApiSource;
