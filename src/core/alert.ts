// What people want to be told of. A rule fires once when its condition comes to hold, and clears once when it no longer does.

export const alertKinds = [
  'failure_rate',
  'trigger_silence',
  'queue_age',
  'spend',
  'budget_exceeded',
  'key_expiry',
  'sandbox_degraded',
] as const;
export type AlertKind = (typeof alertKinds)[number];

export const alertStates = ['ok', 'firing'] as const;
export type AlertState = (typeof alertStates)[number];

/** Which of them a kind takes is the rules' to say. */
export interface AlertSettings {
  readonly agent_id?: string | undefined;
  readonly trigger_id?: string | undefined;
  readonly window_minutes?: number | undefined;
  readonly min_runs?: number | undefined;
  /** 0 to 1. */
  readonly max_share?: number | undefined;
  readonly max_seconds?: number | undefined;
  readonly max_cost_usd?: number | undefined;
  readonly within_days?: number | undefined;
}

export interface AlertNotify {
  readonly emails: readonly string[];
  /** Name of the secret with the URL of an incoming webhook. */
  readonly slack_secret: string | null;
}

export interface AlertRule {
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly kind: AlertKind;
  readonly settings: AlertSettings;
  readonly notify: AlertNotify;
  readonly enabled: boolean;
  readonly state: AlertState;
  readonly firings: number;
  readonly since: Date | null;
  /** What is so, while it fires. */
  readonly summary: string | null;
  readonly runId: string | null;
  readonly checkedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
