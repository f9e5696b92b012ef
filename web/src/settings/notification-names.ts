import type { NotificationPreference } from '../api/types.ts';

export type Kind = NotificationPreference['kinds'][number];
export type Via = NotificationPreference['channel'];

export const kindNames: Readonly<Record<Kind, string>> = {
  escalation: 'hand-overs',
  approval: 'approvals',
  failure: 'failed runs',
};

export const channelNames: Readonly<Record<Via, string>> = {
  email: 'e-mail',
  slack: 'Slack',
  webhook: 'webhook',
};
