import { z } from '@hono/zod-openapi';
import type { Dialect } from '../dialect.ts';

// Conduit's dialect: `{data}`, lists with `next_cursor` and `has_more`, and errors that are one sentence.

const errorSchema = z
  .object({ error: z.string() })
  .openapi({ description: 'What is wrong, where, and what to do.' });

/** Documented tags whose operations are not here yet. */
const unserved = ['escalations'];

export const conduitDialect: Dialect = {
  name: 'conduit',
  prefix: '/v1',
  statusOf: {
    malformed_request: 400,
    invalid_workspace: 400,
    validation_error: 400,
    unwritable_field: 400,
    invalid_for_conversational: 400,
    unauthenticated: 401,
    forbidden: 403,
    not_found: 404,
    method_not_allowed: 405,
    conflict: 409,
    agent_update_conflict: 409,
    agent_managed_by_neo: 403,
    already_decided: 409,
    agent_disabled: 422,
    once_per_entity: 422,
    idempotency_conflict: 422,
    unprocessable: 422,
    target_entity_required: 422,
    trigger_not_dispatchable: 422,
    payload_too_large: 413,
    rate_limited: 429,
    internal_error: 500,
    unavailable: 503,
  },
  errorBody: (error) => ({ error: error.message }),
  successBody: ({ data, page }) =>
    page === undefined
      ? { data }
      : {
          data,
          next_cursor: page.nextCursor,
          has_more: page.nextCursor !== null,
          ...(page.totalCount === undefined ? {} : { total_count: page.totalCount }),
        },
  // Documented as 120 a minute; ten times that on one's own server.
  rateLimit: 1_200,
  rateHeaders: () => ({}),
  document: {
    openapi: '3.0.0',
    operationId: 'getOpenApiDocument',
    title: 'Conduit API',
    version: '1.0.0',
    description: 'Agents, their runs and their tools, in Conduit’s dialect, served by Signalbox.',
    tags: [
      { name: 'meta', description: 'What this API offers, and to whom.' },
      { name: 'agents', description: 'Agents, their triggers and versions, and their runs.' },
      { name: 'workspaces', description: 'Workspaces that the token reaches.' },
      { name: 'custom_tools', description: 'Tools in Python and JavaScript, run in a sandbox.' },
      {
        name: 'tools',
        description: 'What agents may name in `tools`, and what `http_request` reaches.',
      },
      {
        name: 'mcp_servers',
        description: 'Servers of the Model Context Protocol and their tools.',
      },
      { name: 'openapi_tools', description: 'OpenAPI documents whose operations are tools.' },
      { name: 'inbox_types', description: 'Kinds of inboxes that a message trigger can name.' },
      { name: 'tokens', description: 'Bearer tokens; for the admin token only.' },
      { name: 'tests', description: 'Tests of agents, and what came of them.' },
      { name: 'audit', description: 'Who changed what, when and from where.' },
      { name: 'backup', description: 'The whole installation as one stream.' },
      { name: 'approvals', description: 'Decisions of people that runs wait for.' },
      { name: 'schedules', description: 'Single runs for later.' },
      {
        name: 'trigger-events',
        description: 'Sending events; what has fired, and why agents did or did not run.',
      },
      { name: 'skills', description: 'Instructions that agents load when they need them.' },
      { name: 'field_decisions', description: 'What runs decided about fields of records.' },
      { name: 'records', description: 'What other systems know, by kind.' },
      { name: 'record-kinds', description: 'Kinds of records, described as data.' },
      { name: 'reservations', description: 'Stays of guests.' },
      { name: 'appointments', description: 'Appointments of contacts.' },
      { name: 'calls', description: 'Calls with contacts.' },
      { name: 'tickets', description: 'Tickets of contacts, and notes on them.' },
      { name: 'helpdesk_tickets', description: 'Tickets of a helpdesk elsewhere.' },
      { name: 'custom-attributes', description: 'What a workspace keeps of its contacts.' },
      { name: 'memories', description: 'What was noted for later runs.' },
      { name: 'templates', description: 'Agents with all they need, installed in one go.' },
      { name: 'secrets', description: 'Values for tools that name them; they never come back.' },
      { name: 'alerts', description: 'What people are told of, and how it stands.' },
      { name: 'retention', description: 'What workspaces keep, and for how long.' },
      { name: 'system', description: 'The server itself: how its database is.' },
      {
        name: 'notifications',
        description: 'What members are told when something needs a person.',
      },
      {
        name: 'models',
        description: 'Models by names of the workspace, their keys, limits, fallbacks and prices.',
      },
      { name: 'webhooks', description: 'Addresses that are told of what happens.' },
      { name: 'usage', description: 'What runs have used, and budgets of it.' },
      { name: 'kb', description: 'Knowledge: nodes, what is found in them, and what is missing.' },
      { name: 'contacts', description: 'People outside, and where they can be reached.' },
      { name: 'conversations', description: 'Threads with them, and their messages.' },
      { name: 'conversation-tags', description: 'Topics of conversations.' },
      { name: 'channels', description: 'The ways by which messages come in and go out.' },
      ...unserved.map((name) => ({ name, description: 'Not served by this version.' })),
    ],
    bearerAuth: {
      bearerFormat: 'API Token',
      description:
        'Send `Authorization: Bearer <token>`. What changes anything needs write access.',
    },
    errors: {
      400: 'Invalid request',
      401: 'Unauthorized',
      403: 'Forbidden',
      404: 'Not found',
      429: 'Rate limit exceeded',
      500: 'The server failed',
      503: 'Temporarily unavailable; repeat after `Retry-After` seconds',
    },
    errorSchema,
    envelope: (data, kind) =>
      kind === 'one'
        ? z.object({ data })
        : z.object({
            data: z.array(data),
            next_cursor: z.string().nullable(),
            has_more: z.boolean(),
            ...(kind === 'counted_page' ? { total_count: z.int() } : {}),
          }),
  },
};
