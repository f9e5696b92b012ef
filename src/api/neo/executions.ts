import { z } from '@hono/zod-openapi';
import { listRuns } from '../../store/runs.ts';
import { listed, ok } from '../answer.ts';
import { findAgentId, findRun } from '../find.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { executionStatuses, runStatusesShownAs } from './execution-status.ts';
import { executionRow, executionViewer, viewExecution } from './execution-view.ts';
import { agentFilter, commaSeparated, pageQuery } from './fields.ts';

const tag = 'Executions';
const resource = 'run';

export const executionParams = z.object({ execution_id: z.string() });

const listQuery = z.object({
  agent_id: agentFilter,
  entity_id: z.string().max(255).optional(),
  entity_number: z
    .string()
    .optional()
    .openapi({ description: 'Finds nothing here: no execution has an entity number.' }),
  status: commaSeparated(executionStatuses).optional(),
  ...pageQuery,
});

export const getExecutions = defineRoute(
  {
    method: 'get',
    path: '/public-api/executions',
    operationId: 'public_api.executions_get',
    tag,
    summary: 'List executions, newest first',
    resource,
    right: 'read',
    workspace: { from: 'header', need: 'one' },
    query: listQuery,
    responses: { 200: { description: 'Success.', data: executionRow, kind: 'page' } },
  },
  async ({ query, scope, workspaceId }, deps) => {
    const { page_size: limit, cursor, ...given } = query;
    const filters = { ...given, workspaceId };
    const paging = pagingOf(deps, { name: 'neo-executions', filters, limit, cursor });
    const agentId =
      given.agent_id === undefined ? null : await findAgentId(deps, scope, given.agent_id);
    const shown = given.entity_number === undefined ? given.status : [];
    const filter = {
      scope,
      ...(agentId !== null && { agentId }),
      ...(given.entity_id !== undefined && { entityId: given.entity_id }),
      ...(shown !== undefined && { statuses: runStatusesShownAs(shown) }),
    };
    const page = await listRuns(deps.db, filter, paging.request);
    return listed(page, paging, await executionViewer(deps, page.items));
  },
);

export const getExecution = defineRoute(
  {
    method: 'get',
    path: '/public-api/executions/{execution_id}',
    operationId: 'public_api.executions_detail_get',
    tag,
    summary: 'Get an execution',
    resource,
    right: 'read',
    workspace: { from: 'header', need: 'optional' },
    params: executionParams,
    responses: { 200: { description: 'Success.', data: executionRow } },
  },
  async ({ params, scope }, deps) =>
    ok(await viewExecution(deps, await findRun(deps, scope, params.execution_id))),
);
