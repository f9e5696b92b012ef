import { ApiError } from '../core/errors.ts';
import { hashTokenSecret, looksLikeToken } from '../core/token-secret.ts';
import { touchToken } from '../store/tokens.ts';
import { type Caller, includesRight, type Right } from './caller.ts';
import type { ApiDeps } from './deps.ts';

// Tokens of both documented forms (`capi_…`, `neo_sk_<env>_<secret>`) are accepted on both dialects.
// They are looked up by their hash, so that neither the comparison nor the database's contents help to
// guess one, and every refused token gets the same answer. Nothing is kept: a revocation holds at once.

/** The caller of a request, by its `Authorization` header. Throws `unauthenticated`. */
export type Authenticate = (authorization: string | undefined) => Promise<Caller>;

const noteEveryMs = 60_000;

export function createAuthenticate(deps: Pick<ApiDeps, 'db' | 'reads' | 'logger'>): Authenticate {
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
  return async (authorization) => {
    if (authorization === undefined) {
      throw new ApiError(
        'unauthenticated',
        'No token was given: send it in the header Authorization: Bearer <token>.',
      );
    }
    const secret = /^Bearer +([^ ]+) *$/i.exec(authorization)?.[1] ?? '';
    const found = looksLikeToken(secret) ? await deps.reads.token(hashTokenSecret(secret)) : null;
    if (found === null) {
      throw new ApiError(
        'unauthenticated',
        'The token is not valid: it is malformed, unknown, expired or revoked.',
      );
    }
    noteUse(found.tokenId);
    return { tokenId: found.tokenId, access: found.access, scope: found.workspaces };
  };
}

/** Throws `forbidden` unless the caller has the right. */
export function requireRight(caller: Caller, right: Right): void {
  if (includesRight(caller.access, right)) return;
  throw new ApiError(
    'forbidden',
    right === 'admin'
      ? 'Only the admin token may do this.'
      : 'The token can only read: use one with write access.',
  );
}
