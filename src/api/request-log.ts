import { randomUUID } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import type { ApiDeps } from './deps.ts';
import { Overloaded } from './load-gate.ts';

export interface ApiEnv {
  Variables: {
    requestId: string;
    startedAtMs: number;
    /** Whether the caller may still do what the request was let in for; absent where anybody may. */
    isStillAllowed?: () => Promise<boolean>;
    /** What was thrown, for the log. */
    failure: unknown;
    sendInside: SendInside;
    /** The answer is a refusal, whatever its status says. */
    isRefused?: boolean;
  };
}

/** Where the rest of the path is a secret: who has the URL needs nothing else. */
const secretPath = /^(\/+(?:hooks|inbound|unsubscribe|public-api\/+shared-agents)\/).*/is;

/** Sends a request to this API within the process, as if it had come from the same peer. */
export type SendInside = (request: Request) => Promise<Response>;

/** Gives every request an id and writes one line about it: never headers, queries or bodies. */
export function requestLog(deps: Pick<ApiDeps, 'logger'>): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const startedAtMs = performance.now();
    const requestId = randomUUID();
    c.set('requestId', requestId);
    c.set('startedAtMs', startedAtMs);
    await next();
    c.header('X-Request-Id', requestId);
    c.header('X-Content-Type-Options', 'nosniff');
    const status = c.res.status;
    const line = {
      requestId,
      method: c.req.method,
      path: c.req.path.replace(secretPath, '$1…'),
      status,
      ms: Math.round(performance.now() - startedAtMs),
    };
    const failure = c.get('failure');
    if (status >= 500 && !(failure instanceof Overloaded)) {
      deps.logger.error({ ...line, err: failure }, 'request failed');
    } else deps.logger.info(line, 'request');
  };
}
