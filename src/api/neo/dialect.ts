import { z } from '@hono/zod-openapi';
import type { Problem } from '../../core/errors.ts';
import type { Dialect } from '../dialect.ts';

// Neo's dialect: `{data, meta}`, and errors with a stable code.

const pagination = z
  .object({ next_cursor: z.string().nullable(), has_more: z.boolean() })
  .openapi('Pagination');

const successMeta = z
  .object({
    request_id: z.string().openapi({ format: 'uuid' }),
    timings_ms: z.record(z.string(), z.number()),
    pagination: pagination.optional(),
    warnings: z
      .array(z.string())
      .optional()
      .openapi({ description: 'What was accepted and yet deserves a look.' }),
  })
  .openapi('SuccessMeta');

const errorEnvelope = z
  .object({
    error: z.object({
      code: z.string().openapi({ description: 'Stable; branch on it.' }),
      message: z.string(),
      details: z.looseObject({}).optional(),
    }),
    meta: z.object({ request_id: z.string().nullable().optional().openapi({ format: 'uuid' }) }),
  })
  .openapi('ErrorEnvelope');

/** Told apart by their status alone. */
const invalidInput: ReadonlySet<Problem> = new Set(['invalid_workspace', 'unwritable_field']);

export const neoDialect: Dialect = {
  name: 'neo',
  prefix: '/public-api',
  statusOf: {
    malformed_request: 400,
    invalid_workspace: 400,
    invalid_for_conversational: 400,
    validation_error: 422,
    unwritable_field: 400,
    unauthenticated: 401,
    forbidden: 403,
    not_found: 404,
    method_not_allowed: 405,
    conflict: 409,
    agent_update_conflict: 409,
    agent_managed_by_neo: 403,
    agent_disabled: 409,
    already_decided: 409,
    once_per_entity: 409,
    idempotency_conflict: 409,
    unprocessable: 422,
    target_entity_required: 422,
    trigger_not_dispatchable: 422,
    payload_too_large: 413,
    rate_limited: 429,
    internal_error: 500,
    unavailable: 503,
  },
  errorBody: (error, { requestId }) => ({
    error: {
      code: invalidInput.has(error.problem) ? 'validation_error' : error.problem,
      message: error.message,
      ...(error.details === undefined ? {} : { details: error.details }),
    },
    meta: { request_id: requestId },
  }),
  successBody: ({ data, page, warnings = [] }, facts) => {
    const unknown = facts.unknownFields.map((name) => `Unknown field ignored: ${name}`);
    const all = [...warnings, ...unknown];
    return {
      data,
      meta: {
        request_id: facts.requestId,
        timings_ms: { total: Math.round(facts.elapsedMs * 1_000) / 1_000 },
        ...(page === undefined
          ? {}
          : { pagination: { next_cursor: page.nextCursor, has_more: page.nextCursor !== null } }),
        ...(all.length === 0 ? {} : { warnings: all }),
      },
    };
  },
  // Documented as 1,200 in 60 seconds; ten times that on one's own server.
  rateLimit: 12_000,
  rateHeaders: (state) => ({
    'X-RateLimit-Limit': String(state.limit),
    'X-RateLimit-Remaining': String(state.remaining),
    'X-RateLimit-Reset': String(state.resetAtS),
  }),
  document: {
    openapi: '3.1.0',
    operationId: 'public_api.openapi_get',
    title: 'Neo Public API',
    version: '1.0.0',
    description: 'Agents and their executions, in Neo’s dialect, served by Signalbox.',
    tags: [
      { name: 'Meta', description: 'Health and this document.' },
      {
        name: 'Agents',
        description: 'Agents: reading, writing, versions, statistics, and running them.',
      },
      { name: 'Sharing', description: 'Links by which anybody may look at an agent.' },
      { name: 'Executions', description: 'What agents did: history, steps, retry and cancel.' },
      { name: 'Feedback', description: 'What people outside say of executions, by signed links.' },
      { name: 'Scheduled work', description: 'Single future executions of agents.' },
      {
        name: 'Callbacks',
        description: 'Events that came, and why agents did or did not run.',
      },
      { name: 'Chat', description: 'Sessions in which a person and an agent write to each other.' },
      { name: 'Skills', description: 'Instructions with files that agents load when needed.' },
      { name: 'Schemas', description: 'What writers of agents must know, as JSON.' },
      { name: 'Tenant', description: 'The workspace of the credential.' },
      { name: 'End companies', description: 'Customers of the service provider.' },
      { name: 'Technicians', description: 'People of the service provider.' },
      { name: 'TIL requests', description: 'Questions of agents to people, and their decisions.' },
      { name: 'Settings', description: 'Settings of the workspace.' },
      { name: 'Observability', description: 'What becomes of events, and how long work takes.' },
      { name: 'Performance', description: 'Statistics of agents for given days.' },
      { name: 'Dispatch', description: 'Whom agents propose for tickets, and what became of it.' },
      { name: 'RMM scripts', description: 'Scripts that agents had run on machines.' },
      { name: 'Escalation', description: 'Asking people for help.' },
      { name: 'Channels', description: 'Ways by which people write to agents.' },
      { name: 'Integrations', description: 'What the workspace is connected to.' },
      { name: 'Inbox & Comms', description: 'What failed, gathered into messages.' },
      { name: 'Insights', description: 'What agents did in a period.' },
      { name: 'Phone agent', description: 'Numbers that a telephony service answers.' },
      { name: 'Billing', description: 'What a month cost, in cents of what models cost.' },
      { name: 'API keys', description: 'Keys of the workspace; for the admin token only.' },
    ],
    bearerAuth: { description: 'Send `Authorization: Bearer neo_sk_<env>_<secret>`.' },
    errors: {
      400: 'Bad request: malformed input.',
      401: 'Unauthenticated: missing or invalid credentials.',
      403: 'Forbidden: authenticated, but not allowed.',
      404: 'Not found.',
      409: 'Conflict: the state of the resource forbids it.',
      422: 'Request validation failed.',
      429: 'Rate limited; see Retry-After.',
      500: 'Internal server error.',
      503: 'Temporarily unavailable; see Retry-After.',
    },
    errorSchema: errorEnvelope,
    envelope: (data, kind) =>
      z.object({ data: kind === 'page' ? z.array(data) : data, meta: successMeta }),
  },
};
