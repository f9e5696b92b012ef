import { createRemoteJWKSet, errors, customFetch as joseFetch, jwtVerify } from 'jose';
import * as client from 'openid-client';
import { ApiError } from '../../core/errors.ts';
import { normalizedEmail } from '../../core/member.ts';

// The OpenID Connect issuer that the operator set. Nothing of it is believed but what its keys signed for
// us: issuer, audience, expiry, nonce and state are checked by the libraries, and only asymmetric
// signatures count. What it cannot protect from: an issuer that vouches for addresses it did not check.

export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** Null: a public client, for which PKCE is the proof. */
  readonly clientSecret: string | null;
  /** `aud` of the tokens that are taken as bearer tokens; null takes none. */
  readonly audience: string | null;
  /** What the sign-in page calls it. */
  readonly name: string;
  /** Where the issuer sends browsers back to. */
  readonly redirectUrl: string;
}

/** Who somebody is, as the issuer says. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
  /** Only an address that the issuer has verified. */
  readonly email: string | null;
}

/** What the browser keeps between leaving for the issuer and coming back. */
export interface OidcAttempt {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

export interface OidcClient {
  readonly issuer: string;
  readonly name: string;
  /** Whether its tokens are taken as bearer tokens. */
  readonly takesBearers: boolean;
  /** Where to send a browser. Throws `unavailable`. */
  begin(): Promise<{ readonly url: URL; readonly attempt: OidcAttempt }>;
  /** Who came back. Throws `unauthenticated`, and `unavailable` when the issuer does not answer. */
  finish(cameBack: URL, attempt: OidcAttempt): Promise<Identity>;
  /** Whose bearer token this is. Throws like `finish`. */
  verify(token: string): Promise<Identity>;
}

const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const timeoutMs = 10_000;
const clockToleranceS = 5;

/** Nothing is asked before the first use, and a failure is not kept: the issuer may come up later. */
export function createOidcClient(settings: OidcSettings): OidcClient {
  const issuerUrl = new URL(settings.issuer);
  const isPlain = issuerUrl.protocol === 'http:';
  let found: Promise<Issuer> | null = null;
  const issuer = (): Promise<Issuer> => {
    found ??= discover(settings, issuerUrl, isPlain).catch((error: unknown) => {
      found = null;
      throw away(error);
    });
    return found;
  };
  return {
    issuer: settings.issuer,
    name: settings.name,
    takesBearers: settings.audience !== null,
    async begin() {
      const { config } = await issuer();
      const attempt = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        codeVerifier: client.randomPKCECodeVerifier(),
      };
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: settings.redirectUrl,
        scope: 'openid email profile',
        response_type: 'code',
        state: attempt.state,
        nonce: attempt.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(attempt.codeVerifier),
        code_challenge_method: 'S256',
      });
      return { url, attempt };
    },
    async finish(cameBack, attempt) {
      const { config } = await issuer();
      // The issuer compares it with what it was asked with, whatever host a proxy made of it.
      const url = new URL(settings.redirectUrl);
      url.search = cameBack.search;
      try {
        const tokens = await client.authorizationCodeGrant(config, url, {
          expectedState: attempt.state,
          expectedNonce: attempt.nonce,
          pkceCodeVerifier: attempt.codeVerifier,
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        if (claims === undefined) throw new Error('The issuer gave no id token.');
        const said =
          claims.email === undefined && config.serverMetadata().userinfo_endpoint !== undefined
            ? await client.fetchUserInfo(config, tokens.access_token, claims.sub)
            : claims;
        return {
          issuer: settings.issuer,
          subject: claims.sub,
          email: verifiedEmail(said.email, said.email_verified),
        };
      } catch (error) {
        throw refusedOrAway(error, 'The sign-in could not be completed. Begin again.');
      }
    },
    async verify(token) {
      const { audience } = settings;
      if (audience === null) throw notValid();
      const { keys } = await issuer();
      try {
        const { payload } = await jwtVerify(token, keys, {
          issuer: settings.issuer,
          audience,
          algorithms,
          requiredClaims: ['sub', 'exp'],
          clockTolerance: clockToleranceS,
        });
        return {
          issuer: settings.issuer,
          subject: payload.sub ?? '',
          email: verifiedEmail(payload.email, payload.email_verified),
        };
      } catch (error) {
        throw refusedOrAway(error, notValid().message);
      }
    },
  };
}

interface Issuer {
  readonly config: client.Configuration;
  /** Kept for ten minutes, and read again for a key that is not among them. */
  readonly keys: ReturnType<typeof createRemoteJWKSet>;
}

async function discover(settings: OidcSettings, issuerUrl: URL, isPlain: boolean): Promise<Issuer> {
  const { clientId, clientSecret } = settings;
  const auth = clientSecret === null ? client.None() : client.ClientSecretPost(clientSecret);
  const config = await client.discovery(issuerUrl, clientId, {}, auth, {
    timeout: timeoutMs / 1_000,
    execute: [
      client.enableNonRepudiationChecks,
      // The settings allow an issuer without TLS on this machine only.
      ...(isPlain ? [client.allowInsecureRequests] : []),
    ],
    [client.customFetch]: (url, init) => timedFetch(url, init as RequestInit),
  });
  const jwks = URL.parse(config.serverMetadata().jwks_uri ?? '');
  if (jwks === null || (jwks.protocol !== 'https:' && !isPlain)) {
    throw new Error('The issuer names no keys that can be read over HTTPS.');
  }
  return {
    config,
    keys: createRemoteJWKSet(jwks, { timeoutDuration: timeoutMs, [joseFetch]: timedFetch }),
  };
}

/** Follows no redirect: an issuer answers under the addresses it has named. */
async function timedFetch(url: string | URL, init: RequestInit = {}): Promise<Response> {
  const limit = AbortSignal.timeout(timeoutMs);
  const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit;
  return await fetch(url, { ...init, redirect: 'manual', signal });
}

function verifiedEmail(email: unknown, verified: unknown): string | null {
  return typeof email === 'string' && verified === true ? normalizedEmail(email) : null;
}

function notValid(): ApiError {
  return new ApiError(
    'unauthenticated',
    'The token is not valid: it is malformed, unknown, expired or revoked.',
  );
}

/** Keys that cannot be read are the issuer's trouble; everything else is the token's or the browser's. */
function refusedOrAway(error: unknown, message: string): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof errors.JWKSTimeout || isUnreachable(error)) return away(error);
  return new ApiError('unauthenticated', message, { cause: error });
}

function isUnreachable(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (at instanceof TypeError && at.message === 'fetch failed') return true;
    if (at.name === 'TimeoutError') return true;
  }
  return false;
}

function away(cause: unknown): ApiError {
  return new ApiError(
    'unavailable',
    'The OpenID Connect issuer of this server cannot be reached. Try again.',
    { retryAfterS: 5, cause },
  );
}
