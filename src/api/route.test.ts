import { z } from '@hono/zod-openapi';
import { expect, test } from 'vitest';
import { ok } from './answer.ts';
import { apiRoutes } from './app.ts';
import { defineRoute, type Route, routeTable } from './route.ts';

const route: Route = defineRoute(
  {
    method: 'get',
    path: '/v1/things/{id}',
    operationId: 'getThing',
    tag: 'meta',
    summary: 'A thing',
    resource: 'meta',
    right: 'read',
    workspace: 'none',
    params: z.object({ id: z.string() }),
    responses: { 200: { description: 'It' } },
  },
  async () => ok({}),
);

test.each(['resource', 'right', 'workspace'] as const)(
  'a route without %s keeps the server from starting',
  (name) => {
    const { [name]: _left, ...rest } = route;
    expect(() => routeTable([rest as Route])).toThrow(/^GET \/v1\/things\/\{id\} declares no /);
  },
);

test('two routes cannot share a path and method, nor an operation id', () => {
  expect(() => routeTable([route, route])).toThrow('GET /v1/things/{id} is declared twice');
  expect(() => routeTable([route, { ...route, method: 'post' }])).toThrow(
    'getThing is declared twice',
  );
});

test('what changes something asks for more than reading', () => {
  // Who may read may sign in and out with it, and have an expression explained, which changes nothing.
  // Everybody may change their own password, who gives the one before.
  const harmless = [
    'POST /v1/session',
    'DELETE /v1/session',
    'PUT /v1/session/password',
    'POST /v1/triggers/cron/explain',
    // Searches, whose questions are too long for an address.
    'POST /v1/kb/nodes/search',
    'POST /v1/kb/search',
    'POST /agent-protocol/assistants/search',
    'POST /agent-protocol/store/items/search',
    'POST /agent-protocol/store/namespaces',
    'POST /agent-protocol/threads/search',
    'POST /agent-protocol/threads/{thread_id}/history',
    // Says how a channel greets, and keeps nothing.
    'POST /public-api/channels/install-events',
    // Each call of a tool asks for what its own route asks for.
    'POST /v1/mcp',
  ];
  const weak = apiRoutes()
    .filter(({ route }) => route.method !== 'get' && route.right === 'read')
    .map(nameOf);
  expect(weak.toSorted()).toEqual(harmless.toSorted());
});

test('only meta routes are public, and those that have a proof of their own', () => {
  // A webhook's or a channel's key and signature; the `state` of an authorization that was begun with a token; signing
  // in, where the password, the invitation or the issuer's answer is the proof; and what a signature made
  // by the server allows: to end a message by mail, to send one file, to fetch one, to say
  // what somebody thinks of a run. The token of a link to an agent.
  const proven = [
    'POST /hooks/{key}',
    'POST /inbound/{key}',
    'GET /unsubscribe/{key}',
    'GET /artifacts/{artifact_id}',
    'GET /public-api/feedback/{execution_id}',
    'POST /public-api/feedback/{execution_id}',
    'POST /unsubscribe/{key}',
    'PUT /public-api/chat/attachments/{attachment_id}',
    'GET /public-api/shared-agents/{share_token}',
    'GET /v1/mcp-authorizations/callback',
    'GET /v1/session/methods',
    'POST /v1/session/password',
    'POST /v1/session/invitation',
    'GET /v1/session/oidc',
    'GET /v1/session/oidc/callback',
  ];
  const open = apiRoutes()
    .filter(({ route }) => route.right === 'public' && route.resource !== 'meta')
    .map(nameOf);
  expect(open.toSorted()).toEqual(proven.toSorted());
});

function nameOf({ route: { method, path } }: { readonly route: Route }): string {
  return `${method.toUpperCase()} ${path}`;
}
