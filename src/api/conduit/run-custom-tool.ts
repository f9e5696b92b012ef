import { z } from '@hono/zod-openapi';
import { parseExactJson } from '../../core/exact-json.ts';
import { rawMember } from '../../core/json.ts';
import { RawJson } from '../../core/raw-json.ts';
import { runCustomTool } from '../../tools/direct-run.ts';
import { ok } from '../answer.ts';
import { connectionShape, showConnection } from '../connection-view.ts';
import { defineRoute } from '../route.ts';
import { customToolParams } from './custom-tools.ts';
import { anyJson, jsonObject, workspaceIdField } from './fields.ts';

const result = z.object({
  id: z.string().openapi({ description: 'Of the tool run that is kept of it.' }),
  tool_version: z.number().int(),
  success: z
    .boolean()
    .openapi({ description: 'Whether the code ran to its end and returned the expected shape.' }),
  message: z.string().nullable(),
  result: anyJson.openapi({ description: 'The whole returned object; null without success.' }),
  error: z.string().nullable(),
  logs: z
    .string()
    .nullable()
    .openapi({ description: 'stdout and stderr; null when there was none.' }),
  run_time_ms: z.number(),
  connections: z
    .array(connectionShape)
    .optional()
    .openapi({ description: 'Only of tools that may reach hosts.' }),
});

/** Seed 004. A failure of the tool's own code is an answer. */
export const runTool = defineRoute(
  {
    method: 'post',
    path: '/v1/custom-tools/{id}/run',
    operationId: 'runCustomTool',
    tag: 'custom_tools',
    summary: 'Run custom tool',
    description: 'Runs the code in the sandbox as an agent’s call would, and waits for its result.',
    resource: 'custom_tool',
    right: 'write',
    waitsForOthers: true,
    workspace: { from: 'body', need: 'optional' },
    params: customToolParams,
    body: z.object({
      workspace_id: workspaceIdField.optional(),
      parameters: jsonObject
        .optional()
        .openapi({ description: 'Arguments for `main`, by parameter name.' }),
    }),
    bodyExample: { parameters: { order_id: 'ord_12345' } },
    errors: { 503: 'No sandbox is usable on this server' },
    responses: { 200: { description: 'Custom tool run result', data: result } },
  },
  async ({ params, bodyText, scope, signal, caller }, deps) => {
    const given = rawMember(bodyText, 'parameters');
    const parameters = given === null ? undefined : parseExactJson(given);
    const call = { parameters, signal, tokenId: caller.id };
    const run = await runCustomTool(deps, scope, params.id, call);
    return ok({
      id: run.id,
      tool_version: run.toolVersion,
      success: run.success,
      message: run.message,
      result: run.resultJson === null ? null : new RawJson(run.resultJson),
      error: run.error,
      logs: run.logs,
      run_time_ms: run.runTimeMs,
      ...(run.connections && { connections: run.connections.map(showConnection) }),
    });
  },
);
