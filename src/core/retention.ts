import { ApiError } from './errors.ts';

/**
 * What a workspace may keep less of. `payloads`: what runs and trigger events were given, and outputs kept apart;
 * `logs`: what tools printed; `tool_runs`: tools that people ran by themselves; `deliveries`: webhooks out.
 */
export const retentionKinds = [
  'runs',
  'payloads',
  'logs',
  'tool_runs',
  'trigger_events',
  'deliveries',
] as const;
export type RetentionKind = (typeof retentionKinds)[number];

/** Whatever is older, or comes after so many newer ones, goes; null is no limit. */
export interface RetentionRule {
  readonly max_age_days: number | null;
  readonly max_count: number | null;
}

export type RetentionRules = Readonly<Partial<Record<RetentionKind, RetentionRule>>>;

/** What is removed, counted in runs or rows. */
export type RetentionCounts = Readonly<Partial<Record<RetentionKind, number>>>;

export interface Retention {
  readonly workspaceId: string;
  readonly rules: RetentionRules;
  /** In all, since there are rules. */
  readonly removed: RetentionCounts;
  /** When the last pass was through; null: none was yet. */
  readonly passedAt: Date | null;
}

/** Stands where a payload was that went by `payloads`: JSON text. */
export const removedPayload = '{"removed_by_retention":true}';

/** Passes while the payload is there. Throws `conflict`. */
export function requirePayload(payloadJson: string, whose: string): void {
  if (payloadJson !== removedPayload) return;
  throw new ApiError(
    'conflict',
    `The payload of ${whose} is not kept any more (/v1/retention). Dispatch it anew with a payload of yours.`,
  );
}
