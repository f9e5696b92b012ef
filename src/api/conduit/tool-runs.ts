import { z } from '@hono/zod-openapi';
import { ApiError } from '../../core/errors.ts';
import { stepId } from '../../core/journal.ts';
import { rawOr } from '../../core/raw-json.ts';
import { type ToolRun, type ToolRunCaller, toolRunStatuses } from '../../core/tool-run.ts';
import { getToolRun, listToolRuns } from '../../store/tool-runs.ts';
import { listed, ok } from '../answer.ts';
import { connectionShape, showConnection } from '../connection-view.ts';
import { findRun, requireToolEver } from '../find.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { customToolParams } from './custom-tools.ts';
import { anyJson, listQuery, moment, ofObject } from './fields.ts';
import { iso, isoOrNull } from './times.ts';

const tag = 'custom_tools';
const resource = 'custom_tool';

const toolRunShape = z.object({
  id: z
    .string()
    .openapi({ description: 'Of a call of an agent’s run, its stable key `run:step`.' }),
  tool_id: z.string(),
  tool_version: z.number().int(),
  caller: z.object({
    type: z.enum(['run', 'direct']),
    agent_id: z.string().optional(),
    run_id: z.string().optional(),
    step_id: z.string().optional(),
    token_id: z.string().nullable().optional(),
    token_name: z.string().nullable().optional(),
  }),
  status: z.enum(toolRunStatuses),
  input: anyJson,
  output: anyJson,
  spilled: z
    .object({ output_id: z.string(), size_bytes: z.number(), head: z.string(), tail: z.string() })
    .nullable()
    .openapi({ description: 'Ends of an output that is kept apart with its run.' }),
  error: z.string().nullable(),
  logs: z.string().nullable(),
  connections: z.array(connectionShape).nullable(),
  duration_ms: z.number().nullable(),
  started_at: z.string(),
  completed_at: z.string().nullable(),
  shortened: z.boolean().openapi({
    description: 'In a list, of a large one: what is null here is read by its id.',
  }),
});

function show(run: ToolRun) {
  const { spilled } = run;
  return {
    id: run.id,
    tool_id: run.toolId,
    tool_version: run.toolVersion,
    caller: showCaller(run.caller),
    status: run.status,
    input: rawOr(run.inputJson, null),
    output: rawOr(run.outputJson, null),
    spilled: spilled && {
      output_id: spilled.spillId,
      size_bytes: spilled.sizeBytes,
      head: spilled.head,
      tail: spilled.tail,
    },
    error: run.error,
    logs: run.logs,
    connections: run.connections?.map(showConnection) ?? null,
    duration_ms: run.durationMs,
    started_at: iso(run.startedAt),
    completed_at: isoOrNull(run.completedAt),
    shortened: run.shortened,
  };
}

function showCaller(caller: ToolRunCaller) {
  if (caller.kind === 'direct') {
    return { type: caller.kind, token_id: caller.tokenId, token_name: caller.tokenName };
  }
  const { kind: type, agentId, runId, step } = caller;
  return { type, agent_id: agentId, run_id: runId, step_id: stepId(runId, step) };
}

export const toolRunRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/custom-tools/{id}/runs',
      operationId: 'listCustomToolRuns',
      tag,
      summary: 'List runs of a custom tool, newest first',
      description:
        'Calls of agents’ runs, as their journals have them, and direct runs. Calls that were refused ' +
        'before they began are only in their run’s trace.',
      resource,
      right: 'read',
      workspace: ofObject,
      params: customToolParams,
      query: z.object({
        ...listQuery,
        caller: z.enum(['run', 'direct']).optional(),
        status: z
          .enum(['failed', 'interrupted'])
          .optional()
          .openapi({ description: 'Only those that ended so, newest end first.' }),
        run_id: z.string().optional().openapi({ description: 'Calls of one agent’s run.' }),
        from: moment.optional(),
        to: moment.optional(),
      }),
      responses: { 200: { description: 'Tool runs', data: toolRunShape, kind: 'page' } },
    },
    async ({ params, query, scope }, deps) => {
      await requireToolEver(deps, scope, params.id);
      const { limit, cursor, run_id: given, ...rest } = query;
      const runId = given === undefined ? undefined : (await findRun(deps, scope, given)).id;
      const filter = { toolId: params.id, runId, ...rest };
      const paging = pagingOf(deps, { name: 'tool-runs', filters: filter, limit, cursor });
      return listed(await listToolRuns(deps.db, filter, paging.request), paging, show);
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/custom-tools/{id}/runs/{tool_run_id}',
      operationId: 'getCustomToolRun',
      tag,
      summary: 'Get a run of a custom tool',
      resource,
      right: 'read',
      workspace: ofObject,
      params: customToolParams.extend({
        tool_run_id: z.string().openapi({
          description: 'Id of a direct run, or `run:step` of a call.',
          example: 'ar77c0dy0mgdpzmqz6tesry8w184002s:3',
        }),
      }),
      responses: { 200: { description: 'Tool run', data: toolRunShape } },
    },
    async ({ params, scope }, deps) => {
      await requireToolEver(deps, scope, params.id);
      const run = await getToolRun(deps.db, { toolId: params.id, id: params.tool_run_id });
      if (run !== null) return ok(show(run));
      throw new ApiError('not_found', `Custom tool ${params.id} has no run ${params.tool_run_id}.`);
    },
  ),
];
