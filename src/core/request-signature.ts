import { createHmac, timingSafeEqual } from 'node:crypto';
import { assertNever } from './assert-never.ts';
import { isSameSecret } from './is-same-secret.ts';
import { standardHeaders, standardKey, standardSignature } from './standard-webhooks.ts';

// Whether a request was made by who knows the secret, judged on the body's raw bytes. Comparisons
// take the same time wherever they differ. Any of the trigger's secrets (the one in force, and former ones
// whose overlap lasts) and any of the signatures in a header will do.
//
// Not protected: schemes without a timestamp (`token`, `hmac`, `github`) cannot tell a request that somebody
// recorded and sends again from a new one, and the others cannot for 5 minutes. De-duplication can.

export interface SignedRequest {
  /** The header's value, by its lower-case name. */
  readonly header: (name: string) => string | null;
  readonly body: Uint8Array;
  readonly nowMs: number;
}

export const webhookVerifications = [
  'none',
  'token',
  'hmac',
  'standard_webhooks',
  'github',
  'stripe',
  'slack',
] as const;

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

/** `why` says what is wrong, fit to be shown; it tells nothing of the secret. */
export type Verdict = { readonly ok: true } | { readonly ok: false; readonly why: string };

const toleranceS = 300;
/** More signatures than any sender puts into one header. */
const maxSignatures = 16;

/** Checks a request by the trigger's way of verifying. */
export function verifySignature(
  verification: WebhookVerification,
  secrets: readonly string[],
  request: SignedRequest,
): Verdict {
  switch (verification.verify) {
    case 'none':
      return { ok: true };
    case 'token':
      return verifyToken(verification.header, secrets, request);
    case 'hmac':
      return verifyHmac(verification, secrets, request);
    case 'github': {
      const header = 'X-Hub-Signature-256';
      const github = { header, algorithm: 'sha256', encoding: 'hex', prefix: 'sha256=' } as const;
      return verifyHmac(github, secrets, request);
    }
    case 'standard_webhooks':
      return verifyStandard(secrets, request);
    case 'stripe':
      return verifyStripe(secrets, request);
    case 'slack':
      return verifySlack(secrets, request);
    default:
      return assertNever(verification.verify);
  }
}

function verifyToken(
  header: string | null,
  secrets: readonly string[],
  { header: headerOf }: SignedRequest,
): Verdict {
  const name = header ?? 'Authorization';
  const value = headerOf(name.toLowerCase());
  if (value === null) return missing(name);
  const token = name.toLowerCase() === 'authorization' ? value.replace(/^Bearer +/i, '') : value;
  const matches = secrets.some((secret) => isSameSecret(token, secret));
  return matches ? { ok: true } : refused(`The token in ${name} is not the trigger's.`);
}

function verifyHmac(
  form: Pick<WebhookVerification, 'header' | 'algorithm' | 'encoding' | 'prefix'>,
  secrets: readonly string[],
  { header: headerOf, body }: SignedRequest,
): Verdict {
  const name = form.header ?? 'X-Signature';
  const value = headerOf(name.toLowerCase());
  if (value === null) return missing(name);
  const given = value
    .split(/[\s,]+/)
    .slice(0, maxSignatures)
    .filter((part) => part.startsWith(form.prefix))
    .map((part) => decoded(part.slice(form.prefix.length), form.encoding));
  const expected = secrets.map((secret) =>
    createHmac(form.algorithm, secret).update(body).digest(),
  );
  return anyMatch(given, expected) ? { ok: true } : noMatch(name);
}

function verifyStandard(
  secrets: readonly string[],
  { header: headerOf, body, nowMs }: SignedRequest,
): Verdict {
  const id = headerOf(standardHeaders.id);
  const timestamp = headerOf(standardHeaders.timestamp);
  const signatures = headerOf(standardHeaders.signature);
  if (id === null) return missing(standardHeaders.id);
  if (timestamp === null) return missing(standardHeaders.timestamp);
  if (signatures === null) return missing(standardHeaders.signature);
  if (!isRecent(timestamp, nowMs)) return tooFarAway(standardHeaders.timestamp);
  const given = signatures
    .split(/\s+/)
    .slice(0, maxSignatures)
    .filter((part) => part.startsWith('v1,'))
    .map((part) => decoded(part.slice(3), 'base64'));
  const expected = secrets.flatMap((secret) => {
    const key = standardKey(secret);
    return key === null ? [] : [standardSignature(key, { id, timestamp, body })];
  });
  return anyMatch(given, expected) ? { ok: true } : noMatch(standardHeaders.signature);
}

/** `t=1492774577,v1=…,v1=…`; `v0` is of test events, and no signature. */
function verifyStripe(
  secrets: readonly string[],
  { header: headerOf, body, nowMs }: SignedRequest,
): Verdict {
  const name = 'Stripe-Signature';
  const value = headerOf(name.toLowerCase());
  if (value === null) return missing(name);
  const parts = value.split(',').map((part) => part.trim());
  const timestamp = parts.find((part) => part.startsWith('t='))?.slice(2) ?? '';
  if (!isRecent(timestamp, nowMs)) return tooFarAway(name);
  const given = parts
    .filter((part) => part.startsWith('v1='))
    .slice(0, maxSignatures)
    .map((part) => decoded(part.slice(3), 'hex'));
  const expected = secrets.map((secret) => hmacOf(secret, `${timestamp}.`, body));
  return anyMatch(given, expected) ? { ok: true } : noMatch(name);
}

function verifySlack(
  secrets: readonly string[],
  { header: headerOf, body, nowMs }: SignedRequest,
): Verdict {
  const timestamp = headerOf('x-slack-request-timestamp');
  const signature = headerOf('x-slack-signature');
  if (timestamp === null) return missing('X-Slack-Request-Timestamp');
  if (signature === null) return missing('X-Slack-Signature');
  if (!isRecent(timestamp, nowMs)) return tooFarAway('X-Slack-Request-Timestamp');
  const given = signature.startsWith('v0=') ? [decoded(signature.slice(3), 'hex')] : [];
  const expected = secrets.map((secret) => hmacOf(secret, `v0:${timestamp}:`, body));
  return anyMatch(given, expected) ? { ok: true } : noMatch('X-Slack-Signature');
}

function hmacOf(secret: string, before: string, body: Uint8Array): Buffer {
  return createHmac('sha256', secret).update(before).update(body).digest();
}

/** Null when it is not exactly the encoding of some bytes. */
function decoded(text: string, encoding: 'hex' | 'base64'): Buffer | null {
  const form = encoding === 'hex' ? /^(?:[0-9a-fA-F]{2})+$/ : /^[A-Za-z0-9+/_-]+={0,2}$/;
  return form.test(text) ? Buffer.from(text, encoding) : null;
}

function anyMatch(given: readonly (Buffer | null)[], expected: readonly Buffer[]): boolean {
  return given.some(
    (one) =>
      one !== null &&
      expected.some((other) => one.length === other.length && timingSafeEqual(one, other)),
  );
}

function isRecent(timestamp: string, nowMs: number): boolean {
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  return Math.abs(nowMs / 1_000 - Number(timestamp)) <= toleranceS;
}

function refused(why: string): Verdict {
  return { ok: false, why };
}

function missing(header: string): Verdict {
  return refused(`The header ${header} is missing.`);
}

function noMatch(header: string): Verdict {
  return refused(`No signature in ${header} fits the body and the trigger's secret.`);
}

function tooFarAway(header: string): Verdict {
  return refused(`The time in ${header} is not within 5 minutes of now.`);
}
