import { z } from '@hono/zod-openapi';
import { ApiError } from '../../core/errors.ts';
import { type Member, normalizedEmail, roles } from '../../core/member.ts';
import { type Invited, invite, renewInvitation } from '../../members/invite.ts';
import { changeRole, getMember, listMembers, removeMember } from '../../store/members.ts';
import { created, deleted, listed, ok } from '../answer.ts';
import { findWorkspace } from '../find.ts';
import { keepAnswer } from '../idempotency.ts';
import { pagingOf } from '../paging.ts';
import { levelOf } from '../roles.ts';
import { defineRoute, resources } from '../route.ts';
import { deletion, idParam, listQuery } from './fields.ts';
import { iso } from './times.ts';

const tag = 'workspaces';
const common = { tag, resource: 'member', workspace: 'none' } as const;
const params = z.object({ id: idParam('Workspace', 'ws77c0dy0mgdpzmqz6tesry8w184002s') });
const memberParams = params.extend({
  user_id: idParam('User', 'us77c0dy0mgdpzmqz6tesry8w184002s'),
});

const memberShape = z.object({
  id: z.string(),
  email: z.string(),
  first_name: z.string().nullable(),
  last_name: z.string().nullable(),
  role: z.enum(roles),
  picture_url: z.string().nullable(),
  sign_in: z.array(z.enum(['password', 'oidc'])).openapi({
    description: 'How they can sign in; empty until an invitation is accepted.',
  }),
  created_at: z.string(),
});

const invitation = z.string().nullable().openapi({
  description:
    'With this secret they set a password, once, within seven days, at `/invitation#<secret>` of the dashboard. Null for whom no password is needed.',
});

const name = z.string().trim().min(1).max(200).nullable().optional();
const role = z.enum(roles).openapi({ description: 'See `GET /v1/workspaces/{id}/roles`.' });

const newMember = z.object({
  email: z
    .string()
    .max(300)
    .transform((text, context) => {
      const email = normalizedEmail(text);
      if (email === null) context.addIssue('must be an address such as name@example.com');
      return email ?? '';
    })
    .openapi({ type: 'string', format: 'email' }),
  role,
  first_name: name,
  last_name: name,
  oidc_subject: z.string().min(1).max(255).nullable().optional().openapi({
    description:
      'Their `sub` at the server’s OpenID Connect issuer, where that does not vouch for addresses.',
  }),
});

function show(member: Member): z.input<typeof memberShape> {
  return {
    id: member.id,
    email: member.email,
    first_name: member.firstName,
    last_name: member.lastName,
    role: member.role,
    picture_url: member.pictureUrl,
    sign_in: [
      ...(member.hasPassword ? (['password'] as const) : []),
      ...(member.hasIdentity ? (['oidc'] as const) : []),
    ],
    created_at: iso(member.createdAt),
  };
}

function orMissing<T>(found: T | null, id: string): T {
  if (found === null) throw new ApiError('not_found', `There is no member ${id}.`);
  return found;
}

const sayings = { read: 'View', write: 'Edit', owner: 'Manage' } as const;
const roleTexts = {
  owner: 'Owner',
  editor: 'Editor',
  operator: 'Operator',
  viewer: 'Viewer',
} as const;

export const memberRoutes = [
  defineRoute(
    {
      ...common,
      method: 'get',
      path: '/v1/workspaces/{id}/users',
      operationId: 'listWorkspaceUsers',
      summary: 'List members of a workspace',
      right: 'read',
      params,
      query: z.object(listQuery),
      responses: { 200: { description: 'Members', data: memberShape, kind: 'page' } },
    },
    async ({ params: { id }, query, scope }, deps) => {
      await findWorkspace(deps, scope, id);
      const paging = pagingOf(deps, { name: 'members', filters: { id }, ...query });
      return listed(await listMembers(deps.db, scope, id, paging.request), paging, show);
    },
  ),
  defineRoute(
    {
      ...common,
      method: 'post',
      path: '/v1/workspaces/{id}/users',
      operationId: 'addWorkspaceUser',
      summary: 'Add a member',
      description:
        'Somebody new gets an account, and a secret to set their password with, which is in `data.invitation` this once.',
      right: 'owner',
      params,
      body: newMember,
      bodyRequired: true,
      bodyExample: { email: 'ada@example.com', role: 'editor', first_name: 'Ada' },
      idempotent: 'create',
      secretAnswer: true,
      errors: { 409: 'A member already, or an account that only the admin may add' },
      responses: {
        201: { description: 'Member added', data: memberShape.extend({ invitation }) },
      },
    },
    async ({ params: { id }, body, scope, idempotency }, deps) => {
      const answerOf = ({ member, invitation }: Invited) =>
        created({ ...show(member), invitation });
      const given = {
        email: body.email,
        role: body.role,
        firstName: body.first_name ?? null,
        lastName: body.last_name ?? null,
        oidcSubject: body.oidc_subject ?? null,
        inTransaction: keepAnswer(deps, idempotency, answerOf),
      };
      const added = await invite(deps, { scope, workspaceId: id }, given);
      if (added === null) throw new ApiError('not_found', `There is no workspace ${id}.`);
      return answerOf(added);
    },
  ),
  defineRoute(
    {
      ...common,
      method: 'get',
      path: '/v1/workspaces/{id}/users/{user_id}',
      operationId: 'getWorkspaceUser',
      summary: 'Get a member',
      right: 'read',
      params: memberParams,
      responses: { 200: { description: 'Member', data: memberShape } },
    },
    async ({ params: { id, user_id: userId }, scope }, deps) =>
      ok(show(orMissing(await getMember(deps.db, { scope, workspaceId: id, userId }), userId))),
  ),
  defineRoute(
    {
      ...common,
      method: 'patch',
      path: '/v1/workspaces/{id}/users/{user_id}',
      operationId: 'updateWorkspaceUser',
      summary: 'Change the role of a member',
      description: 'Holds for their next request.',
      right: 'owner',
      params: memberParams,
      body: z.object({ role }),
      bodyRequired: true,
      bodyExample: { role: 'viewer' },
      errors: { 409: 'The last owner' },
      responses: { 200: { description: 'Role changed', data: memberShape } },
    },
    async ({ params: { id, user_id: userId }, body, scope }, deps) => {
      const member = await changeRole(deps.db, { scope, workspaceId: id, userId }, body.role);
      return ok(show(orMissing(member, userId)));
    },
  ),
  defineRoute(
    {
      ...common,
      method: 'delete',
      path: '/v1/workspaces/{id}/users/{user_id}',
      operationId: 'removeWorkspaceUser',
      summary: 'Remove a member',
      description: 'At once. An account that belongs to no workspace any more is deleted.',
      right: 'owner',
      params: memberParams,
      errors: { 409: 'The last owner' },
      responses: { 200: { description: 'Member removed', data: deletion } },
    },
    async ({ params: { id, user_id: userId }, scope }, deps) => {
      orMissing(await removeMember(deps.db, { scope, workspaceId: id, userId }), userId);
      return deleted(userId);
    },
  ),
  defineRoute(
    {
      ...common,
      method: 'post',
      path: '/v1/workspaces/{id}/users/{user_id}/invitation',
      operationId: 'inviteWorkspaceUser',
      summary: 'Invite a member again',
      description:
        'For who has lost their invitation or their password. The invitation before this one ends.',
      right: 'owner',
      params: memberParams,
      secretAnswer: true,
      errors: { 409: 'They sign in by OpenID Connect' },
      responses: {
        201: { description: 'Invited', data: memberShape.extend({ invitation }) },
      },
    },
    async ({ params: { id, user_id: userId }, scope }, deps) => {
      const path = { scope, workspaceId: id, userId };
      const { member, invitation } = orMissing(await renewInvitation(deps, path), userId);
      return created({ ...show(member), invitation });
    },
  ),
  defineRoute(
    {
      ...common,
      method: 'get',
      path: '/v1/workspaces/{id}/roles',
      operationId: 'listWorkspaceRoles',
      summary: 'List roles',
      right: 'read',
      params,
      responses: {
        200: {
          description: 'Roles, and what each may do',
          data: z.array(
            z.object({
              role_id: z.enum(roles),
              name: z.string(),
              is_default: z.boolean(),
              permissions: z.array(z.string()),
            }),
          ),
        },
      },
    },
    async ({ params: { id }, scope }, deps) => {
      await findWorkspace(deps, scope, id);
      return ok(
        roles.map((role) => ({
          role_id: role,
          name: roleTexts[role],
          is_default: role === 'viewer',
          permissions: resources.flatMap((resource) => {
            const level = levelOf(role, resource);
            return level === 'none' ? [] : [`${sayings[level]} ${resource.replaceAll('_', ' ')}`];
          }),
        })),
      );
    },
  ),
];
