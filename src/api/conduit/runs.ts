import { z } from '@hono/zod-openapi';
import { dispositions } from '../../core/disposition.ts';
import { stepsOf } from '../../runs/steps.ts';
import { readJournal } from '../../store/journal.ts';
import { listRuns } from '../../store/runs.ts';
import { listed, ok } from '../answer.ts';
import { findAgent, findAgentId, findRun, findRunOfAgent } from '../find.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { listQuery, moment, ofObject } from './fields.ts';
import { agentParams, runParams } from './run-params.ts';
import {
  runDetail,
  runSummary,
  shownStatuses,
  showRunSummary,
  showStep,
  statusesShownAs,
  stepShape,
} from './run-view.ts';
import { viewRun } from './view-run.ts';

const tag = 'agents';
const resource = 'run';
const status = z.enum(shownStatuses).optional();

export const listAgentRuns = defineRoute(
  {
    method: 'get',
    path: '/v1/agents/{id}/runs',
    operationId: 'listAgentRuns',
    tag,
    summary: 'List runs of an agent, newest first',
    resource,
    right: 'read',
    workspace: ofObject,
    params: agentParams,
    query: z.object({ status, ...listQuery }),
    responses: { 200: { description: 'Runs', data: runSummary, kind: 'page' } },
  },
  async ({ params, query, scope }, deps) => {
    const agent = await findAgent(deps, scope, params.id);
    const filters = { agentId: agent.id, status: query.status };
    const paging = pagingOf(deps, { name: 'agent-runs', filters, ...query });
    const statuses = query.status && { statuses: statusesShownAs[query.status] };
    const page = await listRuns(deps.db, { scope, agentId: agent.id, ...statuses }, paging.request);
    return listed(page, paging, showRunSummary);
  },
);

export const getAgentRun = defineRoute(
  {
    method: 'get',
    path: '/v1/agents/{id}/runs/{run_id}',
    operationId: 'getAgentRun',
    tag,
    summary: 'Get a run with its trace',
    description: 'What the run decided, what it cost, and its tool calls in order.',
    resource,
    right: 'read',
    workspace: ofObject,
    params: runParams,
    responses: { 200: { description: 'Agent run', data: runDetail } },
  },
  async ({ params, scope }, deps) => {
    const run = await findRunOfAgent(deps, scope, params);
    return ok(await viewRun(deps, run));
  },
);

export const getRun = defineRoute(
  {
    method: 'get',
    path: '/v1/runs/{run_id}',
    operationId: 'getRun',
    tag,
    summary: 'Get a run with its trace, by its id alone',
    resource,
    right: 'read',
    workspace: ofObject,
    params: runParams.pick({ run_id: true }),
    responses: { 200: { description: 'Run', data: runDetail } },
  },
  async ({ params, scope }, deps) => {
    const run = await findRun(deps, scope, params.run_id);
    return ok(await viewRun(deps, run));
  },
);

export const listRunSteps = defineRoute(
  {
    method: 'get',
    path: '/v1/agents/{id}/runs/{run_id}/steps',
    operationId: 'listAgentRunSteps',
    tag,
    summary: 'All steps of a run, in order',
    resource,
    right: 'read',
    workspace: ofObject,
    params: runParams,
    responses: { 200: { description: 'Steps', data: z.array(stepShape) } },
  },
  async ({ params, scope }, deps) => {
    const run = await findRunOfAgent(deps, scope, params);
    return ok(stepsOf(run.id, await readJournal(deps.db, run.id)).map(showStep));
  },
);

const runFilters = z.object({
  agent_id: z.string().optional(),
  status,
  disposition: z.enum(dispositions).optional(),
  trigger_id: z.string().optional(),
  conversation_id: z.string().optional(),
  from: moment.optional().openapi({ description: 'Created at or after.' }),
  to: moment.optional().openapi({ description: 'Created before.' }),
  min_cost: z
    .string()
    .refine((text) => /^\d{1,9}(\.\d{1,12})?$/.test(text), 'must be a number of USD such as 0.25')
    .transform(Number)
    .optional()
    .openapi({ type: 'number', minimum: 0, description: 'USD.' }),
  q: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .openapi({ description: 'Text in response, error or reason.' }),
  test_run_id: z
    .string()
    .optional()
    .openapi({ description: 'Runs of this test run; without it runs of tests are left out.' }),
  ...listQuery,
});

export const listWorkspaceRuns = defineRoute(
  {
    method: 'get',
    path: '/v1/runs',
    operationId: 'listRuns',
    tag,
    summary: 'List runs of a workspace, newest first',
    resource,
    right: 'read',
    workspace: { from: 'query', need: 'one' },
    query: runFilters,
    responses: { 200: { description: 'Runs', data: runSummary, kind: 'page' } },
  },
  async ({ query, scope, workspaceId }, deps) => {
    const { limit, cursor, ...filters } = query;
    const list = { name: 'runs', filters: { ...filters, workspaceId }, limit, cursor };
    const paging = pagingOf(deps, list);
    const agentId =
      query.agent_id === undefined ? null : await findAgentId(deps, scope, query.agent_id);
    const filter = {
      scope,
      ...(agentId !== null && { agentId }),
      ...(query.status && { statuses: statusesShownAs[query.status] }),
      ...(query.disposition && { disposition: query.disposition }),
      ...(query.trigger_id !== undefined && { triggerId: query.trigger_id }),
      ...(query.conversation_id !== undefined && { conversationId: query.conversation_id }),
      ...(query.from && { from: query.from }),
      ...(query.to && { to: query.to }),
      ...(query.min_cost !== undefined && { minCostUsd: query.min_cost }),
      ...(query.q && { text: query.q }),
      ...(query.test_run_id !== undefined && { testRunId: query.test_run_id }),
    };
    return listed(await listRuns(deps.db, filter, paging.request), paging, showRunSummary);
  },
);
