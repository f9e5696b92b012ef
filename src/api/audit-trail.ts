import { createHmac } from 'node:crypto';
import { type AuditFacts, changesBetween, type Json, maskSecrets } from '../core/audit.ts';
import { ApiError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import { stringifyJson } from '../core/raw-json.ts';
import { beginEntry, dropEntry, type NewEntry, serverChain } from '../store/audit.ts';
import { readPerson } from '../store/users.ts';
import type { Answer } from './answer.ts';
import { AuditAppender } from './audit-appender.ts';
import { clientAddress } from './client-address.ts';
import type { ApiDeps } from './deps.ts';
import { isDatabaseSilent } from './failure.ts';
import type { AuditedCall, Call, Resource, Route } from './route.ts';

// Every change is audited here, between the request and its handler, which need do nothing for it. A change
// is noted before it is made: none is without an entry, whatever ends the server in between. Only
// dispatches and events, which come by the thousand, are not noted beforehand, and no answer waits for
// their entries but while they come faster than they are written; a crash can take those of the last moments,
// while the runs themselves say what was done.

export type AuditTrail = (
  route: Route,
  call: Call,
  work: () => Promise<Answer | Response>,
) => Promise<Answer | Response>;

/** The key of the chain: of the installation, and not in the database. */
export function auditKey(cursorKey: Buffer): Buffer {
  return createHmac('sha256', cursorKey).update('audit chain').digest();
}

/** Whether a route changes something. */
export function isAudited(route: Route): boolean {
  if (route.method === 'get') return route.operationId === 'finishOidcSignIn';
  return route.resource === 'session' || ['write', 'owner', 'admin'].includes(route.right);
}

const frequent = [
  'sendEvents',
  'createChatCompletion',
  'public_api.chat_messages_post',
  'runAgUi',
  'createRun',
  'createRunAndWait',
  'createRunAndStream',
  'createStatelessRun',
  'createStatelessRunAndWait',
  'createStatelessRunAndStream',
];

/** Too many for a note before each. */
function isFrequent(route: Route): boolean {
  return route.idempotent === 'dispatch' || frequent.includes(route.operationId);
}

/** Whose states stay out of the log: the large, and what is about people outside, who may have it erased. */
const withoutStates: readonly Resource[] = [
  'run',
  'trigger_event',
  'session',
  'hook',
  'approval',
  'escalation',
  'contact',
  'conversation',
  'chat',
  'memory',
  'store',
  'knowledge',
  'test',
  'schedule',
  'record',
  'backup',
];

export function createAuditTrail(deps: ApiDeps, table: readonly Route[]): AuditTrail {
  const appender = new AuditAppender(deps.db, auditKey(deps.cursorKey));
  const append = (entry: NewEntry) => appender.append(entry);
  const readers = new Map(table.filter(isAudited).map((route) => [route, readerOf(route, table)]));
  const log = (err: unknown) => deps.logger.error({ err }, 'An audit entry could not be written');
  return async (route, call, work) => {
    const change = isAudited(route) ? changeOf(route, call) : null;
    if (change === null) return await work();
    const facts = factsOf(route, call, { ...deps, change });
    if (change.isFrequent === true) {
      const answer = await work();
      if (call.http.var.isRefused === true) return answer;
      // What is answered is looked at only where it says more than the request did: it can be a whole run.
      const isTold = call.workspaceId !== null && facts.object_id !== null;
      const data = isTold && facts.actor.kind !== 'nobody' ? null : dataOf(answer);
      const chains = await chainsOf(call, deps, data);
      const ended = endedWith(facts, { status: answer.status, data }, noStates);
      const entries = chains.map((chain) => append({ chain, facts: ended, pendingId: null }));
      const written = Promise.all(entries).catch(log);
      if (appender.isBehind) await written;
      return answer;
    }
    const before = await stateOf(readers.get(route) ?? null, call, deps);
    const [first = serverChain] = await chainsOf(call, deps, before);
    await beginEntry(deps.db, { id: facts.id, chain: first, facts });
    let answer: Answer | Response;
    try {
      answer = await work();
    } catch (error) {
      // What was refused has changed nothing; what failed may have.
      const isRefused =
        error instanceof ApiError && !['internal_error', 'unavailable'].includes(error.problem);
      if (isRefused && isSignIn(route) && error.problem === 'unauthenticated') {
        const refused = refusedSignIn(facts, textOf((call.body as { email?: Json })?.email));
        await append({ chain: first, facts: refused, pendingId: facts.id }).catch(log);
      } else if (isRefused) await dropEntry(deps.db, facts.id).catch(log);
      else {
        const failed = { ...facts, outcome: 'failed' as const };
        const noted = append({ chain: first, facts: failed, pendingId: facts.id }).catch(log);
        // The note is there, of which the entry is made at the latest.
        if (!isDatabaseSilent(error)) await noted;
      }
      throw error;
    }
    const { http: context } = call;
    if (context.get('isRefused') === true) {
      await dropEntry(deps.db, facts.id).catch(log);
      return answer;
    }
    const signIn = context.get('signIn') as SignIn | undefined;
    if (signIn?.userId === null) {
      await append({ chain: first, facts: refusedSignIn(facts, null), pendingId: facts.id }).catch(
        log,
      );
      return answer;
    }
    const after =
      (await stateOf(readers.get(route) ?? null, call, deps)) ?? createdBy(route, answer);
    const data = signIn ? { user_id: signIn.userId, email: signIn.email } : dataOf(answer);
    const chains = await chainsOf(call, deps, before ?? data ?? after);
    const ended = endedWith(facts, { status: answer.status, data }, changesBetween(before, after));
    const entries = chains.map((chain) => append({ chain, facts: ended, pendingId: facts.id }));
    // The change is made: an entry that cannot be written now is written from the note later.
    await Promise.all(entries).catch(log);
    return answer;
  };
}

function changeOf(route: Route, { body }: Pick<Call, 'body'>): AuditedCall | null {
  if (route.audited !== undefined) return route.audited(body);
  return { action: route.operationId, isFrequent: isFrequent(route) };
}

/** What a sign-in that a browser is redirected after came to; `userId` null: it was refused. */
export type SignIn =
  | { readonly userId: string; readonly email: string }
  | { readonly userId: null };

function isSignIn(route: Route): boolean {
  return route.resource === 'session' && route.right === 'public';
}

/** Who tried is not known, only as whom. */
function refusedSignIn(facts: AuditFacts, email: string | null): AuditFacts {
  const after = email === null ? null : maskSecrets({ email: email.slice(0, 300) });
  return { ...facts, outcome: 'refused', status: 401, after };
}

function factsOf(
  route: Route,
  call: Call,
  { isTrustedProxy, change }: Pick<ApiDeps, 'isTrustedProxy'> & { readonly change: AuditedCall },
): AuditFacts {
  const params = Object.values(call.params as Record<string, string>);
  return {
    id: newId('auditEntry'),
    actor: { kind: call.caller.kind, id: call.caller.id, name: call.caller.name },
    address: clientAddress(call.http, isTrustedProxy),
    request_id: call.requestId,
    action: change.action,
    resource: route.resource,
    object_id: change.objectId ?? params.at(-1) ?? null,
    outcome: 'unknown',
    status: null,
    before: null,
    after: null,
  };
}

const noStates = { before: null, after: null };

function endedWith(
  facts: AuditFacts,
  { status, data }: { readonly status: number; readonly data: Record<string, Json> | null },
  states: { readonly before: Json | null; readonly after: Json | null },
): AuditFacts {
  const made = facts.object_id ?? textOf(data?.id) ?? textOf(data?.user_id) ?? textOf(data?.name);
  // Who signs in is known only now.
  const who = facts.actor.kind === 'nobody' ? textOf(data?.user_id) : null;
  return {
    ...facts,
    actor:
      who === null ? facts.actor : { kind: 'person', id: who, name: textOf(data?.email) ?? '' },
    object_id: made,
    outcome: 'done',
    status,
    before: states.before === null ? null : maskSecrets(states.before),
    after: states.after === null ? null : maskSecrets(states.after),
  };
}

/** The object as its own route shows it. Null where there is none. */
async function stateOf(
  reader: Route | null,
  call: Call,
  deps: ApiDeps,
): Promise<Record<string, Json> | null> {
  if (reader === null) return null;
  try {
    const query = reader.query?.safeParse({});
    if (query?.success === false) return null;
    const answer = await reader.handle(
      { ...call, query: query?.data ?? {}, body: undefined },
      deps,
    );
    return dataOf(answer);
  } catch (error) {
    if (error instanceof ApiError) return null;
    throw error;
  }
}

/** The nearest GET above the path; null where there is none, or its answer stays out of the log. */
function readerOf(route: Route, table: readonly Route[]): Route | null {
  if (withoutStates.includes(route.resource)) return null;
  const above = table.filter(
    ({ method, path }) =>
      method === 'get' &&
      path.includes('{') &&
      path.endsWith('}') &&
      (route.path === path || route.path.startsWith(`${path}/`)),
  );
  return above.sort((one, two) => two.path.length - one.path.length)[0] ?? null;
}

/** What a create answers is the state after it. */
function createdBy(route: Route, answer: Answer | Response): Record<string, Json> | null {
  const isCreate = answer.status === 201 && !withoutStates.includes(route.resource);
  return isCreate ? dataOf(answer) : null;
}

function dataOf(answer: Answer | Response): Record<string, Json> | null {
  if (answer instanceof Response) return null;
  const data: Json = JSON.parse(stringifyJson(answer.data ?? null)) as Json;
  return typeof data === 'object' && data !== null && !Array.isArray(data)
    ? (data as Record<string, Json>)
    : null;
}

/** The workspaces whose business it is, or the server. */
async function chainsOf(
  call: Call,
  deps: Pick<ApiDeps, 'db'>,
  data: Readonly<Record<string, Json>> | null,
): Promise<readonly string[]> {
  if (call.workspaceId !== null) return [call.workspaceId];
  const ids = data?.workspace_ids;
  if (Array.isArray(ids) && ids.length > 0) return ids.map(String);
  const own = textOf(data?.workspace_id);
  if (own !== null) return [own];
  const { caller } = call;
  const path = (call.params as Record<string, string>).id;
  if (path !== undefined && /^ws[0-9a-z]{30}$/.test(path)) return [path];
  const signedIn = caller.kind === 'nobody' ? textOf(data?.user_id) : null;
  const person = signedIn === null ? null : await readPerson(deps.db, signedIn);
  if (person !== null) return [...person.roles.keys()];
  return caller.scope === 'all' || caller.scope.length === 0 ? [serverChain] : caller.scope;
}

function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
