import { ZodObject, ZodType } from 'zod';
import type { Route } from '../../src/api/route.ts';
import type { RouteObjects } from './route-objects.ts';

// What the fields of a route's query and body name, by its declaration.

/** Fields that hold ids of ours, and what they name. */
const fieldKinds: Readonly<Record<string, keyof RouteObjects>> = {
  agent_id: 'agent',
  assistant_id: 'agent',
  workflow_id: 'agent',
  agent_ids: 'agent',
  allowed_agent_ids: 'agent',
  workflow_ids: 'agent',
  trigger_id: 'trigger',
  trigger_ids: 'trigger',
  run_id: 'run',
  execution_id: 'run',
  parent_run_id: 'run',
  from_run_id: 'run',
  test_run_id: 'testRun',
  tag_id: 'conversationTag',
  tag_ids: 'conversationTag',
  case_ids: 'testCase',
  parent_id: 'knowledgeNode',
  ancestor_id: 'knowledgeNode',
  schedule_id: 'schedule',
  workspace_ids: 'workspace',
  skill_ids: 'skill',
  conversation_id: 'conversation',
  chat_session_id: 'chatSession',
  requester_user_id: 'member',
  contact_id: 'contact',
  inbox_type_id: 'inboxType',
  channel_id: 'channel',
  sender_id: 'channel',
  channel_node_id: 'contactChannel',
  message_id: 'message',
  user_id: 'member',
  mention_user_ids: 'member',
};

/** Fields named like ids that name nothing of ours, with the reason. */
const namesNothing: readonly string[] = [
  // Judged before anything else, by a test of its own.
  'workspace_id',
  // What the sender calls it: kept and compared within the workspace, looked up nowhere.
  'entity_id',
  'target_entity_id',
  'session_id',
  'ticket_id',
  'entity_ids',
  'source_id',
  'external_id',
  'listing_id',
  'psa_company_id',
  'technician_id',
  'script_id',
  'machine_id',
  'marketplace_company_ids',
  'tenant_id',
  'thread_id',
  // Compared with what the workspace's own log holds.
  'actor_id',
  'object_id',
  // Where somebody says that it came from: shown, looked up nowhere.
  'source_run_id',
  // Anybody's name for somebody outside: shown, looked up nowhere.
  'assignee_id',
  'client_id',
  'end_company_id',
  'bot_id',
  'inbound_tenant_id',
  // What the sender calls it: unique to its session.
  'client_message_id',
  // An account at a provider, and a place within the object of the path.
  'access_key_id',
  'file_id',
  // Places within the run of the path.
  'step_id',
  'last_event_id',
];

/** The kinds of object that the fields of the route's query and body name. */
export function fieldKindsOf(route: Route): Readonly<Record<string, keyof RouteObjects>> {
  const fields = [...fieldsOf(route.query), ...fieldsOf(route.body)];
  return Object.fromEntries(
    fields.flatMap((field) => {
      const kind = fieldKinds[field];
      return kind === undefined ? [] : [[field, kind]];
    }),
  );
}

export interface ForeignId {
  readonly where: 'query' | 'body';
  readonly field: string;
  readonly foreignId: string;
  readonly unknownId: string;
  readonly asGiven: (id: string) => unknown;
}

/** Every field of the route's query and body that names an object, with another workspace's; within objects, too. */
export function foreignIdsFor(route: Route, foreign: RouteObjects): ForeignId[] {
  const named = (field: string, isInBody: boolean) => {
    if (!/_ids?$/.test(field) || namesNothing.includes(field)) return null;
    const kind = fieldKinds[field];
    if (kind === undefined) {
      throw new Error(`Tell this test what ${field} of ${route.path} names`);
    }
    const isList = field.endsWith('_ids') && isInBody;
    const foreignId = foreign[kind];
    // Of the same form, and of nobody.
    const unknownId = foreignId.slice(0, -10) + '0'.repeat(10);
    return { foreignId, unknownId, asGiven: (id: string): unknown => (isList ? [id] : id) };
  };
  const direct = (['query', 'body'] as const).flatMap((where) =>
    fieldsOf(route[where]).flatMap((field) => {
      const found = named(field, where === 'body');
      return found === null ? [] : [{ where, field, ...found }];
    }),
  );
  const example = (route.bodyExample ?? {}) as Readonly<Record<string, object>>;
  const nested = Object.entries(objectIn(route.body)?.shape ?? {}).flatMap(([field, inner]) =>
    fieldsOf(objectIn(inner)).flatMap((name) => {
      const found = named(name, true);
      if (found === null) return [];
      const asGiven = (id: string) => ({ ...example[field], [name]: found.asGiven(id) });
      return [{ ...found, where: 'body' as const, field, asGiven }];
    }),
  );
  return [...direct, ...nested];
}

/** The object that a schema takes, where it may also be null or absent, or has rules of its own. */
function objectIn(schema: unknown): ZodObject | undefined {
  if (schema instanceof ZodObject) return schema;
  if (!(schema instanceof ZodType)) return undefined;
  const { innerType, in: given } = schema.def as { innerType?: unknown; in?: unknown };
  return objectIn(innerType ?? given);
}

function fieldsOf(schema: ZodType | undefined): string[] {
  return schema instanceof ZodObject ? Object.keys(schema.shape) : [];
}
