import type { MiddlewareHandler } from 'hono';
import type { ApiDeps } from './deps.ts';
import type { ApiEnv } from './request-log.ts';

// What browsers are told. Answers that set no policy of their own load nothing and are framed nowhere; pages
// of other origins read answers only where the operator listed them, and never with the dashboard's cookie.

const methods = 'GET, POST, PUT, PATCH, DELETE';
const requestHeaders =
  'Authorization, Content-Type, Idempotency-Key, Last-Event-ID, X-Thread-Id, X-Workspace-Id, traceparent, x-ms-blob-type';
const responseHeaders =
  'Retry-After, X-Request-Id, X-Thread-Id, x-vercel-ai-ui-message-stream, RateLimit, RateLimit-Policy, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset';

/** Headers of every answer, and answers to what browsers ask before requests of other origins. */
export function webGuard({
  corsOrigins = [],
}: Pick<ApiDeps, 'corsOrigins'>): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const origin = c.req.header('origin');
    const isListed = origin !== undefined && corsOrigins.includes(origin);
    const asksFirst = c.req.method === 'OPTIONS' && c.req.header('access-control-request-method');
    if (asksFirst && isListed) c.res = new Response(null, { status: 204 });
    else await next();
    if (!c.res.headers.has('Content-Security-Policy')) {
      c.header('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
    }
    c.header('X-Frame-Options', 'DENY');
    c.header('Referrer-Policy', 'no-referrer');
    if (corsOrigins.length === 0) return;
    c.header('Vary', 'Origin', { append: true });
    if (!isListed) return;
    c.header('Access-Control-Allow-Origin', origin);
    c.header('Access-Control-Expose-Headers', responseHeaders);
    if (!asksFirst) return;
    c.header('Access-Control-Allow-Methods', methods);
    c.header('Access-Control-Allow-Headers', requestHeaders);
    c.header('Access-Control-Max-Age', '600');
  };
}
