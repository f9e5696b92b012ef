import type { Context } from 'hono';
import { ApiError } from '../core/errors.ts';
import { isId } from '../core/ids.ts';
import { isInScope } from '../core/workspace-scope.ts';
import { getWorkspace } from '../store/workspaces.ts';
import { type Caller, onlyWorkspaceOf } from './caller.ts';
import type { ApiDeps } from './deps.ts';
import type { Dialect } from './dialect.ts';
import { createRateLimiter, type RateAnswer, type RateLimiter, windowS } from './rate-limit.ts';

export interface RateGate {
  /** Counts the request and sets the dialect's headers. Throws `rate_limited`. */
  take(
    c: Context,
    request: {
      readonly dialect: Dialect;
      readonly caller: Caller;
      /** The workspace as the request names it, not judged yet. */
      readonly named: unknown;
    },
  ): Promise<void>;
}

const settingTtlMs = 5_000;
/** Requests a minute with one token of somebody outside, whatever its workspace has. */
const perEndUser = 120;

/**
 * The limit of a workspace: its own, else the server's, else the dialect's. Where no workspace is known
 * yet, the token is counted instead. 0 is no limit.
 */
export function createRateGate(
  deps: Pick<ApiDeps, 'db' | 'rateLimit' | 'rates'>,
  limiter: RateLimiter = deps.rates ?? createRateLimiter(),
): RateGate {
  const settings = new Map<string, { limit: number | null; untilMs: number }>();
  const settingOf = async (workspaceId: string): Promise<number | null> => {
    const known = settings.get(workspaceId);
    if (known !== undefined && known.untilMs > performance.now()) return known.limit;
    const limit = (await getWorkspace(deps.db, 'all', workspaceId))?.rateLimit ?? null;
    settings.set(workspaceId, { limit, untilMs: performance.now() + settingTtlMs });
    return limit;
  };
  return {
    async take(c, { dialect, caller, named }) {
      const workspaceId = isUsable(named, caller)
        ? named
        : dialect.countsCallers === true
          ? null
          : onlyWorkspaceOf(caller);
      const own = workspaceId === null ? null : await settingOf(workspaceId);
      const set = own ?? deps.rateLimit;
      const limit = set ?? dialect.rateLimit;
      if (limit === 0) return;
      const who = workspaceId ?? caller.id;
      // A limit that was set is one budget for both dialects; their own defaults differ, and are two.
      const state = await limiter.take(set === null ? `${dialect.name}:${who}` : who, limit);
      const headers = { ...draftHeaders(state), ...dialect.rateHeaders(state) };
      for (const [name, value] of Object.entries(headers)) c.header(name, value);
      const ofToken =
        caller.kind === 'end_user' ? await limiter.take(`chat:${caller.id}`, perEndUser) : state;
      if (state.allowed && ofToken.allowed) return;
      throw state.allowed ? tooMany(perEndUser, ofToken) : tooMany(limit, state);
    },
  };
}

function tooMany(limit: number, { retryAfterS }: RateAnswer): ApiError {
  return new ApiError(
    'rate_limited',
    `More than ${limit} requests in 60 seconds. Try again in ${retryAfterS} s.`,
    { retryAfterS },
  );
}

/** As draft-ietf-httpapi-ratelimit-headers has them, in both dialects. */
function draftHeaders(state: RateAnswer): Record<string, string> {
  return {
    'RateLimit-Policy': `"default";q=${state.limit};w=${windowS}`,
    RateLimit: `"default";r=${state.remaining};t=${state.retryAfterS}`,
  };
}

function isUsable(named: unknown, caller: Caller): named is string {
  return typeof named === 'string' && isId(named) && isInScope(caller.scope, named);
}
