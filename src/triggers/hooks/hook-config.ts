import type { WebhookVerification } from '../../core/request-signature.ts';

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
