import { InvalidEnv } from './env.ts';
import { addressesIn, isPublicAddress } from './sandbox/egress/address.ts';
import type { WebhookReach } from './webhooks/webhook-input.ts';

/** Where what users name may be reached: the public internet and these networks. Throws `InvalidEnv`. */
export function privateReach(variable: string, networks: readonly string[]): WebhookReach {
  try {
    return {
      isPublic: isPublicAddress,
      isPrivateAllowed: addressesIn(networks),
      hasPrivate: networks.length > 0,
    };
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new InvalidEnv(`${variable}: ${problem}`, { cause });
  }
}
