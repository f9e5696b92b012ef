import type { AgentDeps } from '../agents/agent-deps.ts';
import type { AlertDeps } from '../alerts/alerts.ts';
import type { SendDeps } from '../conversations/send.ts';
import type { Logger } from '../core/logger.ts';
import type { ObjectStore } from '../core/object-store.ts';
import type { RunObserver } from '../core/run-observer.ts';
import type { Sandbox } from '../core/sandbox.ts';
import type { SecretBox } from '../core/secret-box.ts';
import type { ClusterUi } from '../engine/cluster-ui.ts';
import type { KnowledgeDeps } from '../knowledge/nodes.ts';
import type { SearchDeps } from '../knowledge/search.ts';
import type { ModelRegistryDeps } from '../model-registry/models.ts';
import type { PreferenceDeps } from '../notifications/preferences.ts';
import type { RetentionDeps } from '../retention/rules.ts';
import type { BudgetGate } from '../runs/budget-gate.ts';
import type { CancelDeps } from '../runs/cancel.ts';
import type { DispatchDeps } from '../runs/dispatch.ts';
import type { RunFeeds } from '../runs/watch.ts';
import type { SharedReads } from '../store/shared-reads.ts';
import type { SlowStatements } from '../store/slow-statements.ts';
import type { McpClient, McpDeps } from '../tools/mcp/mcp-client.ts';
import type { WebhookDeps } from '../webhooks/webhooks.ts';
import type { Dashboard } from './dashboard.ts';
import type { HookGate } from './hook-gate.ts';
import type { LoadGate } from './load-gate.ts';
import type { RateLimiter } from './rate-limit.ts';
import type { OidcClient } from './sign-in/oidc-client.ts';
import type { StreamGate } from './stream-gate.ts';

/** One line of `/readyz`: a part that must work, and what to do when it does not. */
export interface ReadinessCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly message: string;
}

/** Everything the handlers reach. Only `context.ts` makes one. */
export interface ApiDeps extends DispatchDeps {
  readonly engine: DispatchDeps['engine'] & CancelDeps['engine'];
  readonly budgets?: Pick<BudgetGate, 'admit' | 'giveBack' | 'refresh'>;
  readonly feeds: RunFeeds;
  readonly reads: SharedReads;
  /** What the rules of agents need. */
  readonly agents: AgentDeps;
  readonly knowledge: KnowledgeDeps & SearchDeps;
  /** What the rules of webhooks out need. */
  readonly webhooks: WebhookDeps;
  /** What the rules of models need. */
  readonly modelRegistry: ModelRegistryDeps;
  /** What the rules of alerts need. */
  readonly alerts: AlertDeps;
  /** What the rules of retention need. */
  readonly retention: RetentionDeps;
  /** What the rules of what members are told need. */
  readonly notifications: PreferenceDeps;
  /** Absent: slow statements are not noted. */
  readonly slowStatements?: Pick<SlowStatements, 'list'>;
  /** Where large outputs are; absent or null: in the database. */
  readonly objects?: ObjectStore | null;
  /** What sending messages needs. */
  readonly conversations: SendDeps;
  /** What `/metrics` gives and to whom; absent or null where it is not switched on. */
  readonly metrics?: { readonly token: string; readonly read: () => Promise<string> } | null;
  readonly observer?: RunObserver;
  readonly hookGate: HookGate;
  /** Absent: nothing is refused for load. */
  readonly load?: LoadGate;
  /** Where people reach the server, where the operator set it; else what a request says counts. */
  readonly publicUrl?: string | null;
  /** Where Temporal's web interface is, where the operator set it. */
  readonly clusterUi?: ClusterUi | null;
  /** Absent: event streams are not counted. */
  readonly streams?: StreamGate;
  /** How long a webhook waits for its result; default 30 s. */
  readonly hookResultWithinMs?: number;
  /** How long a chat completion that is not streamed waits for its answer; default 10 minutes. */
  readonly completionWithinMs?: number;
  readonly sandbox: Sandbox;
  readonly logger: Logger;
  readonly secretBox: SecretBox;
  /** MCP servers: their connections, and what authorizing at them needs. */
  readonly mcp: McpClient;
  readonly mcpDeps: Pick<McpDeps, 'db' | 'secretBox' | 'openOutlet'>;
  /** Signs cursors; the same over restarts and processes. */
  readonly cursorKey: Buffer;
  /** Of the server, shown in `GET /v1` and `/healthz`. */
  readonly version: string;
  readonly readiness: () => Promise<readonly ReadinessCheck[]>;
  /** Requests a minute for every workspace; 0 is off, null takes each dialect's own. */
  readonly rateLimit: number | null;
  /** Counts over all processes; without it each counts alone. */
  readonly rates?: RateLimiter;
  /** Served beside the API; absent or null where it was not built. */
  readonly dashboard?: Dashboard | null;
  /** The operator's OpenID Connect issuer; absent or null where none is set. */
  readonly oidc?: OidcClient | null;
  /** Origins whose pages may use the API by token. */
  readonly corsOrigins?: readonly string[];
  /** Whether an address is that of a proxy whose `X-Forwarded-For` counts; by default none is. */
  readonly isTrustedProxy?: (address: string) => boolean;
  /** Fires when the server stops taking requests: streams end then, and are resumed elsewhere. */
  readonly closing?: AbortSignal;
}
