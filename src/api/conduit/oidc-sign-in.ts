import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { ApiError } from '../../core/errors.ts';
import type { SignIn } from '../audit-trail.ts';
import type { ApiDeps } from '../deps.ts';
import { defineRoute } from '../route.ts';
import { cookieOf, isHttps, sessionCookieName } from '../session-cookie.ts';
import { personOf } from '../sign-in/identity.ts';
import type { OidcAttempt, OidcClient } from '../sign-in/oidc-client.ts';
import { beginSession } from './sign-in.ts';

// Signing in at the operator's OpenID Connect issuer. What ties the answer to the browser that asked is in
// an encrypted cookie of ten minutes, so that any process can finish what another began. `Lax`: it has to
// come along when the issuer sends the browser back.

const common = { tag: 'tokens', resource: 'session', workspace: 'none', right: 'public' } as const;
const path = '/v1/session/oidc';
const attemptLifetimeS = 600;
const place = 'oidc attempt';

interface KeptAttempt extends OidcAttempt {
  readonly returnTo: string;
  readonly untilMs: number;
}

export const beginOidc = defineRoute(
  {
    ...common,
    method: 'get',
    path,
    operationId: 'beginOidcSignIn',
    summary: 'Sign in by OpenID Connect',
    description: 'For browsers: sends them to the issuer.',
    query: z.object({
      return_to: z.string().max(2_048).optional().openapi({
        description: 'Path of the dashboard to come back to; other places are not.',
      }),
    }),
    errors: { 404: 'No issuer is set on this server' },
    responses: { 302: { description: 'To the issuer', contentType: 'text/html' } },
  },
  async ({ query, http }, deps) => {
    const { url, attempt } = await issuerOf(deps).begin();
    const kept: KeptAttempt = {
      ...attempt,
      returnTo: ownPath(query.return_to),
      untilMs: Date.now() + attemptLifetimeS * 1_000,
    };
    setAttempt(http, deps, deps.secretBox.seal(JSON.stringify(kept), place));
    http.header('Cache-Control', 'no-store');
    return http.redirect(url.href, 302);
  },
);

export const finishOidc = defineRoute(
  {
    ...common,
    method: 'get',
    path: `${path}/callback`,
    operationId: 'finishOidcSignIn',
    summary: 'Where the issuer sends browsers back to',
    errors: { 404: 'No issuer is set on this server' },
    responses: { 302: { description: 'To the dashboard', contentType: 'text/html' } },
  },
  async ({ http }, deps) => {
    const oidc = issuerOf(deps);
    setAttempt(http, deps, '');
    http.header('Cache-Control', 'no-store');
    try {
      const attempt = keptAttempt(http, deps);
      const identity = await oidc.finish(new URL(http.req.url), attempt);
      const person = await personOf(deps.db, identity);
      const { email } = await beginSession(http, deps, person.userId);
      http.set('signIn', { userId: person.userId, email } satisfies SignIn);
      return http.redirect(attempt.returnTo, 302);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      http.set('signIn', { userId: null } satisfies SignIn);
      // A browser is in front of this, not a program. The page knows what to say for each code.
      deps.logger.warn({ err: error }, 'A sign-in by OpenID Connect was refused');
      return http.redirect(`/?sign_in=${error.problem}`, 302);
    }
  },
);

/** A path on this server, else its beginning: never another host, whatever a browser makes of the text. */
export function ownPath(given: string | undefined): string {
  if (given === undefined || !/^\/(?![/\\])[\x21-\x7e]*$/.test(given) || given.includes('\\'))
    return '/';
  const url = URL.parse(given, 'http://own.invalid');
  return url?.host === 'own.invalid' ? `${url.pathname}${url.search}`.replace(/^\/+/, '/') : '/';
}

function issuerOf(deps: Pick<ApiDeps, 'oidc'>): OidcClient {
  if (deps.oidc) return deps.oidc;
  throw new ApiError('not_found', 'No OpenID Connect issuer is set on this server.');
}

function attemptName(deps: Pick<ApiDeps, 'cursorKey'>): string {
  return `${sessionCookieName(deps.cursorKey)}_oidc`;
}

function setAttempt(http: Context, deps: ApiDeps, sealed: string): void {
  const lifetimeS = sealed === '' ? 0 : attemptLifetimeS;
  const secure = isHttps(http.req.raw) ? '; Secure' : '';
  const cookie = `${attemptName(deps)}=${sealed}; Path=${path}; Max-Age=${lifetimeS}; HttpOnly; SameSite=Lax${secure}`;
  http.header('Set-Cookie', cookie, { append: true });
}

function keptAttempt(http: Context, deps: ApiDeps): KeptAttempt {
  const name = attemptName(deps);
  const sealed = cookieOf(http.req.raw, name);
  const kept = sealed === null ? null : opened(deps, sealed);
  if (kept !== null && kept.untilMs > Date.now()) return kept;
  throw new ApiError('unauthenticated', 'The sign-in was not begun here, or too long ago.');
}

function opened(deps: Pick<ApiDeps, 'secretBox'>, sealed: string): KeptAttempt | null {
  try {
    return JSON.parse(deps.secretBox.open(sealed, place)) as KeptAttempt;
  } catch {
    return null;
  }
}
