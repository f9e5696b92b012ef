import { z } from '@hono/zod-openapi';
import {
  cancelTestRun,
  type StartedTestRun,
  startTestRun,
} from '../../agent-tests/start-test-run.ts';
import { testRunInput } from '../../agent-tests/test-input.ts';
import { type TestRun, testRunStatuses } from '../../core/agent-test.ts';
import { ApiError } from '../../core/errors.ts';
import type { WorkspaceScope } from '../../core/workspace-scope.ts';
import { countTestResults, listTestResults } from '../../store/test-results.ts';
import { getTestRun, listTestRuns, readTestRunCases } from '../../store/test-runs.ts';
import { created, listed, ok } from '../answer.ts';
import type { ApiDeps } from '../deps.ts';
import { findAgent, findAgentId } from '../find.ts';
import { keepAnswer } from '../idempotency.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { idParam, listQuery, ofObject, workspaceIdField } from './fields.ts';
import {
  showStartedTestRun,
  showTestResult,
  showTestRun,
  showTestRunDetail,
  testResultShape,
  testRunDetail,
  testRunShape,
} from './test-view.ts';

const tag = 'tests';
const resource = 'test';
const params = z.object({ test_run_id: idParam('Test run', 'tn77c0dy0mgdpzmqz6tesry8w184002s') });

async function requireTestRun(
  deps: Pick<ApiDeps, 'db'>,
  scope: WorkspaceScope,
  id: string,
): Promise<TestRun> {
  const found = await getTestRun(deps.db, scope, id);
  if (found === null) throw new ApiError('not_found', `There is no test run ${id}.`);
  return found;
}

async function detailOf(deps: Pick<ApiDeps, 'db'>, testRun: TestRun) {
  const [counts, cases] = await Promise.all([
    countTestResults(deps.db, [testRun.id]),
    readTestRunCases(deps.db, testRun.id),
  ]);
  return showTestRunDetail(testRun, counts.get(testRun.id) ?? [], cases);
}

export const testRunRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/tests/runs',
      operationId: 'listTestRuns',
      tag,
      summary: 'List test runs, newest first',
      resource,
      right: 'read',
      workspace: { from: 'query', need: 'one' },
      query: z.object({
        agent_id: z.string().optional(),
        status: z.enum(testRunStatuses).optional(),
        ...listQuery,
      }),
      responses: { 200: { description: 'Test runs', data: testRunShape, kind: 'page' } },
    },
    async ({ query, scope, workspaceId }, deps) => {
      const { agent_id, status, limit, cursor } = query;
      const filters = { workspaceId, agent_id, status };
      const paging = pagingOf(deps, { name: 'test-runs', filters, limit, cursor });
      const filter = {
        scope,
        ...(status !== undefined && { status }),
        ...(agent_id !== undefined && { agentId: await findAgentId(deps, scope, agent_id) }),
      };
      const page = await listTestRuns(deps.db, filter, paging.request);
      const counts = await countTestResults(
        deps.db,
        page.items.map(({ id }) => id),
      );
      return listed(page, paging, (testRun) => showTestRun(testRun, counts.get(testRun.id) ?? []));
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/tests/runs',
      operationId: 'startTestRun',
      tag,
      summary: 'Run test cases of an agent',
      description:
        'On one or several versions and models side by side, each case as often as it or `repeat` says. The runs are ordinary runs with a whole trace, but nothing is delivered, no event is told, and neither lists nor statistics of the agent count them. It goes on whatever crashes. `max_cost_usd` (default 5) caps all of it; where a price is not known, only the agent’s own limits do.',
      resource,
      right: 'write',
      workspace: { from: 'body', need: 'one' },
      body: testRunInput.extend({ workspace_id: workspaceIdField.optional() }),
      bodyRequired: true,
      bodyExample: { agent_id: 'ag77c0dy0mgdpzmqz6tesry8w184002s', repeat: 3 },
      idempotent: 'create',
      responses: { 201: { description: 'Test run started', data: testRunDetail } },
      errors: { 422: 'The agent has no cases, or they would be too many runs' },
    },
    async ({ body, scope, caller, idempotency }, deps) => {
      const agent = await findAgent(deps, scope, body.agent_id);
      const given = { scope, agent, input: body, tokenId: caller.id };
      const answerOf = (made: StartedTestRun) => created(showStartedTestRun(made));
      const keep = keepAnswer(deps, idempotency, answerOf);
      return answerOf(await startTestRun(deps, given, keep));
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/tests/runs/{test_run_id}',
      operationId: 'getTestRun',
      tag,
      summary: 'Get a test run with what came of every case',
      resource,
      right: 'read',
      workspace: ofObject,
      params,
      responses: { 200: { description: 'Test run', data: testRunDetail } },
    },
    async ({ params: { test_run_id: id }, scope }, deps) =>
      ok(await detailOf(deps, await requireTestRun(deps, scope, id))),
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/tests/runs/{test_run_id}/results',
      operationId: 'listTestResults',
      tag,
      summary: 'List the runs of a test run, with a verdict on every expectation',
      resource,
      right: 'read',
      workspace: ofObject,
      params,
      query: z.object(listQuery),
      responses: { 200: { description: 'Results', data: testResultShape, kind: 'page' } },
    },
    async ({ params: { test_run_id: id }, query, scope }, deps) => {
      const testRun = await requireTestRun(deps, scope, id);
      const paging = pagingOf(deps, { name: 'test-results', filters: { id }, ...query });
      const { limit, after: position } = paging.request;
      const after = Number(position?.id ?? 0);
      const [rows, cases] = await Promise.all([
        listTestResults(deps.db, { testRunId: id, after, limit: limit + 1 }),
        readTestRunCases(deps.db, id),
      ]);
      const next =
        rows.length > limit ? { createdAt: testRun.createdAt, id: String(after + limit) } : null;
      const page = { items: rows.slice(0, limit), next };
      return listed(page, paging, (result) => showTestResult(result, { testRun, cases }));
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/tests/runs/{test_run_id}/cancel',
      operationId: 'cancelTestRun',
      tag,
      summary: 'Cancel a test run',
      description: 'Its runs are cancelled soon after; what has ended keeps its results.',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      errors: { 409: 'It has ended' },
      responses: { 200: { description: 'Test run, being cancelled', data: testRunDetail } },
    },
    async ({ params: { test_run_id: id }, scope }, deps) => {
      await requireTestRun(deps, scope, id);
      return ok(await detailOf(deps, await cancelTestRun(deps.db, { scope, id })));
    },
  ),
];
