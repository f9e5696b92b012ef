import { z } from '@hono/zod-openapi';
import { ApiError } from '../../core/errors.ts';
import { type Problems, refuse } from '../../core/validate.ts';
import { listTriggerEvents } from '../../store/trigger-events.ts';
import { readVerdicts } from '../../store/verdicts.ts';
import { listed, ok } from '../answer.ts';
import type { ApiDeps } from '../deps.ts';
import { findAgentId, findRun, findTriggerEvent } from '../find.ts';
import { integerParam, pagingOf } from '../paging.ts';
import { defineRoute, type Route } from '../route.ts';
import { callbackDetail, callbackRow, showCallback, showCallbackDetail } from './callback-view.ts';
import { executionParams } from './executions.ts';
import { agentFilter, moment, pageQuery } from './fields.ts';

const tag = 'Callbacks';
const resource = 'trigger_event';
const longestSinceMs = 7 * 24 * 3_600_000;

const callbacksQuery = z.object({
  entity_type: z.string().max(100).optional().openapi({
    description: 'Goes with `entity_id`. Entities have no types here: it decides nothing.',
  }),
  entity_id: z.string().max(255).optional(),
  entity_number: z
    .string()
    .max(255)
    .optional()
    .openapi({ description: 'Finds nothing here: no entity has a number.' }),
  since: moment('At most 7 days ago.').optional(),
  until: moment('Before.').optional(),
  change_type: z
    .string()
    .max(2_000)
    .transform((text) => text.split(',').map((part) => part.trim()))
    .optional()
    .openapi({ type: 'string', description: 'Names of events, between commas.' }),
  agent_id: agentFilter,
  ...pageQuery,
  page_size: integerParam({ min: 1, max: 200, default: 20, description: 'Rows of a page.' }),
});

const list = defineRoute(
  {
    method: 'get',
    path: '/public-api/callbacks',
    operationId: 'public_api.callbacks_get',
    tag,
    summary: 'List callbacks, newest first',
    description:
      'Events that came, each with the agents it was held against. One of `entity_type` with `entity_id`, `entity_number`, or `since` is required.',
    resource,
    right: 'read',
    workspace: { from: 'header', need: 'one' },
    query: callbacksQuery,
    queryExample: { entity_type: 'ticket', entity_id: 'ticket-4711' },
    responses: { 200: { description: 'Success.', data: callbackRow, kind: 'page' } },
  },
  async ({ query, scope, workspaceId }, deps) => {
    requireIndexed(query);
    const { page_size: limit, cursor, ...given } = query;
    const filters = { ...given, workspaceId };
    const paging = pagingOf(deps, { name: 'neo-callbacks', filters, limit, cursor });
    const { entity_id: entityId, since, until, change_type: types } = given;
    const filter = {
      scope,
      ...(given.agent_id !== undefined && {
        agentId: await findAgentId(deps, scope, given.agent_id),
      }),
      ...(entityId !== undefined && { entityId }),
      ...(types !== undefined && { types }),
      ...(since && { from: since }),
      ...(until && { to: until }),
    };
    const page =
      given.entity_number === undefined
        ? await listTriggerEvents(deps.db, filter, paging.request)
        : { items: [], next: null };
    const verdicts = await readVerdicts(
      deps.db,
      page.items.map((event) => event.id),
    );
    return listed(page, paging, (event) => showCallback(event, verdicts.get(event.id) ?? []));
  },
);

/** Lists go by an index: a request that names none of what they go by is refused. */
function requireIndexed(query: z.output<typeof callbacksQuery>): void {
  const { entity_type: type, entity_id: id, entity_number: number, since } = query;
  const problems: Problems = new Map();
  if (type !== undefined && id === undefined) problems.set('entity_id', 'goes with entity_type');
  if (id !== undefined && type === undefined) problems.set('entity_type', 'goes with entity_id');
  if (since !== undefined && since.getTime() < Date.now() - longestSinceMs) {
    problems.set('since', 'must be at most 7 days ago');
  }
  if (id === undefined && number === undefined && since === undefined && problems.size === 0) {
    problems.set('since', 'is required, or entity_type with entity_id, or entity_number');
  }
  refuse(problems);
}

const get = defineRoute(
  {
    method: 'get',
    path: '/public-api/callbacks/{callback_id}',
    operationId: 'public_api.callbacks_detail_get',
    tag,
    summary: 'Get a callback',
    resource,
    right: 'read',
    workspace: { from: 'header', need: 'optional' },
    params: z.object({ callback_id: z.string() }),
    responses: { 200: { description: 'Success.', data: callbackDetail } },
  },
  async ({ params, scope }, deps) => {
    const event = await findTriggerEvent(deps, scope, params.callback_id);
    return ok(showCallbackDetail(event, await verdictsOn(deps, event.id)));
  },
);

const ofExecution = defineRoute(
  {
    method: 'get',
    path: '/public-api/executions/{execution_id}/callback',
    operationId: 'public_api.executions_callback_get',
    tag: 'Executions',
    summary: 'Get the callback that started an execution',
    resource,
    right: 'read',
    workspace: { from: 'header', need: 'optional' },
    params: executionParams,
    responses: { 200: { description: 'Success.', data: callbackDetail } },
  },
  async ({ params, scope }, deps) => {
    const run = await findRun(deps, scope, params.execution_id);
    if (run.triggerEventId === null) {
      throw new ApiError('not_found', 'No callback started this execution.');
    }
    const event = await findTriggerEvent(deps, scope, run.triggerEventId);
    return ok(showCallbackDetail(event, await verdictsOn(deps, event.id)));
  },
);

async function verdictsOn(deps: Pick<ApiDeps, 'db'>, eventId: string) {
  return (await readVerdicts(deps.db, [eventId])).get(eventId) ?? [];
}

export const callbackRoutes: readonly Route[] = [list, get, ofExecution];
