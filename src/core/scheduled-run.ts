import type { RunStatus } from './run.ts';

// Single runs for later.

export const scheduledStatuses = ['scheduled', 'fired', 'cancelled', 'failed'] as const;
export type ScheduledStatus = (typeof scheduledStatuses)[number];

export interface ScheduledRun {
  readonly id: string;
  /** A stable integer, for dialects that document one. */
  readonly number: number;
  readonly workspaceId: string;
  readonly agentId: string;
  /** Deleted agents included. */
  readonly agent: { readonly number: number; readonly name: string };
  readonly scheduledFor: Date;
  /** JSON text, as it was given (I9). */
  readonly payloadJson: string;
  readonly entityId: string | null;
  readonly additionalInstructions: string | null;
  readonly status: ScheduledStatus;
  /** It is about to fire: nothing about it changes any more. */
  readonly isClaimed: boolean;
  /** Why it failed, as a sentence. */
  readonly reason: string | null;
  readonly firedAt: Date | null;
  readonly triggerEventId: string | null;
  /** The run that came of it. */
  readonly run: {
    readonly id: string;
    readonly runId: string;
    readonly status: RunStatus;
    readonly error: string | null;
  } | null;
  readonly createdBy: { readonly tokenId: string; readonly name: string | null } | null;
  /** The run that scheduled it. */
  readonly createdByRunId: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What a run asks to have run later. The key makes a repeat of the same call the same request. */
export interface ScheduleOrder {
  readonly workspaceId: string;
  readonly runId: string;
  readonly callKey: string;
  /** Id, number or name of an agent of the workspace. */
  readonly agent: string;
  readonly when: { readonly at: Date } | { readonly inMinutes: number };
  /** JSON text; null: the entity's, or empty. */
  readonly payloadJson: string | null;
  readonly entityId: string | null;
  readonly instructions: string | null;
}

export type OrderedSchedule =
  | {
      readonly ok: true;
      readonly id: string;
      readonly agentName: string;
      readonly scheduledFor: Date;
    }
  /** A sentence that the model can act on. */
  | { readonly ok: false; readonly problem: string };

/** By which a tool schedules runs, though schedules belong to a later layer. */
export interface ScheduleRuns {
  schedule(order: ScheduleOrder): Promise<OrderedSchedule>;
}
