import { z } from '@hono/zod-openapi';
import { ApiError } from '../../core/errors.ts';
import { tokenAccesses } from '../../core/token.ts';
import { hashTokenSecret, newTokenSecret } from '../../core/token-secret.ts';
import { createSession, deleteSession } from '../../store/sessions.ts';
import { created, ok } from '../answer.ts';
import { defineRoute } from '../route.ts';
import { sessionCookie, sessionCookieName, sessionLifetimeS } from '../session-cookie.ts';
import { iso } from './times.ts';

const common = {
  path: '/v1/session',
  tag: 'tokens',
  resource: 'session',
  right: 'read',
  workspace: 'none',
} as const;

export const startSession = defineRoute(
  {
    ...common,
    method: 'post',
    operationId: 'startSession',
    summary: 'Sign in',
    description:
      'For browsers: gives a cookie that stands for the token of the request, for seven days at most and never longer than the token itself holds.',
    responses: {
      201: {
        description: 'Signed in',
        data: z.object({ access: z.enum(tokenAccesses), expires_at: z.string() }),
      },
    },
  },
  async ({ caller, http }, deps) => {
    if (caller.sessionHash !== undefined) {
      throw new ApiError('forbidden', 'A session cannot make another one: send a token.');
    }
    const secret = newTokenSecret('capi');
    const expiresAt = await createSession(deps.db, {
      secretHash: hashTokenSecret(secret),
      owner: caller.kind === 'person' ? { userId: caller.id } : { tokenId: caller.id },
      lifetimeS: sessionLifetimeS,
    });
    const name = sessionCookieName(deps.cursorKey);
    http.header('Set-Cookie', sessionCookie(http.req.raw, name, secret));
    return created({ access: caller.access, expires_at: iso(expiresAt) });
  },
);

export const endSession = defineRoute(
  {
    ...common,
    method: 'delete',
    operationId: 'endSession',
    summary: 'Sign out',
    description: 'Ends the session of the request’s cookie; without one it changes nothing.',
    responses: {
      200: { description: 'Signed out', data: z.object({ signed_out: z.boolean() }) },
    },
  },
  async ({ caller, http }, deps) => {
    const { sessionHash } = caller;
    if (sessionHash !== undefined) await deleteSession(deps.db, sessionHash);
    const name = sessionCookieName(deps.cursorKey);
    http.header('Set-Cookie', sessionCookie(http.req.raw, name, ''));
    return ok({ signed_out: sessionHash !== undefined });
  },
);
