import { createHash } from 'node:crypto';
import { ApiError } from '../core/errors.ts';

// The dashboard's cookie. `HttpOnly` keeps it from scripts, `SameSite=Strict` from other sites' requests;
// requests that change something are also held to come from a page of this very origin. What it does not
// protect: a page of ours that runs somebody else's script, which the content security policy is for.

/** Absolute: a session is not prolonged by use. */
export const sessionLifetimeS = 7 * 24 * 3_600;

/** Servers on other ports of a machine share its cookies, so each installation has a name of its own. */
export function sessionCookieName(cursorKey: Buffer): string {
  const own = createHash('sha256').update('session cookie').update(cursorKey).digest('hex');
  return `signalbox_${own.slice(0, 8)}`;
}

/** The value of a cookie that a request carries, or null. */
export function cookieOf(request: Request, name: string): string | null {
  for (const part of (request.headers.get('cookie') ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at !== -1 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return null;
}

/** The header that sets the cookie; with an empty secret, the one that takes it away. */
export function sessionCookie(request: Request, name: string, secret: string): string {
  const lifetimeS = secret === '' ? 0 : sessionLifetimeS;
  const secure = isHttps(request) ? '; Secure' : '';
  return `${name}=${secret}; Path=/; Max-Age=${lifetimeS}; HttpOnly; SameSite=Strict${secure}`;
}

/** Throws `forbidden` for a request that changes something and does not say that a page of ours sent it. */
export function requireOwnPage(request: Request): void {
  if (['GET', 'HEAD'].includes(request.method) || comesFromOwnPage(request)) return;
  throw new ApiError(
    'forbidden',
    'A session can change something only from the dashboard itself: the request names no origin, or another one. Programs send a token.',
  );
}

/** By what only the browser itself can write into a request. */
function comesFromOwnPage(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin';
  const origin = request.headers.get('origin');
  return origin !== null && URL.parse(origin)?.host === request.headers.get('host');
}

export function isHttps(request: Request): boolean {
  if (new URL(request.url).protocol === 'https:') return true;
  return request.headers.get('x-forwarded-proto')?.split(',')[0]?.trim() === 'https';
}
