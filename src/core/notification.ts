// What members are told of when something needs a person.

export const notificationKinds = ['escalation', 'approval', 'failure'] as const;
export type NotificationKind = (typeof notificationKinds)[number];

export const notificationChannels = ['email', 'slack', 'webhook'] as const;
export type NotificationChannel = (typeof notificationChannels)[number];

/** What a member chose: what, by what, and for which agents. */
export interface NotificationPreference {
  readonly id: string;
  readonly workspaceId: string;
  readonly user: { readonly id: string; readonly email: string };
  readonly channel: NotificationChannel;
  /** The name of a secret (Slack), a URL (webhook), or null: the address of the account. */
  readonly target: string | null;
  readonly kinds: readonly NotificationKind[];
  /** Null is every agent. */
  readonly agentIds: readonly string[] | null;
  readonly groupSeconds: number;
  readonly enabled: boolean;
  /** When the last message was written. */
  readonly toldAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const notificationStatuses = ['queued', 'sent', 'failed'] as const;
export type NotificationStatus = (typeof notificationStatuses)[number];

/** A message that was written for a member, and how its sending goes. */
export interface Notification {
  readonly id: string;
  readonly workspaceId: string;
  readonly preferenceId: string;
  readonly user: { readonly id: string; readonly email: string };
  readonly channel: NotificationChannel;
  readonly target: string;
  readonly subject: string;
  readonly body: string;
  /** How many of each kind it tells of. */
  readonly counts: Readonly<Partial<Record<NotificationKind, number>>>;
  readonly status: NotificationStatus;
  readonly attempts: number;
  readonly nextAttemptAt: Date | null;
  readonly error: string | null;
  readonly sentAt: Date | null;
  readonly createdAt: Date;
}

export const notificationMaxima = {
  /** Of one member in a workspace. */
  preferences: 10,
  agents: 100,
  /** Of each kind that a message names; of the others it says how many there are. */
  named: 10,
} as const;

/** What happens within this time of the first is told with it. */
export const gatherSeconds = 15;
export const groupSeconds = { least: 60, most: 86_400, usual: 300 } as const;
