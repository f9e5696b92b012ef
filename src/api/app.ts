import { type Context, Hono } from 'hono';
import { ApiError } from '../core/errors.ts';
import { downloadByLink } from './artifact-links.ts';
import { createAuditTrail } from './audit-trail.ts';
import { createAuthenticate } from './auth.ts';
import { conduitDialect } from './conduit/dialect.ts';
import { conduitRoutes } from './conduit/routes.ts';
import { serveDashboard } from './dashboard.ts';
import type { ApiDeps } from './deps.ts';
import type { Dialect } from './dialect.ts';
import { dialectOf } from './dialect-of.ts';
import { toApiError } from './failure.ts';
import { healthz, readyz } from './health.ts';
import { receiveWebhook } from './hooks.ts';
import { receiveInbound } from './inbound.ts';
import { metricsRoute } from './metrics.ts';
import { factsOf, mountRoute, respond } from './mount.ts';
import { neoDialect } from './neo/dialect.ts';
import { neoRoutes } from './neo/routes.ts';
import { openApiDocument } from './openapi.ts';
import { plainDialect } from './plain-dialect.ts';
import { protocolRoutes } from './protocol-routes.ts';
import { createRateGate } from './rate-gate.ts';
import { type ApiEnv, requestLog } from './request-log.ts';
import { defineRoute, honoPath, type Route, routeTable } from './route.ts';
import { unsubscribeRoutes } from './unsubscribe.ts';
import { webGuard } from './web-guard.ts';

/** Every route the server has, by dialect, checked. Throws on one that does not say who may use it. */
export function apiRoutes(): readonly { readonly dialect: Dialect; readonly route: Route }[] {
  const conduit = withDocument(conduitDialect, conduitRoutes);
  const neo = withDocument(neoDialect, neoRoutes);
  const plain = [
    healthz,
    readyz,
    metricsRoute,
    receiveWebhook,
    receiveInbound,
    ...unsubscribeRoutes,
    downloadByLink,
  ];
  const protocols = protocolRoutes(conduitRoutes);
  routeTable([...conduit, ...neo, ...protocols.map(({ route }) => route), ...plain]);
  return [
    ...conduit.map((route) => ({ dialect: conduitDialect, route })),
    ...neo.map((route) => ({ dialect: neoDialect, route })),
    ...protocols,
    ...plain.map((route) => ({ dialect: plainDialect, route })),
  ];
}

/** The whole HTTP API. Constructing it opens nothing: `api.request('/healthz')` works without a port. */
export function createApi(deps: ApiDeps, table = apiRoutes()): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  const routes = table.map(({ route }) => route);
  const shared = {
    deps,
    rates: createRateGate(deps),
    authenticate: createAuthenticate(deps),
    audit: createAuditTrail(deps, routes),
  };
  app.use(requestLog(deps));
  app.use(webGuard(deps));
  app.use(async (c, next) => {
    c.set('sendInside', async (request) => await app.request(request, undefined, c.env));
    await next();
  });
  for (const { dialect, route } of table) {
    app.on(
      route.method.toUpperCase(),
      honoPath(route.path),
      mountRoute(route, { dialect, ...shared }),
    );
  }
  const { dashboard } = deps;
  app.notFound(
    (c) =>
      (dashboard ? serveDashboard(c, dashboard) : null) ?? renderError(c, missing(c, table), deps),
  );
  app.onError((error, c) => renderError(c, error, deps));
  return app;
}

function renderError(
  c: Context<ApiEnv>,
  thrown: unknown,
  { publicUrl }: Pick<ApiDeps, 'publicUrl'>,
): Response {
  c.set('failure', thrown);
  const error = toApiError(thrown);
  const dialect = dialectOf(c.req.path);
  if (error.problem === 'unauthenticated')
    c.header('WWW-Authenticate', dialect.challenge?.(publicUrl ?? c.req.url) ?? 'Bearer');
  if (error.retryAfterS !== undefined)
    c.header('Retry-After', String(Math.ceil(error.retryAfterS)));
  return respond(c, dialect.errorBody(error, factsOf(c)), dialect.statusOf[error.problem]);
}

function missing(c: Context<ApiEnv>, table: readonly { readonly route: Route }[]): ApiError {
  const path = c.req.path;
  const at = table.filter(({ route }) => pathPattern(route.path).test(path));
  // A name that is written out is another resource than the ids in its place.
  const fewest = Math.min(...at.map(({ route }) => paramCount(route)));
  const allowed = at
    .filter(({ route }) => paramCount(route) === fewest)
    .map(({ route }) => route.method.toUpperCase());
  if (allowed.length === 0) return new ApiError('not_found', `No route is at ${path}.`);
  const methods = [...new Set(allowed)].join(', ');
  c.header('Allow', methods);
  return new ApiError('method_not_allowed', `${c.req.method} is not possible here; ${methods} is.`);
}

function paramCount({ path }: Route): number {
  return path.split('{').length - 1;
}

function pathPattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{[a-z_]+\}/g, '[^/]+')}$`);
}

/** The dialect's routes, and one that shows their document, itself included. */
function withDocument(dialect: Dialect, routes: readonly Route[]): readonly Route[] {
  let document: object | null = null;
  const shown = defineRoute(
    {
      method: 'get',
      path: `${dialect.prefix}/openapi.json`,
      operationId: dialect.document?.operationId ?? 'getOpenApiDocument',
      tag: dialect.document?.tags[0]?.name ?? 'meta',
      summary: 'This document',
      resource: 'meta',
      right: 'public',
      workspace: 'none',
      responses: { 200: { description: 'The OpenAPI document', contentType: 'application/json' } },
    },
    async ({ http }) => {
      document ??= openApiDocument(dialect, all);
      return http.json(document);
    },
  );
  const all = [...routes, shown];
  return all;
}
