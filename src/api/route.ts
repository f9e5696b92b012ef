import type { Context } from 'hono';
import type { ZodObject, ZodType, z } from 'zod';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Answer } from './answer.ts';
import { type Caller, type Right, rights } from './caller.ts';
import type { ApiDeps } from './deps.ts';
import type { IdempotencyClaim } from './idempotency.ts';

// Every route is declared here, with what it touches and the right it asks for. The table of them is what
// is mounted, documented and tested; a route that does not say who may use it keeps the server from starting.

export const resources = [
  'meta',
  'workspace',
  'token',
  'session',
  'inbox_type',
  'agent',
  'run',
  'approval',
  'escalation',
  'trigger_event',
  'custom_tool',
  'tool',
  'mcp_server',
  'openapi_tool',
  'secret',
  'webhook',
  'model',
  'price',
  'alert',
  'notification',
  'hook',
  'contact',
  'conversation',
  'conversation_tag',
  'channel',
  'chat',
  'schedule',
  'usage',
  'budget',
  'backup',
  'test',
  'knowledge',
  'skill',
  'memory',
  'store',
  'template',
  'tenant',
  'settings',
  'retention',
  'member',
  'audit',
  'schema',
  'record',
  'record_kind',
] as const;
export type Resource = (typeof resources)[number];

/**
 * Where a caller may name the workspace, and whether one must be known before the handler runs:
 * `one` for lists and creates, `optional` where the object decides.
 */
export type WorkspaceRule =
  | 'none'
  | { readonly from: 'query' | 'body' | 'header'; readonly need: 'one' | 'optional' };

/** The workspace as a handler gets it: known wherever `one` must be, whose absence was answered before. */
export type KnownWorkspace<W extends WorkspaceRule> = W extends { readonly need: 'one' }
  ? string
  : string | null;

export interface RouteResponse {
  readonly description: string;
  /** Schema of the answer's data (of one item for `page`), without the envelope. */
  readonly data?: ZodType;
  readonly kind?: 'one' | 'page' | 'counted_page';
  /** For what is no JSON, such as an event stream. */
  readonly contentType?: string;
}

export interface AuditedCall {
  readonly action: string;
  /** Default: what the path names last. */
  readonly objectId?: string;
  readonly isFrequent?: boolean;
}

export interface RouteDeclaration<
  P extends ZodObject,
  Q extends ZodObject,
  B extends ZodType,
  W extends WorkspaceRule = WorkspaceRule,
> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** OpenAPI form, whole: `/v1/agents/{id}`. */
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly resource: Resource;
  readonly right: Right;
  readonly workspace: W;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** An absent body is read as `{}` unless this is true; `in_document` only says that one is to be sent. */
  readonly bodyRequired?: boolean | 'in_document';
  /** Default `maxBodyBytes` of body.ts. */
  readonly maxBodyBytes?: number;
  /** The handler reads the body itself, whatever its type; `body` then only documents it. */
  readonly readsBody?: true;
  /** Of a body that is bytes, for the documentation. */
  readonly bodyContentType?: string;
  /** A query that works, where some of it is required; for the matrix test. */
  readonly queryExample?: Readonly<Record<string, string>>;
  /** A body that works, for the documentation and the matrix test. */
  readonly bodyExample?: unknown;
  readonly responses: Readonly<Record<number, RouteResponse>>;
  /** Statuses of this route beyond the dialect's common ones, or with a meaning of their own. */
  readonly errors?: Readonly<Record<number, string>>;
  /**
   * Takes `Idempotency-Key`, and the handler sees to it that key and object are one commit. `create`: it
   * gives `keepAnswer(…)` to the domain call. `dispatch`: it passes `call.idempotency` on to the dispatch.
   */
  readonly idempotent?: 'create' | 'dispatch';
  /** Tokens of people outside may use it, for the `session_id` of its path that is theirs. */
  readonly endUsers?: true;
  /** Its answer waits for a model, a tool or another server: a long time is no sign of load. */
  readonly waitsForOthers?: true;
  /**
   * What the audit log says of a call, where one route does several things: `isFrequent` are those that come by the
   * thousand. Null: this one changes nothing.
   */
  readonly audited?: (body: z.output<B>) => AuditedCall | null;
  /** The answer holds a secret: what is kept for a repeat is encrypted. */
  readonly secretAnswer?: boolean;
}

/** A request that passed: authenticated, allowed, in its workspace, and of the declared shape. */
export interface Call<
  P = unknown,
  Q = unknown,
  B = unknown,
  W extends WorkspaceRule = WorkspaceRule,
> {
  readonly caller: Caller;
  /** The caller's workspaces, narrowed to the one it named. */
  readonly scope: WorkspaceScope;
  /** The named or only workspace; null when neither is known. */
  readonly workspaceId: KnownWorkspace<W>;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** The body as it was sent; `{}` when there was none. */
  readonly bodyText: string;
  readonly requestId: string;
  readonly idempotency: IdempotencyClaim | null;
  /** Fires when the client goes away or the server closes. */
  readonly signal: AbortSignal;
  readonly http: Context;
}

export interface Route extends RouteDeclaration<ZodObject, ZodObject, ZodType> {
  handle(call: Call, deps: ApiDeps): Promise<Answer | Response>;
}

/** Declares a route. The handler authorises nothing itself: it makes one domain call in `call.scope`. */
export function defineRoute<
  P extends ZodObject = ZodObject<Record<never, never>>,
  Q extends ZodObject = ZodObject<Record<never, never>>,
  B extends ZodType = ZodType<undefined>,
  const W extends WorkspaceRule = WorkspaceRule,
>(
  declaration: RouteDeclaration<P, Q, B, W>,
  handle: (
    call: Call<z.output<P>, z.output<Q>, z.output<B>, W>,
    deps: ApiDeps,
  ) => Promise<Answer | Response>,
): Route {
  return { ...declaration, handle } as unknown as Route;
}

/** The routes as a checked table. Throws on one without resource, right or workspace rule, and on doubles. */
export function routeTable(routes: readonly Route[]): readonly Route[] {
  const seen = new Set<string>();
  const operations = new Set<string>();
  for (const route of routes) {
    const name = `${route.method?.toUpperCase()} ${route.path}`;
    if (!resources.includes(route.resource)) throw new Error(`${name} declares no resource`);
    if (!rights.includes(route.right)) throw new Error(`${name} declares no right`);
    if (route.workspace === undefined) throw new Error(`${name} declares no workspace rule`);
    if (route.endUsers === true && !route.path.includes('/{session_id}')) {
      throw new Error(`${name} is open to end users and names no session`);
    }
    if (seen.has(name)) throw new Error(`${name} is declared twice`);
    if (operations.has(route.operationId))
      throw new Error(`${route.operationId} is declared twice`);
    seen.add(name);
    operations.add(route.operationId);
  }
  return routes;
}

/** `/v1/agents/{id}` as Hono writes it: `/v1/agents/:id`. */
export function honoPath(path: string): string {
  return path.replace(/\{([a-z_]+)\}/g, ':$1');
}
