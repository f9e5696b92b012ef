import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { addToken, createTestApi, type TestApi } from '../../test/support/api.ts';
import { foreignIdsFor } from '../../test/support/foreign-ids.ts';
import { cookieOf, sessionOf } from '../../test/support/people.ts';
import { createRouteCallers, type RouteCallers } from '../../test/support/route-callers.ts';
import { createRouteObjects, type RouteObjects } from '../../test/support/route-objects.ts';
import {
  bearer,
  bodyOf,
  expectError,
  expectServed,
  kindsIn,
  type Sent,
  send as sendRequest,
} from '../../test/support/route-requests.ts';
import { roles } from '../core/member.ts';
import { apiRoutes } from './app.ts';
import { roleHolds } from './roles.ts';
import type { Route } from './route.ts';
import { isTokenScope } from './token-scopes.ts';

// Every route of the table against every kind of caller. Nothing is listed by hand: a new route is in it.
// What is only read, or refused, shares one set of objects; the reads come first, while it is whole. What is let change
// objects has fresh ones, once a route: the other callers that are let in show it by an object that is not there for
// them.

let api: TestApi;
let shared: RouteObjects;
let foreign: RouteObjects;
let callers: RouteCallers;

beforeAll(async () => {
  // Nothing drives runs here: whoever waits for one is told that it goes on.
  api = await createTestApi({ completionWithinMs: 50 });
  shared = await createRouteObjects(api, api.workspace.id);
  foreign = await createRouteObjects(api, api.otherWorkspace.id);
  callers = await createRouteCallers(api, shared.agent2);
});
afterAll(async () => {
  process.stdout.write(
    `matrix: ${table.length} routes, ${requestCount} cases, ${wrongRoutes.size} routes with a wrong one\n`,
  );
  await api[Symbol.asyncDispose]();
});
afterEach(({ task }) => {
  if (task.result?.state === 'fail') wrongRoutes.add(task.suite?.name ?? task.name);
});

let requestCount = 0;
const wrongRoutes = new Set<string>();
const send: typeof sendRequest = (...given) => {
  requestCount += 1;
  return sendRequest(...given);
};

const table = apiRoutes().map(({ dialect, route }) => ({
  name: `${route.method.toUpperCase()} ${route.path}`,
  dialect,
  route,
}));
const isRead = (route: Route) => route.method === 'get';
// Making more objects, for the others, takes some of the shared ones away.
const guarded = table
  .filter(({ route }) => route.right !== 'public')
  .toSorted((a, b) => Number(isRead(b.route)) - Number(isRead(a.route)));
const ownPage = { 'Sec-Fetch-Site': 'same-origin' };

describe.each(table.filter(({ route }) => route.right === 'public'))('$name', ({ route }) => {
  test('answers without a token', async () => {
    const answer = await send(api, route, { own: foreign, authorization: null });
    const declared = [...Object.keys(route.responses), ...Object.keys(route.errors ?? {})];
    expect(declared).toContain(String(answer.status));
  });
});

describe.each(guarded)('$name', ({ dialect, route }) => {
  const { resource, right } = route;
  const isReading = isRead(route);
  const isOpen = right === 'read' && ['meta', 'session', 'workspace', 'tenant'].includes(resource);
  // A person's password is theirs alone, and sessions are made of tokens: both are tested by themselves.
  const isPersonal = ['startSession', 'changePassword'].includes(route.operationId);
  const objects = async () =>
    isReading || namesNoObject(route) ? shared : await createRouteObjects(api, api.workspace.id);

  const kinds = kindsIn(route);
  const expectRefused = async (kind: string, sent: Omit<Sent, 'own'>) => {
    const answer = await send(api, route, { own: shared, ...sent });
    expect([kind, answer.status, answer.text]).toEqual([kind, 403, answer.text]);
    expectError(dialect, answer);
  };
  const expectServedWhole = async (sent: Omit<Sent, 'own'>) => {
    const own = await objects();
    expectServed(dialect, route, await send(api, route, { own, ...sent }));
  };
  /** Rights are judged before the object: who has none is told so, whatever the object is. */
  const expectLetIn = async (kind: string, sent: Omit<Sent, 'own'>) => {
    const elsewhere = Object.fromEntries(kinds.map((one) => [one, foreign[one]]));
    const { status } = await send(api, route, { own: { ...shared, ...elsewhere }, ...sent });
    if (kinds.length > 0) expect([kind, status]).toEqual([kind, 404]);
    else expect([kind, status === 401 || status === 403]).toEqual([kind, false]);
  };
  const expectServedTo = async (kind: string, isServed: boolean, sent: Omit<Sent, 'own'>) => {
    if (!isServed) return await expectRefused(kind, sent);
    return await (isReading ? expectServedWhole(sent) : expectLetIn(kind, sent));
  };

  test('refuses every kind of bad credential alike', async () => {
    for (const [kind, authorization] of Object.entries(callers.refused)) {
      const answer = await send(api, route, { own: foreign, authorization });
      expect([kind, answer.status]).toEqual([kind, 401]);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer\b/);
      expectError(dialect, answer);
    }
    const headers = { Cookie: callers.formerMember, ...ownPage };
    const answer = await send(api, route, { own: shared, authorization: null, headers });
    expect(['former member', answer.status]).toEqual(['former member', 401]);
  });

  test('lets in who has the right, and nobody else', async () => {
    let wasServed = false;
    for (const kind of ['read', 'write', 'admin'] as const) {
      const named = kind === 'admin' ? { workspaceId: api.workspace.id } : {};
      const isServed = tokenHolds(kind, route) && route.operationId !== 'changePassword';
      const sent = { ...bearer(api.tokens[kind]), ...named };
      const isFirst = isServed && !wasServed;
      wasServed ||= isServed;
      await (isFirst ? expectServedWhole(sent) : expectServedTo(kind, isServed, sent));
    }
  });

  test('lets in the roles that hold the right, and no others', async () => {
    for (const role of roles) {
      const { id = '', cookie = '' } = callers.people[role] ?? {};
      const ends = route.operationId === 'endSession';
      const headers = { Cookie: ends ? await sessionOf(api, id) : cookie, ...ownPage };
      const isServed = roleHolds(role, resource, right) && route.operationId !== 'startSession';
      const sent = { authorization: null, headers };
      // What somebody is told is theirs and the owners' to see, which is tested by itself.
      const isOthers = resource === 'notification' && role !== 'owner' && kinds.length > 0;
      await (isOthers ? expectLetIn(role, sent) : expectServedTo(role, isServed, sent));
    }
  });

  test('holds a token to its scopes', async () => {
    const other = resource === 'schedule' ? 'run:write' : 'schedule:write';
    const cases: [string, boolean][] = [
      [other, isOpen],
      [`${resource}:read`, right === 'read'],
      [`${resource}:write`, right === 'read' || right === 'write'],
    ];
    for (const [scope, isServed] of cases) {
      if (!isTokenScope(scope)) continue;
      const secret = await tokenWith({ scopes: [scope], agentIds: null });
      const may = isServed && route.operationId !== 'changePassword';
      await expectServedTo(scope, may, bearer(secret));
    }
  });

  test('holds a token to its agents', async () => {
    if (isOpen) return;
    const elsewhere = await tokenWith({ scopes: null, agentIds: [shared.agent2] });
    const refusal = await send(api, route, { own: shared, ...bearer(elsewhere) });
    expect([403, 404]).toContain(refusal.status);
    expectError(dialect, refusal);
    if (!['agent', 'run', 'schedule'].includes(resource)) return;
    const [kind] = kinds;
    if (kind !== 'agent' && kind !== 'run' && kind !== 'schedule') return;
    const own = await objects();
    const secret = await tokenWith({ scopes: null, agentIds: [own.agent] });
    expectServed(dialect, route, await send(api, route, { own, ...bearer(secret) }));
  });

  test('lets somebody outside reach their own chat session, and nothing else', async () => {
    const { outside } = callers;
    const own = { ...shared, chatSession: outside.session, chatAttachment: outside.file };
    const answer = await send(api, route, { own, ...bearer(outside.token) });
    if (route.endUsers !== true) {
      expect([answer.status, answer.text]).toEqual([403, answer.text]);
      return expectError(dialect, answer);
    }
    expectServed(dialect, route, answer);
    for (const chatSession of [shared.chatSession, foreign.chatSession]) {
      const sent = { own: { ...own, chatSession }, ...bearer(outside.token) };
      const other = await send(api, route, sent);
      expect([other.status, other.text]).toEqual([404, other.text]);
      expectError(dialect, other);
    }
  });

  test('takes a session as its token, and lets it change nothing from another page', async () => {
    const cookie = await cookieOf(api, api.tokens.write);
    for (const [kind, page, isOwn] of [
      ['no page', {}, false],
      ['another site', { 'Sec-Fetch-Site': 'cross-site' }, false],
      ['a neighbour', { 'Sec-Fetch-Site': 'same-site' }, false],
      ['another origin', { Host: 'localhost', Origin: 'http://evil.test' }, false],
      ['no origin', { Host: 'localhost', Origin: 'null' }, false],
      ['its own origin', { Host: 'localhost', Origin: 'http://localhost' }, true],
    ] as const) {
      const isServed = (isReading || isOwn) && tokenHolds('write', route) && !isPersonal;
      await expectServedTo(kind, isServed, {
        authorization: null,
        headers: { Cookie: cookie, ...page },
      });
    }
  });

  test('hides what belongs to another workspace, by every id of the path', async () => {
    const insiders: [string, Omit<Sent, 'own'>][] = [
      ['token', bearer(api.tokens.write)],
      [
        'owner',
        {
          authorization: null,
          headers: { Cookie: callers.people.owner?.cookie ?? '', ...ownPage },
        },
      ],
    ];
    for (const kind of kindsIn(route)) {
      const mixed = { ...shared, [kind]: foreign[kind] };
      for (const [name, caller] of insiders) {
        const holds =
          name === 'owner' ? roleHolds('owner', resource, right) : tokenHolds('write', route);
        const answer = await send(api, route, { own: mixed, ...caller });
        expect([name, kind, answer.status]).toEqual([name, kind, holds ? 404 : 403]);
        expectError(dialect, answer);
      }
    }
    if (kindsIn(route).length === 0) return;
    const headers = { Cookie: callers.stranger, ...ownPage };
    const answer = await send(api, route, { own: shared, authorization: null, headers });
    expect(['stranger', answer.status]).toEqual(['stranger', right === 'admin' ? 403 : 404]);
  });

  test('treats an id of another workspace in the query or the body like one of nobody', async () => {
    const isOwners = right === 'admin' || right === 'owner';
    const headers = { Cookie: callers.people.owner?.cookie ?? '', ...ownPage };
    const caller = isOwners ? { authorization: null, headers } : bearer(api.tokens.write);
    for (const { where, field, foreignId, unknownId, asGiven } of foreignIdsFor(route, foreign)) {
      const ask = async (id: string) => {
        const given = { [where]: { [field]: asGiven(id) } };
        const { status, text } = await send(api, route, { own: shared, ...caller, ...given });
        // A workspace that exists is refused in another way than one that does not.
        if (field === 'workspace_ids') return { field, status: [400, 403].includes(status) && 400 };
        const { data, error } = JSON.parse(text.replaceAll(id, 'the id'));
        return { field, status, data, error };
      };
      const answer = await ask(foreignId);
      expect(answer).toEqual(await ask(unknownId));
      // What is only looked for may be found nowhere.
      if (where === 'body' && field !== 'filters')
        expect([400, 403, 404, 422]).toContain(answer.status);
    }
  });

  test('judges a named workspace before the object', async () => {
    if (route.workspace === 'none') return;
    const { write, read, both } = api.tokens;
    const token = right === 'read' ? read : write;
    for (const [workspaceId, secret, status] of [
      ['nonsense', token, 400],
      [`ws${'0'.repeat(30)}`, token, 400],
      [api.otherWorkspace.id, token, 403],
      ...(kindsIn(route).length > 0 ? [[api.otherWorkspace.id, both, 404] as const] : []),
    ] as const) {
      const answer = await send(api, route, { own: shared, ...bearer(secret), workspaceId });
      const expected = tokenHolds('write', route) ? status : 403;
      expect([workspaceId, answer.status]).toEqual([workspaceId, expected]);
      expectError(dialect, answer);
    }
    const headers = { Cookie: callers.stranger, ...ownPage };
    const given = { own: shared, authorization: null, headers, workspaceId: api.workspace.id };
    const answer = await send(api, route, given);
    expect(['stranger', answer.status]).toEqual(['stranger', 403]);
  });
});

/** Neither in its path nor in its body: the request is the same, whatever the workspace holds. */
function namesNoObject(route: Route): boolean {
  const others = { ...foreign, workspace: shared.workspace };
  const isBodyAlike = bodyOf(route, shared, {}) === bodyOf(route, others, {});
  return isBodyAlike && !route.path.includes('{');
}

function tokenHolds(kind: 'read' | 'write' | 'admin', route: Route): boolean {
  const order = ['read', 'write', 'owner', 'admin'];
  return order.indexOf(kind) >= order.indexOf(route.right);
}

async function tokenWith(limits: NonNullable<Parameters<typeof addToken>[1]['limits']>) {
  return await addToken(api.deps, {
    access: 'write',
    workspaceIds: [api.workspace.id],
    limits,
  });
}
