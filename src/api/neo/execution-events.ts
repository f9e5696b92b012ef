import { findRun } from '../find.ts';
import { defineRoute } from '../route.ts';
import { runStream, streamDescription, streamQuery } from '../run-stream.ts';
import { viewExecution } from './execution-view.ts';
import { executionParams } from './executions.ts';
import { executionStepsOf } from './step-view.ts';

/** An addition of ours: the documented API has no stream. */
export const getExecutionEvents = defineRoute(
  {
    method: 'get',
    path: '/public-api/executions/{execution_id}/events',
    operationId: 'public_api.executions_events_get',
    tag: 'Executions',
    summary: 'Follow an execution',
    description: streamDescription,
    resource: 'run',
    right: 'read',
    workspace: { from: 'header', need: 'optional' },
    params: executionParams,
    query: streamQuery,
    responses: {
      200: { description: 'Events of the execution.', contentType: 'text/event-stream' },
    },
  },
  async ({ params, query, scope, signal, http, caller }, deps) => {
    const execution = await findRun(deps, scope, params.execution_id);
    return runStream(http, {
      feeds: deps.feeds,
      id: execution.id,
      lastEventId: query.last_event_id,
      enter: () => deps.streams?.enter({ caller, workspaceId: execution.workspaceId }) ?? null,
      signal,
      views: {
        steps: (entries) => {
          const rows = executionStepsOf(execution, entries);
          const before = executionStepsOf(execution, entries.slice(0, -1)).length;
          return rows.slice(Math.min(before, rows.length - 1));
        },
        end: (run) => viewExecution(deps, run),
      },
    });
  },
);
