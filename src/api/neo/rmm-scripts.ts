import { z } from '@hono/zod-openapi';
import { ApiError } from '../../core/errors.ts';
import { RawJson, rawOr } from '../../core/raw-json.ts';
import { type ScriptRun, type ScriptRunStatus, scriptRunStatuses } from '../../core/script-run.ts';
import { getScriptRun, listScriptRuns } from '../../store/script-runs.ts';
import { listed, ok } from '../answer.ts';
import { findFiltered } from '../find.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { agentFilter, ofObject, pageQuery, upperCased } from './fields.ts';

// Scripts that executions ran on machines. No page documents the paths.

const tag = 'RMM scripts';
const resource = 'run';
const statuses = upperCased(scriptRunStatuses);

const row = z
  .object({
    id: z.string(),
    agent_id: z.number().int(),
    agent_name: z.string(),
    execution_id: z.string().openapi({
      description: 'Its TIL requests say who approved: `…/executions/{execution_id}/til-requests`.',
    }),
    step_id: z.string(),
    script_id: z.string(),
    script_name: z.string(),
    machine_id: z.string(),
    tool_type_name: z.string().openapi({ description: 'The tool that reached the machine.' }),
    status: z.enum(statuses),
    input: z.unknown(),
    output: z.unknown().openapi({ description: 'Null where it is over 32 KiB: the step has it.' }),
    error: z.string().nullable(),
    started_at: z.string().openapi({ format: 'date-time' }),
    completed_at: z.string().nullable().openapi({ format: 'date-time' }),
  })
  .openapi('RmmScriptExecution');

function show(run: ScriptRun): z.input<typeof row> {
  return {
    id: run.id,
    agent_id: run.agent.number,
    agent_name: run.agent.name,
    execution_id: run.run.runId,
    step_id: run.run.stepId,
    script_id: run.script.id,
    script_name: run.script.name,
    machine_id: run.machineId,
    tool_type_name: run.toolName,
    status: run.status.toUpperCase() as Uppercase<ScriptRunStatus>,
    input: new RawJson(run.inputJson),
    output: rawOr(run.outputJson, null),
    error: run.error,
    started_at: run.startedAt.toISOString(),
    completed_at: run.completedAt?.toISOString() ?? null,
  };
}

export const rmmScriptRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/public-api/rmm-scripts',
      operationId: 'public_api.rmm_scripts_get',
      tag,
      summary: 'List script executions, newest first',
      description:
        'Of what was approved and begun; what waits for people is among the TIL requests. Scripts themselves are records of the kind `rmm-scripts`.',
      resource,
      right: 'read',
      workspace: { from: 'header', need: 'one' },
      query: z.object({
        status: z.enum(statuses).optional(),
        agent_id: agentFilter,
        execution_id: z.string().optional(),
        script_id: z.string().max(200).optional(),
        machine_id: z.string().max(200).optional(),
        ...pageQuery,
      }),
      responses: { 200: { description: 'Success.', data: row, kind: 'page' } },
    },
    async ({ query, scope, workspaceId }, deps) => {
      const { page_size: limit, cursor, ...given } = query;
      const filters = { ...given, workspaceId };
      const paging = pagingOf(deps, { name: 'rmm-scripts', filters, limit, cursor });
      const { agent_id, execution_id, script_id: scriptId, machine_id: machineId } = given;
      const filter = {
        ...{ scope, scriptId, machineId },
        status: given.status?.toLowerCase() as ScriptRunStatus | undefined,
        ...(await findFiltered(deps, scope, { agent: agent_id, run: execution_id })),
      };
      return listed(await listScriptRuns(deps.db, filter, paging.request), paging, show);
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/public-api/rmm-scripts/{script_execution_id}',
      operationId: 'public_api.rmm_scripts_detail_get',
      tag,
      summary: 'Get a script execution',
      resource,
      right: 'read',
      workspace: ofObject,
      params: z.object({ script_execution_id: z.string().openapi({ description: 'Id, `xr…`.' }) }),
      responses: { 200: { description: 'Success.', data: row } },
    },
    async ({ params: { script_execution_id: id }, scope }, deps) => {
      const run = await getScriptRun(deps.db, scope, id);
      if (run !== null) return ok(show(run));
      throw new ApiError('not_found', `There is no script execution ${id}.`);
    },
  ),
];
