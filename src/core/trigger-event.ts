import type { Comparison } from './filter.ts';

// A firing as it is kept, and what became of it for every trigger that was looked at.

export const eventSources = [
  'manual',
  'retry',
  'fork',
  'cron',
  'webhook',
  'event',
  'schedule',
  'internal',
  'message',
  'replay',
] as const;

/** `skipped`: it matched and could run, but another run came before (`reason` says in which way). */
export const verdictKinds = ['ran', 'not_matched', 'refused', 'skipped'] as const;
export type VerdictKind = (typeof verdictKinds)[number];

export interface TriggerEvent {
  readonly id: string;
  readonly workspaceId: string;
  readonly source: string;
  readonly type: string | null;
  /** When it is one trigger's own firing. */
  readonly triggerId: string | null;
  /** JSON text, as it was given (I9). */
  readonly payloadJson: string;
  readonly entityId: string | null;
  readonly occurredAt: Date | null;
  readonly causedByRunId: string | null;
  readonly depth: number;
  readonly replayOf: string | null;
  readonly createdAt: Date;
}

export interface Verdict {
  readonly eventId: string;
  readonly agent: { readonly id: string; readonly number: number; readonly name: string };
  readonly trigger: { readonly id: string; readonly name: string | null } | null;
  readonly verdict: VerdictKind;
  readonly reason: string | null;
  readonly detail: string | null;
  readonly comparisons: readonly Comparison[];
  readonly run: { readonly id: string; readonly runId: string } | null;
}
