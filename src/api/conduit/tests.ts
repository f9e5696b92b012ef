import { z } from '@hono/zod-openapi';
import { caseFromRun } from '../../agent-tests/case-from-run.ts';
import {
  createTestCase,
  noCase,
  patchTestCase,
  plainCase,
  requireTestCase,
} from '../../agent-tests/test-cases.ts';
import { testCaseFields, testCaseInput } from '../../agent-tests/test-input.ts';
import type { TestCase } from '../../core/agent-test.ts';
import { rawMember } from '../../core/json.ts';
import { refusal, validate } from '../../core/validate.ts';
import { deleteTestCase, listTestCases } from '../../store/test-cases.ts';
import { created, deleted, listed, ok } from '../answer.ts';
import { findAgent, findAgentId, findRun } from '../find.ts';
import { keepAnswer } from '../idempotency.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { deletion, idParam, jsonObject, listQuery, ofObject, workspaceIdField } from './fields.ts';
import { showTestCase, testCaseShape } from './test-view.ts';

const tag = 'tests';
const resource = 'test';
const params = z.object({ id: idParam('Test case', 'tc77c0dy0mgdpzmqz6tesry8w184002s') });
/** Their shapes are in the descriptions: what is in them is checked field by field. */
const documented = {
  payload: z.unknown().optional().openapi({ description: 'What the run is given; default `{}`.' }),
  tools: jsonObject.optional().openapi({
    description:
      '`results`: `[{tool, arguments?, result? | error?, times?}]`, the first that fits a call answers it; `others`: what becomes of other calls, `refuse` (default) or `real`.',
  }),
  expect: jsonObject.optional().openapi({
    description:
      '`status`, `disposition`, `output: [{path, equals | matches | exists}]`, `tools_called: [{tool, arguments?, times?}]`, `tools_not_called`, `tools_in_order`, `max_cost_usd`, `max_tool_calls`, `text: [{equals | contains | not_contains | matches | not_matches | judge}]`.',
  }),
};

export const testRoutes = [
  defineRoute(
    {
      method: 'get',
      path: '/v1/tests',
      operationId: 'listTests',
      tag,
      summary: 'List test cases of agents, newest first',
      resource,
      right: 'read',
      workspace: { from: 'query', need: 'one' },
      query: z.object({ agent_id: z.string().optional(), ...listQuery }),
      responses: { 200: { description: 'Test cases', data: testCaseShape, kind: 'page' } },
    },
    async ({ query, scope, workspaceId }, deps) => {
      const { agent_id, limit, cursor } = query;
      const filters = { workspaceId, agent_id };
      const paging = pagingOf(deps, { name: 'tests', filters, limit, cursor });
      const agent =
        agent_id === undefined ? {} : { agentId: await findAgentId(deps, scope, agent_id) };
      return listed(
        await listTestCases(deps.db, { scope, ...agent }, paging.request),
        paging,
        showTestCase,
      );
    },
  ),
  defineRoute(
    {
      method: 'post',
      path: '/v1/tests',
      operationId: 'createTest',
      tag,
      summary: 'Create a test case',
      description:
        'For an agent, or out of a run that has ended (`from_run_id`): then payload and results of tools are that run’s, and the same disposition and calls are expected. What is given beside it takes precedence.',
      resource,
      right: 'write',
      workspace: { from: 'body', need: 'one' },
      body: testCaseInput.extend({ workspace_id: workspaceIdField.optional(), ...documented }),
      bodyRequired: true,
      bodyExample: {
        agent_id: 'ag77c0dy0mgdpzmqz6tesry8w184002s',
        name: 'A confirmed reservation is confirmed',
        payload: { reservation_id: 'res_123' },
        expect: { disposition: 'resolved', tools_called: [{ tool: 'get-reservation' }] },
      },
      idempotent: 'create',
      responses: { 201: { description: 'Test case created', data: testCaseShape } },
      errors: { 409: 'The agent has a case of this name, or the run has not ended' },
    },
    async ({ body, bodyText, scope, idempotency }, deps) => {
      const { agent_id, from_run_id, ...given } = body;
      const fields = validate(testCaseFields, given);
      const run = from_run_id === undefined ? null : await findRun(deps, scope, from_run_id);
      const agentId = agent_id ?? run?.agentId;
      if (agentId === undefined) {
        throw refusal(new Map([['agent_id', 'is required, unless "from_run_id" is given']]));
      }
      const agent = await findAgent(deps, scope, agentId);
      const from = run === null ? { definition: plainCase } : await caseFromRun(deps, run);
      const answerOf = (made: TestCase) => created(showTestCase(made));
      const payloadJson = rawMember(bodyText, 'payload');
      const made = { agent, from, fields, payloadJson, fromRunId: run?.id ?? null };
      return answerOf(await createTestCase(deps.db, made, keepAnswer(deps, idempotency, answerOf)));
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/v1/tests/{id}',
      operationId: 'getTest',
      tag,
      summary: 'Get a test case',
      resource,
      right: 'read',
      workspace: ofObject,
      params,
      responses: { 200: { description: 'Test case', data: testCaseShape } },
    },
    async ({ params: { id }, scope }, deps) =>
      ok(showTestCase(await requireTestCase(deps.db, scope, id))),
  ),
  defineRoute(
    {
      method: 'patch',
      path: '/v1/tests/{id}',
      operationId: 'updateTest',
      tag,
      summary: 'Change a test case',
      description: 'Only what is given changes; `tools`, `expect` and `conversation` replace.',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      body: testCaseFields.extend(documented),
      bodyRequired: true,
      bodyExample: { repeat: 3 },
      errors: { 409: 'The agent has another case of this name' },
      responses: { 200: { description: 'Test case', data: testCaseShape } },
    },
    async ({ params: { id }, body, bodyText, scope }, deps) => {
      const fields = validate(testCaseFields, body);
      const payloadJson = rawMember(bodyText, 'payload');
      return ok(showTestCase(await patchTestCase(deps.db, scope, { id, fields, payloadJson })));
    },
  ),
  defineRoute(
    {
      method: 'delete',
      path: '/v1/tests/{id}',
      operationId: 'deleteTest',
      tag,
      summary: 'Delete a test case',
      description: 'What came of it in test runs stays.',
      resource,
      right: 'write',
      workspace: ofObject,
      params,
      responses: { 200: { description: 'Deleted', data: deletion } },
    },
    async ({ params: { id }, scope }, deps) => {
      if (!(await deleteTestCase(deps.db, scope, id))) throw noCase(id);
      return deleted(id);
    },
  ),
];
