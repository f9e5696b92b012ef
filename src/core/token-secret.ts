import { createHash, randomBytes } from 'node:crypto';

// Secrets of tokens: 40 characters of base 32 are 200 random bits, so a plain SHA-256 is stored and
// looked up; there is nothing to guess that a slow hash would protect.

export const tokenForms = ['capi', 'neo_sk'] as const;
export type TokenForm = (typeof tokenForms)[number];

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** A new secret: `capi_…`, or `neo_sk_<env>_…`. Shown once. `env` is lower-case letters and digits. */
export function newTokenSecret(form: TokenForm, env = 'prod'): string {
  if (!/^[a-z0-9]{1,16}$/.test(env)) throw new RangeError(`Not a token environment: ${env}`);
  let secret = '';
  for (const byte of randomBytes(40)) secret += alphabet.charAt(byte & 31);
  return form === 'capi' ? `capi_${secret}` : `neo_sk_${env}_${secret}`;
}

const chatForm = 'neo_st_';

/** A new secret of a token for somebody outside: `neo_st_…`. Shown once. */
export function newChatSecret(): string {
  return `${chatForm}${newTokenSecret('capi').slice('capi_'.length)}`;
}

export function isChatSecret(secret: string): boolean {
  return secret.startsWith(chatForm);
}

/** What is stored of a secret: its SHA-256, 32 bytes. */
export function hashTokenSecret(secret: string): Buffer {
  return createHash('sha256').update(secret, 'utf8').digest();
}

/** The beginning of a secret, for people to tell tokens apart: the form and four characters of 40. */
export function tokenHint(secret: string): string {
  const form = /^(?:capi_|neo_sk_[a-z0-9]{1,16}_)/.exec(secret)?.[0] ?? '';
  return `${secret.slice(0, form.length + 4)}…`;
}

/**
 * Whether the text can be a bearer token at all: 16 to 256 characters of RFC 6750's `b64token`.
 * An admin token from the environment need not have one of our forms.
 */
export function looksLikeToken(text: string): boolean {
  return /^[A-Za-z0-9._~+/-]{16,256}={0,2}$/.test(text);
}
