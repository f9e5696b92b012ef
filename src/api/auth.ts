import { ApiError } from '../core/errors.ts';
import { hashTokenSecret, isChatSecret, looksLikeToken } from '../core/token-secret.ts';
import { findChatToken } from '../store/chat-tokens.ts';
import { findSession } from '../store/sessions.ts';
import { touchToken } from '../store/tokens.ts';
import { type Caller, callerOfEndUser, callerOfPerson, callerOfToken } from './caller.ts';
import type { ApiDeps } from './deps.ts';
import { cookieOf, requireOwnPage, sessionCookieName } from './session-cookie.ts';
import { personOf } from './sign-in/identity.ts';

// Tokens of both documented forms (`capi_…`, `neo_sk_<env>_<secret>`) are accepted on both dialects.
// They are looked up by their hash, so that neither the comparison nor the database's contents help to
// guess one, and every refused token gets the same answer. Nothing is kept: a revocation holds at once.
// The dashboard's cookie stands for the token or the person that it was got with; a header goes before it.
// A chat token stands for somebody outside, who reaches one chat session.
// A JWT of the operator's OpenID Connect issuer stands for the member it names, and for nobody else.

/**
 * The caller of a request, by its `Authorization` header or its session. Throws `unauthenticated`, and
 * `forbidden` for a session whose request may come from another site.
 */
export type Authenticate = (request: Request) => Promise<Caller>;

const notValid = 'The token is not valid: it is malformed, unknown, expired or revoked.';
const noteEveryMs = 60_000;

export function createAuthenticate(
  deps: Pick<ApiDeps, 'db' | 'reads' | 'logger' | 'cursorKey' | 'oidc'>,
): Authenticate {
  const cookie = sessionCookieName(deps.cursorKey);
  const notedAtMs = new Map<string, number>();
  /** That a token is in use is worth a write a minute, and no request waits for it or fails by it. */
  const noteUse = (tokenId: string): void => {
    const nowMs = performance.now();
    if (nowMs - (notedAtMs.get(tokenId) ?? Number.NEGATIVE_INFINITY) < noteEveryMs) return;
    notedAtMs.set(tokenId, nowMs);
    touchToken(deps.db, tokenId).catch((err: unknown) =>
      deps.logger.warn({ err, tokenId }, 'The use of a token could not be noted'),
    );
  };
  const bySession = async (request: Request, secret: string): Promise<Caller> => {
    const sessionHash = hashTokenSecret(secret);
    const found = looksLikeToken(secret) ? await findSession(deps.db, sessionHash) : null;
    if (found === null) {
      throw new ApiError('unauthenticated', 'The session is over. Sign in again.');
    }
    requireOwnPage(request);
    if ('person' in found) return { ...callerOfPerson(found.person), sessionHash };
    noteUse(found.token.tokenId);
    return { ...callerOfToken(found.token), sessionHash };
  };
  return async (request) => {
    const authorization = request.headers.get('authorization');
    if (authorization === null) {
      const session = cookieOf(request, cookie);
      if (session !== null) return await bySession(request, session);
      throw new ApiError(
        'unauthenticated',
        'No token was given: send it in the header Authorization: Bearer <token>.',
      );
    }
    const secret = /^Bearer +([^ ]+) *$/i.exec(authorization)?.[1] ?? '';
    if (deps.oidc?.takesBearers === true && looksLikeJwt(secret)) {
      return callerOfPerson(await personOf(deps.db, await deps.oidc.verify(secret)));
    }
    if (isChatSecret(secret)) {
      const endUser = await findChatToken(deps.db, hashTokenSecret(secret));
      if (endUser !== null) return callerOfEndUser(endUser);
      throw new ApiError('unauthenticated', notValid);
    }
    const found = looksLikeToken(secret) ? await deps.reads.token(hashTokenSecret(secret)) : null;
    if (found === null) {
      throw new ApiError('unauthenticated', notValid);
    }
    noteUse(found.tokenId);
    return callerOfToken(found);
  };
}

/** Two JSON objects and a signature: what has the form of a JWT is judged as one, and as nothing else. */
function looksLikeJwt(text: string): boolean {
  return text.length <= 16_384 && /^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+$/.test(text);
}
