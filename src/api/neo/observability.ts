import { z } from '@hono/zod-openapi';
import { type EventFunnel, readEventFunnel } from '../../store/run-figures.ts';
import { ok } from '../answer.ts';
import { findAgentId } from '../find.ts';
import { defineRoute, type Route } from '../route.ts';
import { agentFilter, moment } from './fields.ts';
import {
  dayMs,
  inSeconds,
  performanceShape,
  requireWindow,
  seconds,
  showWindow,
  viewPerformance,
  windowShape,
} from './figures-view.ts';

const common = {
  method: 'get',
  resource: 'usage',
  right: 'read',
  workspace: { from: 'header', need: 'one' },
} as const;

const sinceUntil = {
  since: moment('24 hours before `until`, if not given.').optional(),
  until: moment('Now, if not given.').optional(),
};

function windowOf(query: { readonly since?: Date | undefined; readonly until?: Date | undefined }) {
  const to = query.until ?? new Date();
  return { from: query.since ?? new Date(to.getTime() - dayMs), to };
}

const workflowPerformance = defineRoute(
  {
    ...common,
    tag: 'Observability',
    path: '/public-api/observability/workflow-performance',
    operationId: 'public_api.observability_workflow_performance_get',
    summary: 'How long agents’ executions took, and what they called',
    description:
      'Of the executions that were created in the window, which is at most 366 days long, exact at any moment. Percentiles are of those that have succeeded or failed.',
    query: z.object({ ...sinceUntil, agent_id: agentFilter }),
    responses: { 200: { description: 'Success.', data: performanceShape } },
  },
  async ({ query, scope, workspaceId }, deps) => {
    const window = windowOf(query);
    requireWindow(window, { names: ['since', 'until'], longestDays: 366 });
    const agentId =
      query.agent_id === undefined ? null : await findAgentId(deps, scope, query.agent_id);
    return ok(await viewPerformance(deps, { workspaceId, agentId, ...window }));
  },
);

const workflowsOfWindow = defineRoute(
  {
    ...common,
    tag: 'Performance',
    path: '/public-api/performance/workflows',
    operationId: 'public_api.performance_workflows_get',
    summary: 'The same by agent for given days',
    description:
      'Of the executions that were created at or after `from` and before `to`, 366 days at most.',
    query: z.object({
      from: moment('Included.'),
      to: moment('Not included.'),
      autonomy_type: z.enum(['AGENTIC', 'CHAINED_ACTIONS']).optional(),
    }),
    queryExample: { from: '2026-04-01', to: '2026-05-01' },
    responses: { 200: { description: 'Success.', data: performanceShape } },
  },
  async ({ query, scope, workspaceId }, deps) => {
    const { from, to, autonomy_type: autonomyType } = query;
    requireWindow({ from, to }, { names: ['from', 'to'], longestDays: 366 });
    const window = { workspaceId, agentId: null, from, to };
    const wanted = autonomyType === undefined ? undefined : { scope, autonomyType };
    return ok(await viewPerformance(deps, window, wanted));
  },
);

const count = z.number().int();
const ratio = z
  .number()
  .nullable()
  .openapi({ description: 'Of the count that it is a part of; null where that is 0.' });

const funnelShape = z
  .object({
    window: windowShape,
    receipt: z.object({ count }).openapi({ description: 'Events that came.' }),
    event_processing: z.object({
      judged: count.openapi({ description: 'Events that were held against an agent.' }),
      matched: count.openapi({ description: 'Events that at least one agent ran for.' }),
      matched_ratio: ratio,
    }),
    concurrency_cap: z.object({
      queued: count.openapi({ description: 'Executions that the events caused.' }),
      started: count,
      started_ratio: ratio,
      p95_wait_seconds: seconds.openapi({ description: 'From creation to the start.' }),
    }),
    workflow_execution: z.object({
      ended: count,
      succeeded: count,
      failures: count,
      failure_ratio: ratio,
      p95_total_duration_seconds: seconds,
      p95_actual_work_seconds: seconds,
    }),
    psa_calls: z.object({
      count: count.openapi({ description: 'Calls of tools, of whatever system.' }),
      per_execution: z.number().nullable(),
    }),
  })
  .openapi('CallbackFunnel');

const callbackFunnel = defineRoute(
  {
    ...common,
    tag: 'Observability',
    path: '/public-api/observability/callback-funnel',
    operationId: 'public_api.observability_callback_funnel_get',
    summary: 'From the events that came to what executions did for them',
    description:
      'Of the events that came in the window, which is at most 7 days long, and the executions that they caused up to now.',
    query: z.object(sinceUntil),
    responses: { 200: { description: 'Success.', data: funnelShape } },
  },
  async ({ query, workspaceId }, deps) => {
    const window = windowOf(query);
    requireWindow(window, { names: ['since', 'until'], longestDays: 7 });
    const funnel = await readEventFunnel(deps.db, { workspaceId, ...window });
    return ok({ window: showWindow(window), ...showFunnel(funnel) });
  },
);

function showFunnel(funnel: EventFunnel): Omit<z.input<typeof funnelShape>, 'window'> {
  const { events, judged, matched, runs, started, ended, completed, failed } = funnel;
  return {
    receipt: { count: events },
    event_processing: { judged, matched, matched_ratio: ratioOf(matched, events) },
    concurrency_cap: {
      ...{ queued: runs, started, started_ratio: ratioOf(started, runs) },
      p95_wait_seconds: inSeconds(funnel.p95WaitMs),
    },
    workflow_execution: {
      ...{ ended, succeeded: completed, failures: failed, failure_ratio: ratioOf(failed, ended) },
      p95_total_duration_seconds: inSeconds(funnel.p95TotalMs),
      p95_actual_work_seconds: inSeconds(funnel.p95WorkMs),
    },
    psa_calls: { count: funnel.toolCalls, per_execution: ratioOf(funnel.toolCalls, ended) },
  };
}

function ratioOf(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

export const observabilityRoutes: readonly Route[] = [
  workflowPerformance,
  workflowsOfWindow,
  callbackFunnel,
];
