import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import Provider from 'oidc-provider';

export const clientId = 'signalbox';
export const clientSecret = 'a secret of the client that nobody guesses';
export const audience = 'urn:signalbox:api';

export interface TestIssuer extends AsyncDisposable {
  readonly url: string;
  /** What it says of people, by their `sub`. */
  readonly accounts: Map<string, { readonly email: string; readonly email_verified: boolean }>;
  /** Where a browser ends that goes to the URL and signs in there: the first address not of the issuer. */
  signIn(url: URL, sub: string): Promise<URL>;
  /** An access token for `audience`, as another program of the same client gets one. */
  accessToken(sub: string, redirectUri: string): Promise<string>;
  /** A token that the issuer's own key signed, of any content. */
  sign(
    claims: JWTPayload,
    header?: { readonly alg?: string; readonly kid?: string },
  ): Promise<string>;
}

/** A real OpenID Connect provider on this machine, with its own pages to sign in. */
export async function startOidcIssuer(redirectUri: string): Promise<TestIssuer> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const key = { ...(await exportJWK(privateKey)), kid: 'test', alg: 'RS256', use: 'sig' };
  let handle: RequestListener = (_, response) => response.end();
  const server = createServer((request, response) => handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const accounts: TestIssuer['accounts'] = new Map();
  const provider = new Provider(url, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [redirectUri],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    jwks: { keys: [key] },
    cookies: { keys: ['a key of the tests'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...accounts.get(sub) }) }),
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: 'use',
          audience,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 60,
        }),
      },
    },
  });
  provider.on('server_error', (_, error) => {
    throw error;
  });
  handle = provider.callback();

  const signIn: TestIssuer['signIn'] = async (start, sub) => {
    const cookies = new Map<string, string>();
    let next = start;
    let body: URLSearchParams | null = null;
    for (let hops = 0; hops < 20; hops++) {
      if (next.origin !== url) return next;
      const response = await fetch(next, {
        method: body === null ? 'GET' : 'POST',
        redirect: 'manual',
        headers: { Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
        ...(body === null ? {} : { body }),
      });
      for (const cookie of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
        cookies.set(name, value);
      }
      const text = await response.text();
      const location = response.headers.get('location');
      body = null;
      if (location !== null) next = new URL(location, next);
      else if (text.includes('name="login"')) {
        body = new URLSearchParams({ prompt: 'login', login: sub, password: 'any' });
      } else if (text.includes('value="consent"'))
        body = new URLSearchParams({ prompt: 'consent' });
      else throw new Error(`The issuer answered ${response.status}: ${text.slice(0, 500)}`);
    }
    throw new Error('The issuer led nowhere.');
  };

  return {
    url,
    accounts,
    signIn,
    async accessToken(sub, redirect) {
      const verifier = 'a-code-verifier-of-the-tests-that-is-long-enough';
      const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
      const query = new URLSearchParams({
        client_id: clientId,
        response_type: 'code',
        redirect_uri: redirect,
        scope: 'openid use',
        resource: audience,
        code_challenge: Buffer.from(bytes).toString('base64url'),
        code_challenge_method: 'S256',
      });
      const cameBack = await signIn(new URL(`${url}/auth?${query}`), sub);
      const response = await fetch(`${url}/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          code: cameBack.searchParams.get('code') ?? '',
          redirect_uri: redirect,
          client_id: clientId,
          client_secret: clientSecret,
          code_verifier: verifier,
          resource: audience,
        }),
      });
      const answer = (await response.json()) as { readonly access_token?: string };
      if (answer.access_token === undefined) throw new Error(JSON.stringify(answer));
      return answer.access_token;
    },
    sign: (claims, header = {}) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', kid: 'test', ...header })
        .sign(privateKey),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
