import type { webhookVerifications } from '../../agents/trigger-config.ts';

/** How a webhook trigger's requests are verified; the last three matter for `hmac`. */
export interface WebhookVerification {
  readonly verify: (typeof webhookVerifications)[number];
  /** Where the token or the signature is; null is the default of its way. */
  readonly header: string | null;
  readonly algorithm: 'sha1' | 'sha256' | 'sha512';
  readonly encoding: 'hex' | 'base64';
  /** What stands before the signature, such as `sha256=`. */
  readonly prefix: string;
}

export interface HookConfig extends WebhookVerification {
  readonly dedupe: { readonly header: string } | { readonly pointer: string } | null;
  readonly respond: 'accepted' | 'result';
}

const defaults: HookConfig = {
  verify: 'none',
  header: null,
  algorithm: 'sha256',
  encoding: 'hex',
  prefix: '',
  dedupe: null,
  respond: 'accepted',
};

/** A webhook trigger's config as it was checked on write, with what it leaves out. */
export function readHookConfig(config: Readonly<Record<string, unknown>>): HookConfig {
  return { ...defaults, ...config };
}
