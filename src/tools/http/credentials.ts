import { randomUUID } from 'node:crypto';
import type { ApiCredential } from '../../core/http-credential.ts';
import { standardKey, standardRequestHeaders } from '../../core/standard-webhooks.ts';
import { EgressFailed } from '../../sandbox/egress/guard.ts';

// Stored credentials as requests carry them. A request with one goes over TLS or not at all.

/** Names of the secrets that the credentials need, each once. */
export function secretsOf(credentials: readonly (ApiCredential | null)[]): readonly string[] {
  return [...new Set(credentials.flatMap((one) => (one === null ? [] : [one.secret])))];
}

/** Adds the credential to a request that is about to be sent. `value`: of its secret. Throws `EgressFailed`. */
export function addCredential(
  request: { readonly url: URL; readonly headers: Headers; readonly body: string | null },
  credential: ApiCredential,
  value: string,
): void {
  switch (credential.type) {
    case 'bearer':
      request.headers.set('authorization', `Bearer ${value}`);
      return;
    case 'basic': {
      const pair = Buffer.from(`${credential.username}:${value}`).toString('base64');
      request.headers.set('authorization', `Basic ${pair}`);
      return;
    }
    case 'header':
      request.headers.set(credential.name, value);
      return;
    case 'query':
      request.url.searchParams.set(credential.name, value);
      return;
    case 'standard_webhooks':
      sign(request, credential.secret, value);
  }
}

/** A repeat of a call has the same id, which is the key that it carries. */
function sign(
  { headers, body }: { readonly headers: Headers; readonly body: string | null },
  name: string,
  value: string,
): void {
  const key = standardKey(value);
  if (key === null) {
    throw new EgressFailed(
      `The secret ${name} signs nothing: it must be base64 of 16 to 64 bytes, with or without "whsec_" before it.`,
    );
  }
  const id = headers.get('idempotency-key') ?? randomUUID();
  const { 'content-type': _, ...signed } = standardRequestHeaders([key], {
    ...{ id, body: body ?? '', nowMs: Date.now() },
  });
  for (const [header, text] of Object.entries(signed)) headers.set(header, text);
}
