import { z } from 'zod';
import { internalEventTypes, listenedNames } from '../core/event-name.ts';
import { isLocalName } from '../sandbox/egress/allowed-hosts.ts';
import { readHost } from '../sandbox/egress/host.ts';

/** What a subscription may name: events, their families, and everything. */
const subscribable: readonly string[] = [
  ...new Set(internalEventTypes.flatMap(listenedNames)),
  '*',
];

export const webhookMaxima = { perWorkspace: 1_000, agents: 100 } as const;

export const webhookFields = {
  url: z.string().min(1).max(2_000),
  description: z.string().max(1_000),
  event_types: z
    .array(z.enum(subscribable as [string, ...string[]]))
    .min(1)
    .max(50),
  agent_ids: z.array(z.string()).min(1).max(webhookMaxima.agents).nullable(),
  enabled: z.boolean(),
} as const;

/** What addresses the operator lets webhooks reach beside the public internet. */
export interface WebhookReach {
  readonly isPrivateAllowed: (address: string) => boolean;
  readonly isPublic: (address: string) => boolean;
  /** Whether any private network was named. */
  readonly hasPrivate: boolean;
}

/**
 * What is wrong with a URL that webhooks are to be sent to, to be read after the field's name; null when
 * nothing is. Where a name leads to is judged at every attempt.
 */
export function whyNotUrl(text: string, reach: WebhookReach): string | null {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    return 'must be a URL such as https://example.com/hooks';
  if (url.username !== '' || url.password !== '') {
    return 'must not hold credentials: requests are signed instead';
  }
  if (url.hash !== '') return 'must have no fragment (#…), which is never sent';
  const port = url.port === '' ? (url.protocol === 'http:' ? 80 : 443) : Number(url.port);
  if (port < 1_024 && port !== 80 && port !== 443) {
    return `must use port 80, 443 or one above 1023, not ${port}`;
  }
  const host = readHost(url.hostname);
  if (host === null) return 'has no valid host';
  if (url.protocol === 'http:' && !reach.hasPrivate) return 'must use https';
  if (host.kind === 'name') {
    return isLocalName(host.name) ? 'must not name this machine or its network' : null;
  }
  const { address } = host;
  if (reach.isPrivateAllowed(address)) return null;
  if (!reach.isPublic(address)) {
    return `must not lead to ${address}, which is not a public address; the operator can allow it by SIGNALBOX_WEBHOOK_PRIVATE_NETWORKS`;
  }
  return url.protocol === 'http:' ? 'must use https' : null;
}
