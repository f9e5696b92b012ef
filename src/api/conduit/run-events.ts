import { stepsOf } from '../../runs/steps.ts';
import { findRunOfAgent } from '../find.ts';
import { defineRoute } from '../route.ts';
import { runStream, streamDescription, streamQuery } from '../run-stream.ts';
import { runParams } from './run-params.ts';
import { showRunSummary, showStep } from './run-view.ts';

export const streamRunEvents = defineRoute(
  {
    method: 'get',
    path: '/v1/agents/{id}/runs/{run_id}/events',
    operationId: 'streamAgentRunEvents',
    tag: 'agents',
    summary: 'Follow a run',
    description: streamDescription,
    resource: 'run',
    right: 'read',
    workspace: { from: 'query', need: 'optional' },
    params: runParams,
    query: streamQuery,
    responses: { 200: { description: 'Events of the run', contentType: 'text/event-stream' } },
  },
  async ({ params, query, scope, signal, http, caller }, deps) => {
    const { id, workspaceId } = await findRunOfAgent(deps, scope, params);
    return runStream(http, {
      feeds: deps.feeds,
      id,
      lastEventId: query.last_event_id,
      enter: () => deps.streams?.enter({ caller, workspaceId }) ?? null,
      signal,
      views: {
        steps: (entries) => stepsOf(id, entries).map(showStep),
        end: async (run) => showRunSummary(run),
      },
    });
  },
);
