import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { ApiError } from '../../core/errors.ts';
import { hashTokenSecret, newTokenSecret } from '../../core/token-secret.ts';
import { createSession } from '../../store/sessions.ts';
import { readPerson } from '../../store/users.ts';
import { created, ok } from '../answer.ts';
import { clientAddress } from '../client-address.ts';
import type { ApiDeps } from '../deps.ts';
import { defineRoute } from '../route.ts';
import {
  requireOwnPage,
  sessionCookie,
  sessionCookieName,
  sessionLifetimeS,
} from '../session-cookie.ts';
import { changeOwnPassword, setInvitedPassword, withPassword } from '../sign-in/by-password.ts';
import { passwordLength } from '../sign-in/passwords.ts';
import { iso } from './times.ts';

// Signing in by password. These routes are asked without a credential and set a cookie, so they take
// requests of our own pages only: nobody is signed in as somebody else by a link.

const common = { tag: 'tokens', resource: 'session', workspace: 'none' } as const;

const newPassword = z
  .string()
  .refine(
    (text) => [...text].length >= passwordLength.min,
    `must have at least ${passwordLength.min} characters`,
  )
  .refine((text) => Buffer.byteLength(text) <= passwordLength.maxBytes, 'is too long')
  .openapi({ type: 'string', minLength: passwordLength.min });
const givenPassword = z.string().max(passwordLength.maxBytes);

const signedIn = {
  201: {
    description: 'Signed in',
    data: z.object({ user_id: z.string(), email: z.string(), expires_at: z.string() }),
  },
};

export const listSignInMethods = defineRoute(
  {
    ...common,
    method: 'get',
    path: '/v1/session/methods',
    operationId: 'listSignInMethods',
    summary: 'Ways to sign in',
    right: 'public',
    responses: {
      200: {
        description: 'What the sign-in page offers',
        data: z.object({
          token: z.boolean(),
          password: z.boolean(),
          oidc: z.object({ name: z.string(), url: z.string() }).nullable(),
        }),
      },
    },
  },
  async (_, deps) =>
    ok({
      token: true,
      password: true,
      oidc: deps.oidc ? { name: deps.oidc.name, url: '/v1/session/oidc' } : null,
    }),
);

export const signInByPassword = defineRoute(
  {
    ...common,
    method: 'post',
    path: '/v1/session/password',
    operationId: 'signInByPassword',
    summary: 'Sign in by password',
    description:
      'For browsers, from the dashboard’s own pages. After ten wrong tries in a quarter of an hour the account is closed to passwords for the rest of it.',
    right: 'public',
    body: z.object({ email: z.string().max(300), password: givenPassword }),
    bodyRequired: true,
    bodyExample: { email: 'ada@example.com', password: 'correct horse battery staple' },
    errors: { 401: 'Wrong address or password', 403: 'Not from a page of this server' },
    responses: signedIn,
  },
  async ({ body, http }, deps) => {
    requireOwnPage(http.req.raw);
    const address = clientAddress(http, deps.isTrustedProxy);
    const begin = (userId: string) => beginSession(http, deps, userId);
    return created(await withPassword(deps.db, { ...body, address }, begin));
  },
);

export const signInByInvitation = defineRoute(
  {
    ...common,
    method: 'post',
    path: '/v1/session/invitation',
    operationId: 'acceptInvitation',
    summary: 'Set a password with an invitation',
    description: 'Once. Signs in, and ends every other session of the account.',
    right: 'public',
    body: z.object({ invitation: z.string().max(200), password: newPassword }),
    bodyRequired: true,
    bodyExample: { invitation: 'capi_…', password: 'correct horse battery staple' },
    errors: { 401: 'Not an invitation that holds', 403: 'Not from a page of this server' },
    responses: signedIn,
  },
  async ({ body, http }, deps) => {
    requireOwnPage(http.req.raw);
    const address = clientAddress(http, deps.isTrustedProxy);
    const userId = await setInvitedPassword(deps.db, { ...body, address });
    return created(await beginSession(http, deps, userId));
  },
);

export const changePassword = defineRoute(
  {
    ...common,
    method: 'put',
    path: '/v1/session/password',
    operationId: 'changePassword',
    summary: 'Change one’s own password',
    description: 'For people who are signed in; ends their other sessions.',
    right: 'read',
    body: z.object({ current_password: givenPassword, new_password: newPassword }),
    bodyRequired: true,
    bodyExample: {
      current_password: 'correct horse battery staple',
      new_password: 'another horse and its battery',
    },
    errors: {
      403: 'Not signed in by a session, or the password is wrong',
      409: 'No password is set',
    },
    responses: {
      200: { description: 'Changed', data: z.object({ changed: z.boolean() }) },
    },
  },
  async ({ caller, body, http }, deps) => {
    await changeOwnPassword(deps.db, caller, {
      current: body.current_password,
      next: body.new_password,
      address: clientAddress(http, deps.isTrustedProxy),
    });
    return ok({ changed: true });
  },
);

/** A new session of a person, as a cookie of the answer. Throws `forbidden` for who is in no workspace. */
export async function beginSession(http: Context, deps: ApiDeps, userId: string) {
  const person = await readPerson(deps.db, userId);
  if (person === null) {
    throw new ApiError('forbidden', 'The account belongs to no workspace any more.');
  }
  const secret = newTokenSecret('capi');
  const expiresAt = await createSession(deps.db, {
    secretHash: hashTokenSecret(secret),
    owner: { userId },
    lifetimeS: sessionLifetimeS,
  });
  const name = sessionCookieName(deps.cursorKey);
  http.header('Set-Cookie', sessionCookie(http.req.raw, name, secret), { append: true });
  return { user_id: userId, email: person.email, expires_at: iso(expiresAt) };
}
