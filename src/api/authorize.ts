import { ApiError } from '../core/errors.ts';
import type { TokenAccess } from '../core/token.ts';
import type { Caller, Right } from './caller.ts';
import { roleHolds } from './roles.ts';
import type { Resource, Route } from './route.ts';

// The one place where rights are judged: a route's resource and right against the caller's access, limits
// and roles. What it gives back reaches only the workspaces in which the right is held, so that a handler
// cannot touch the others, whatever it does. Limits to agents are judged by `agent-limit.ts`.

const accessRights: Readonly<Record<TokenAccess, readonly Right[]>> = {
  read: ['public', 'read'],
  write: ['public', 'read', 'write'],
  admin: ['public', 'read', 'write', 'owner', 'admin'],
};

/** What every limited token may read and do: ask who it is, where it may go, and sign in and out. */
export const alwaysOpen: readonly Resource[] = ['meta', 'session', 'workspace', 'tenant'];

/** The caller within the workspaces where the right is held. Throws `forbidden` when there are none. */
export function authorize(
  caller: Caller,
  route: Pick<Route, 'resource' | 'right' | 'endUsers'>,
): Caller {
  const { resource, right } = route;
  if (right === 'public') return caller;
  if (caller.kind === 'end_user') {
    if (route.endUsers === true) return caller;
    throw new ApiError('forbidden', 'This token reaches its own chat session only.');
  }
  if (caller.roles !== null) return authorizePerson(caller, caller.roles, route);
  if (!accessRights[caller.access].includes(right)) throw refusal(right);
  const { scopes } = caller.limits;
  const isOpen = right === 'read' && alwaysOpen.includes(resource);
  if (scopes === null || isOpen || holdsScope(scopes, resource, right)) return caller;
  throw new ApiError(
    'forbidden',
    `The token is limited to other things: it would need the scope ${resource}:${right}.`,
  );
}

/** Throws `not_found` for every session but an end user's own. */
export function requireOwnSession(caller: Caller, params: Readonly<Record<string, string>>): void {
  if (caller.kind !== 'end_user' || params.session_id === caller.chatSessionId) return;
  throw new ApiError('not_found', `There is no chat session ${params.session_id}.`);
}

function authorizePerson(
  caller: Caller,
  roles: NonNullable<Caller['roles']>,
  { resource, right }: Pick<Route, 'resource' | 'right'>,
): Caller {
  const scope = [...roles].flatMap(([id, role]) => (roleHolds(role, resource, right) ? [id] : []));
  if (scope.length > 0) return { ...caller, scope };
  if (right === 'admin') throw refusal(right);
  throw new ApiError(
    'forbidden',
    `Your role does not allow this: it asks for ${right} on ${resource}. An owner of the workspace can change roles.`,
  );
}

function holdsScope(scopes: readonly string[], resource: Resource, right: Right): boolean {
  if (scopes.includes(`${resource}:write`)) return right === 'read' || right === 'write';
  return right === 'read' && scopes.includes(`${resource}:read`);
}

function refusal(right: Right): ApiError {
  const texts: Partial<Record<Right, string>> = {
    admin: 'Only the admin token may do this.',
    owner: 'Only the admin token and signed-in owners of the workspace may do this.',
  };
  return new ApiError(
    'forbidden',
    texts[right] ?? 'The token can only read: use one with write access.',
  );
}
