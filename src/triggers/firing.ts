import type { Agent, Trigger } from '../core/agent.ts';
import type { RunConversation } from '../core/conversation.ts';
import type { Comparison } from '../core/filter.ts';
import type { FiredRun } from '../store/run-creator.ts';

// What fires, and which triggers were looked at for it.

export const firingSources = [
  'cron',
  'webhook',
  'event',
  'schedule',
  'internal',
  'message',
  'replay',
] as const;
export type FiringSource = (typeof firingSources)[number];

/** One trigger that was looked at. Of an agent that did not match, no more than its id is needed. */
export type Candidate = MatchedCandidate | UnmatchedCandidate;

interface LookedAt {
  readonly trigger: Pick<Trigger, 'id' | 'type' | 'enabled' | 'config'>;
  readonly comparisons: readonly Comparison[];
  /** The caller's own no to what matched otherwise. */
  readonly refusal?: Refusal | null;
  readonly sessionId?: string | null;
  readonly concurrencyKey?: string | null;
}

export interface MatchedCandidate extends LookedAt {
  readonly matched: true;
  readonly agent: Agent;
  readonly trigger: Trigger;
  readonly entityId: string | null;
}

export interface UnmatchedCandidate extends LookedAt {
  readonly matched: false;
  readonly agent: Pick<Agent, 'id'>;
  readonly entityId?: string | null;
}

export interface Firing {
  readonly workspaceId: string;
  readonly source: FiringSource;
  /** `reservation.created`; null for cron and webhook. */
  readonly eventType: string | null;
  /** When it is one trigger's own firing. */
  readonly triggerId: string | null;
  /** JSON text, as it was given (I9). */
  readonly payloadJson: string;
  /**
   * A second firing of the workspace with the same key is `repeated` and causes nothing, as long as the first
   * one's event is kept: `cron:<trigger>:<tick>`, `hook:<trigger>:<value>`, `event:<source>:<id>`. Null: never a
   * repeat.
   */
  readonly onceKey: string | null;
  readonly occurredAt: Date | null;
  readonly entityId?: string | null;
  readonly causedByRunId: string | null;
  /** Firings between this one and the first of its chain: 0, or that of the run that causes it, and one. */
  readonly depth: number;
  readonly replayOf?: string | null;
  readonly traceparent?: string | null;
  /** Without it what the payload names. */
  readonly conversation?: RunConversation | null;
  readonly candidates: readonly Candidate[];
}

export interface Refusal {
  readonly reason: string;
  /** A sentence for people. */
  readonly detail: string;
}

export interface FireResult {
  /** `repeated`: event and runs are the first one's. */
  readonly kind: 'fired' | 'repeated';
  readonly triggerEventId: string;
  readonly runs: readonly FiredRun[];
}
