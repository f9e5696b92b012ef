import { type Role, roles } from '../core/member.ts';
import type { Right } from './caller.ts';
import type { Resource } from './route.ts';

// The one table of who may do what in a workspace. A resource that is not in it does not compile; a route
// asks for its resource and its right, and the rest of the server asks for nothing. Rights include those
// before them: `read`, `write`, `owner`.

export type Level = Exclude<Right, 'public' | 'admin'> | 'none';

const levels: readonly Level[] = ['none', 'read', 'write', 'owner'];

/** Owners hold every right on everything in their workspace; the others hold what stands here. */
const table: Readonly<Record<Resource, readonly [editor: Level, operator: Level, viewer: Level]>> =
  {
    meta: ['read', 'read', 'read'],
    session: ['write', 'write', 'write'],
    workspace: ['read', 'read', 'read'],
    tenant: ['read', 'read', 'read'],
    settings: ['read', 'read', 'read'],
    retention: ['read', 'read', 'read'],
    inbox_type: ['write', 'read', 'read'],
    member: ['read', 'read', 'read'],
    token: ['none', 'none', 'none'],
    audit: ['none', 'none', 'none'],
    agent: ['write', 'read', 'read'],
    custom_tool: ['write', 'read', 'read'],
    tool: ['write', 'read', 'read'],
    mcp_server: ['write', 'read', 'read'],
    openapi_tool: ['write', 'read', 'read'],
    webhook: ['write', 'read', 'read'],
    secret: ['write', 'none', 'none'],
    channel: ['write', 'read', 'read'],
    chat: ['write', 'write', 'read'],
    skill: ['write', 'read', 'read'],
    memory: ['write', 'write', 'read'],
    store: ['write', 'write', 'read'],
    template: ['write', 'read', 'read'],
    contact: ['write', 'write', 'read'],
    conversation: ['write', 'write', 'read'],
    conversation_tag: ['write', 'write', 'read'],
    backup: ['none', 'none', 'none'],
    model: ['write', 'read', 'read'],
    price: ['write', 'read', 'read'],
    alert: ['write', 'read', 'read'],
    // Their own; owners see to everybody's.
    notification: ['write', 'write', 'write'],
    knowledge: ['write', 'read', 'read'],
    test: ['write', 'read', 'read'],
    usage: ['read', 'read', 'read'],
    budget: ['read', 'read', 'read'],
    approval: ['write', 'write', 'read'],
    escalation: ['write', 'write', 'read'],
    run: ['write', 'write', 'read'],
    trigger_event: ['write', 'write', 'read'],
    schedule: ['write', 'write', 'read'],
    hook: ['none', 'none', 'none'],
    schema: ['read', 'read', 'read'],
    record: ['write', 'write', 'read'],
    record_kind: ['write', 'read', 'read'],
  };

/** What a role may do with a resource at most. */
export function levelOf(role: Role, resource: Resource): Level {
  if (role === 'owner') return 'owner';
  return table[resource][roles.indexOf(role) - 1] ?? 'none';
}

/** Whether the role holds the right; `admin` is held by no role. */
export function roleHolds(role: Role, resource: Resource, right: Right): boolean {
  if (right === 'public') return true;
  if (right === 'admin') return false;
  return levels.indexOf(levelOf(role, resource)) >= levels.indexOf(right);
}
