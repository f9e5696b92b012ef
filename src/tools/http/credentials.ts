import type { HttpCredential } from '../../core/http-credential.ts';

// Stored credentials as requests carry them. A request with one goes over TLS or not at all.

/** Names of the secrets that the credentials need, each once. */
export function secretsOf(credentials: readonly (HttpCredential | null)[]): readonly string[] {
  return [...new Set(credentials.flatMap((one) => (one === null ? [] : [one.secret])))];
}

/** Adds the credential to a request that is about to be sent. `value`: of its secret. */
export function addCredential(
  request: { readonly url: URL; readonly headers: Headers },
  credential: HttpCredential,
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
  }
}
