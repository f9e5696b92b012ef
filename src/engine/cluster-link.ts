import type { Logger } from '../core/logger.ts';
import type { RunWake } from '../store/run-wakes.ts';

// What this product and the package of a cluster (engines/temporal) know of one another.

/**
 * What is next for a run that was driven: nothing, it has ended; another drive, after so long at most (null: not
 * before it is woken); or the same drive again, because a limit over all processes keeps it out.
 */
export type DriveAnswer =
  | { readonly kind: 'ended' }
  | { readonly kind: 'wait'; readonly forMs: number | null }
  | { readonly kind: 'no_room' };

export interface DriveRequest {
  /** The public execution id, which is the workflow's. */
  readonly runId: string;
  /** The cluster's own id of the execution. */
  readonly engineRunId: string;
  /** Fires when the cluster has given this drive up. */
  readonly signal: AbortSignal;
}

export interface ClusterSettings {
  readonly address: string;
  readonly namespace: string;
  readonly apiKey: string | null;
  /** PEM; `null` is a connection without TLS, unless there is an API key. */
  readonly tls: {
    readonly ca: Buffer | null;
    readonly cert: Buffer | null;
    readonly key: Buffer | null;
  } | null;
  /** What the names of task queues begin with. */
  readonly taskQueue: string;
  /** Classes of workspaces, by workspace: each has task queues of its own. */
  readonly classes: ReadonlyMap<string, string>;
  /** The classes that this process works for; null: all. */
  readonly workFor: readonly string[] | null;
  /** Of this process at once. */
  readonly maxRuns: number;
  readonly drainMs: number;
  /** 32 bytes each; the first seals what goes into histories, all open it. */
  readonly codecKeys: readonly Uint8Array[];
}

export interface ClusterWorker {
  /** Rejects when it cannot go on. */
  readonly stopped: Promise<void>;
  /** Takes nothing more, and resolves when what it drives has come to rest. */
  stop(): Promise<void>;
}

/** A connection to a cluster. Nothing is sent before it is needed, so a cluster that is away keeps nobody up. */
export interface ClusterLink extends AsyncDisposable {
  /** Resolves when the cluster has accepted it; from then on it sees to it that the run is driven. */
  wake(run: RunWake): Promise<void>;
  /** Drives what the cluster hands out. Rejects when the cluster cannot be reached. */
  work(drive: (request: DriveRequest) => Promise<DriveAnswer>): Promise<ClusterWorker>;
}

/** What the package exports. */
export interface ClusterPackage {
  openLink(settings: ClusterSettings, logger: Logger): ClusterLink;
}
