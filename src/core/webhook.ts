// Webhooks out: an address outside that is told of what happens in a workspace.

export interface Webhook {
  readonly id: string;
  readonly workspaceId: string;
  readonly url: string;
  readonly description: string;
  /** Names of events, and families such as `run.*`. */
  readonly eventTypes: readonly string[];
  /** Only events of these agents; null is all. */
  readonly agentIds: readonly string[] | null;
  readonly enabled: boolean;
  /** Why the server switched it off. */
  readonly disabledReason: string | null;
  /** Since when every attempt has failed; null while the last one did not. */
  readonly failingSince: Date | null;
  /** Until when the former secret signs too. */
  readonly formerSecretUntil: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const deliveryStates = ['pending', 'delivered', 'failed'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

export interface WebhookDelivery {
  readonly id: string;
  readonly webhookId: string;
  readonly workspaceId: string;
  /** The `webhook-id` that the receiver sees. */
  readonly messageId: string;
  readonly eventType: string;
  readonly state: DeliveryState;
  /** All attempts, those of re-sends included. */
  readonly attempts: number;
  /** When the next attempt is due. */
  readonly nextAt: Date | null;
  readonly last: WebhookAttempt | null;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

export interface WebhookAttempt {
  readonly n: number;
  /** Of the answer; null when none came. */
  readonly status: number | null;
  readonly error: string | null;
  /** The beginning of the answer's body. */
  readonly response: string | null;
  readonly durationMs: number;
  readonly createdAt: Date;
}
