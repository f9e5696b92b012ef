import type { TriggerEventFilters } from '../api/work-types.ts';

type Source = NonNullable<TriggerEventFilters['source']>;

/** Where an event came from, in words. */
export const sources = {
  manual: 'By hand',
  webhook: 'Webhook',
  event: 'Event sent',
  cron: 'Clock',
  schedule: 'Schedule',
  message: 'Message',
  internal: 'Our own',
  replay: 'Replay',
  retry: 'Retry',
  fork: 'Fork',
} as const satisfies Record<Source, string>;

export function isSource(text: string | undefined): text is Source {
  return text !== undefined && text in sources;
}

export function sourceName(source: string): string {
  return isSource(source) ? sources[source] : source;
}
