import { z } from '@hono/zod-openapi';
import { ApiError } from '../../core/errors.ts';
import { readJournal } from '../../store/journal.ts';
import { ok } from '../answer.ts';
import { findRun } from '../find.ts';
import { defineRoute } from '../route.ts';
import { executionParams } from './executions.ts';
import { booleanParam, commaSeparated } from './fields.ts';
import {
  type ExecutionStepRow,
  executionStep,
  executionStepsOf,
  executionStepTypes,
} from './step-view.ts';

const stepsQuery = z.object({
  type: commaSeparated(executionStepTypes).optional(),
  tool_type_name: z
    .string()
    .optional()
    .openapi({ description: 'Name of a tool, in upper or lower case.' }),
  step_id: z.string().optional().openapi({ description: 'One step.' }),
  include_data: booleanParam({ default: true, description: 'false gives a light index.' }),
});

export const getExecutionSteps = defineRoute(
  {
    method: 'get',
    path: '/public-api/executions/{execution_id}/steps',
    operationId: 'public_api.executions_steps_get',
    tag: 'Executions',
    summary: 'List the steps of an execution',
    description: 'All of them, in the order in which they were committed; also while it runs.',
    resource: 'run',
    right: 'read',
    workspace: { from: 'header', need: 'optional' },
    params: executionParams,
    query: stepsQuery,
    responses: { 200: { description: 'Success.', data: z.array(executionStep) } },
  },
  async ({ params, query, scope }, deps) => {
    const run = await findRun(deps, scope, params.execution_id);
    const steps = executionStepsOf(run, await readJournal(deps.db, run.id));
    if (query.step_id !== undefined && !steps.some((step) => step.step_id === query.step_id)) {
      throw new ApiError('not_found', `The execution has no step ${query.step_id}.`, {
        details: { step_id: 'is not a step of this execution' },
      });
    }
    const chosen = steps.filter((step) => isChosen(step, query));
    return ok(query.include_data ? chosen : chosen.map(({ data: _, ...step }) => step));
  },
);

function isChosen(step: ExecutionStepRow, query: z.output<typeof stepsQuery>): boolean {
  const { type, tool_type_name: tool, step_id: id } = query;
  if (type !== undefined && !type.includes(step.type)) return false;
  if (tool !== undefined && step.tool_type_name?.toLowerCase() !== tool.toLowerCase()) return false;
  return id === undefined || step.step_id === id;
}
