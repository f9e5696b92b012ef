import type { TriggerType } from '../core/agent.ts';
import type { RunConversation } from '../core/conversation.ts';
import type { EngineName } from '../core/run.ts';
import type { VerdictKind } from '../core/trigger-event.ts';
import type { IdempotencyKey, IdempotentAnswer } from './idempotency.ts';

// What one firing writes: its event, the verdict on every trigger that was looked at, and its runs.

export interface NewFiring {
  readonly event: NewEvent;
  readonly runs: readonly NewRun[];
  /** Of a dispatch by hand none: nothing was judged. */
  readonly verdicts: readonly NewVerdict[];
  /** Only where there is exactly one run. */
  readonly idempotency: NewIdempotencyKey | null;
}

export interface NewEvent {
  readonly id: string;
  readonly workspaceId: string;
  readonly source: string;
  readonly type?: string | null;
  readonly triggerId: string | null;
  /** JSON text, as it was given (I9); also the payload of every run. */
  readonly payloadJson: string;
  /** A second firing of the workspace with the same key causes nothing. */
  readonly onceKey?: string | null;
  readonly occurredAt?: Date | null;
  readonly entityId?: string | null;
  readonly causedByRunId?: string | null;
  readonly depth?: number;
  readonly replayOf?: string | null;
}

export interface NewRun {
  readonly id: string;
  readonly runId: string;
  readonly agentId: string;
  readonly agentVersion: number;
  readonly triggerId: string | null;
  readonly triggerType: TriggerType | null;
  readonly sessionId: string | null;
  readonly entityId: string | null;
  readonly additionalInstructions: string | null;
  readonly retryOf: string | null;
  readonly model: string;
  readonly traceId: string;
  /** The incarnation that drives the run from its creation on; null leaves it to whoever has room. */
  readonly owner: string | null;
  /** Seconds that it goes ahead of others of its workspace in the queue; default 0, at most 3,600. */
  readonly priority?: number;
  /** Runs of the agent with the same key go one at a time. */
  readonly concurrencyKey?: string | null;
  /** Its agent is paused: nobody claims it before it is resumed. Needs `owner: null`. */
  readonly parked?: boolean;
  /** Default `local`; another one needs `owner: null`. */
  readonly engine?: EngineName;
  readonly dryRun?: boolean;
  /** Not created when the agent has had a run for the entity already. */
  readonly oncePerEntity?: boolean;
  /** Not created while the run that took the slot before has not ended. Not beside `oncePerEntity`. */
  readonly slot?: string | null;
  /** Not due before this run of the same firing has ended. Needs `owner: null`. */
  readonly heldAfter?: string | null;
  readonly conversation?: RunConversation | null;
}

export interface NewVerdict {
  readonly agentId: string;
  readonly triggerId: string;
  /** `ran` becomes `skipped` when the database does not create the run, as `skip` says. */
  readonly verdict: VerdictKind;
  readonly reason: string | null;
  /** The reason as a sentence. */
  readonly detail: string | null;
  /** What a skipped one's reason and detail are. */
  readonly skip: { readonly reason: string; readonly detail: string } | null;
  /** JSON text. */
  readonly comparisonsJson: string;
  readonly runId: string | null;
}

export type NewIdempotencyKey = Omit<IdempotencyKey, 'workspaceId'> & IdempotentAnswer;

/**
 * `repeated`: the idempotency key or the once key was used before; the caller looks up by what.
 * `skippedRuns`: ids of those that were not created, since another came before them.
 */
export type FiringOutcome =
  | {
      readonly kind: 'created';
      readonly createdAt: Date;
      readonly skippedRuns: ReadonlySet<string>;
    }
  | { readonly kind: 'repeated' };
