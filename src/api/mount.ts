import { isDeepStrictEqual } from 'node:util';
import type { Context, Handler } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { ApiError } from '../core/errors.ts';
import { stringifyJson } from '../core/raw-json.ts';
import { validate } from '../core/validate.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import { requireOwnAgent } from './agent-limit.ts';
import type { Answer } from './answer.ts';
import type { AuditTrail } from './audit-trail.ts';
import type { Authenticate } from './auth.ts';
import { authorize, requireOwnSession } from './authorize.ts';
import { readJsonBody } from './body.ts';
import { type Caller, nobody } from './caller.ts';
import type { ApiDeps } from './deps.ts';
import type { Dialect, RequestFacts } from './dialect.ts';
import { createOnce, hashRequest, type IdempotencyClaim, requireKeyForm } from './idempotency.ts';
import type { RateGate } from './rate-gate.ts';
import type { ApiEnv } from './request-log.ts';
import { readParams, readQuery, unknownFields, validQuery } from './request-parts.ts';
import type { Call, Route } from './route.ts';
import { resolveWorkspace } from './workspace.ts';

// The way of every request, in this order: load, token, rate, right, named workspace, shape, handler. Nothing is
// read of a body before its sender is known and allowed.

export interface Mounting {
  readonly dialect: Dialect;
  readonly deps: ApiDeps;
  readonly authenticate: Authenticate;
  readonly rates: RateGate;
  readonly audit: AuditTrail;
}

/** The Hono handler of a declared route. */
export function mountRoute(route: Route, mounting: Mounting): Handler<ApiEnv> {
  const { dialect, deps, rates, authenticate } = mounting;
  const fromBody = route.workspace !== 'none' && route.workspace.from === 'body';
  const load = { isWrite: route.method !== 'get', waitsForOthers: route.waitsForOthers === true };
  return async (c) => {
    using _ = route.resource === 'meta' ? undefined : deps.load?.admit(load);
    const known = route.right === 'public' ? nobody : await authenticate(c.req.raw);
    const query = readQuery(c.req.url);
    const named = namedIn(c, route, query);
    if (route.right !== 'public') await rates.take(c, { dialect, caller: known, named });
    const caller = authorize(known, route);
    requireOwnSession(caller, c.req.param());
    const early = fromBody ? null : await resolveWorkspace(route.workspace, named, caller, deps);
    const given = route.readsBody === true ? undefined : route.body;
    const body = given === undefined ? null : await readJsonBody(c.req.raw, route.maxBodyBytes);
    const { scope, workspaceId } =
      early ?? (await resolveWorkspace(route.workspace, body?.value?.workspace_id, caller, deps));
    if (route.right !== 'public') {
      const again = async () => authorize(await authenticate(c.req.raw), route);
      c.set('isStillAllowed', () => again().then((now) => reachesAsMuch(now, { caller, scope })));
    }
    if (body?.value === null && route.bodyRequired === true) {
      throw new ApiError('malformed_request', 'A JSON body is required.');
    }
    const bodyText = body?.value ? body.text : '{}';
    const params = route.params === undefined ? {} : readParams(route.params, c.req.param());
    const shaped = {
      params,
      query: route.query === undefined ? {} : validQuery(route.query, query),
      body: given === undefined ? undefined : validate(given, body?.value ?? {}),
    };
    await requireOwnAgent(deps, route, { caller, scope, ...shaped, params: c.req.param() });
    const call: Call = {
      caller,
      scope,
      workspaceId,
      ...shaped,
      bodyText,
      requestId: c.get('requestId'),
      idempotency: claimOf(c, route, { caller, workspaceId, bodyText }),
      get signal() {
        const { signal } = c.req.raw;
        return deps.closing === undefined ? signal : AbortSignal.any([signal, deps.closing]);
      },
      http: c,
    };
    const answer = await mounting.audit(route, call, () => perform(route, call, deps));
    if (answer instanceof Response) return answer;
    return respond(
      c,
      dialect.successBody(answer, factsOf(c, unknownFields(route.body, body?.value))),
      answer.status,
    );
  };
}

/** Whether a caller who was let in before still reaches all that they reached then. */
function reachesAsMuch(
  now: Caller,
  { caller, scope }: { readonly caller: Caller; readonly scope: WorkspaceScope },
): boolean {
  const inScope =
    now.scope === 'all' || (scope !== 'all' && scope.every((id) => now.scope.includes(id)));
  return inScope && now.id === caller.id && isDeepStrictEqual(now.limits, caller.limits);
}

async function perform(route: Route, call: Call, deps: ApiDeps): Promise<Answer | Response> {
  if (call.idempotency === null || route.idempotent !== 'create') {
    return await route.handle(call, deps);
  }
  return await createOnce(deps, call.idempotency, async () => {
    const answer = await route.handle(call, deps);
    if (answer instanceof Response) throw new Error(`${route.operationId} cannot be idempotent`);
    return answer;
  });
}

function claimOf(
  c: Context,
  route: Route,
  request: Pick<Call, 'caller' | 'workspaceId' | 'bodyText'>,
): IdempotencyClaim | null {
  const key = c.req.header('idempotency-key');
  if (key === undefined || route.idempotent === undefined) return null;
  requireKeyForm(key);
  return {
    workspaceId: request.workspaceId ?? request.caller.id,
    route: `${route.method.toUpperCase()} ${route.path}`,
    key,
    bodyHash: hashRequest(c.req.path, request.bodyText),
    sealed: route.secretAnswer === true,
  };
}

function namedIn(c: Context, route: Route, query: Readonly<Record<string, unknown>>): unknown {
  if (route.workspace === 'none' || route.workspace.from === 'body') return undefined;
  return route.workspace.from === 'header' ? c.req.header('x-workspace-id') : query.workspace_id;
}

/** What the envelopes may tell about this request. */
export function factsOf(c: Context<ApiEnv>, unknown: readonly string[] = []): RequestFacts {
  return {
    requestId: c.get('requestId'),
    elapsedMs: performance.now() - c.get('startedAtMs'),
    unknownFields: unknown,
  };
}

/** A JSON answer; nothing of the API is to be kept by caches in between. */
export function respond(c: Context<ApiEnv>, body: unknown, status: number): Response {
  c.header('Content-Type', 'application/json; charset=utf-8');
  c.header('Cache-Control', 'no-store');
  return c.body(stringifyJson(body), status as ContentfulStatusCode);
}
