import { z } from '@hono/zod-openapi';
import type { StartedTestRun } from '../../agent-tests/start-test-run.ts';
import {
  type TestCase,
  type TestResult,
  type TestRun,
  type TestRunCase,
  testResultStatuses,
  testRunStatuses,
} from '../../core/agent-test.ts';
import { RawJson } from '../../core/raw-json.ts';
import { wilsonInterval } from '../../core/wilson.ts';
import type { ResultCounts } from '../../store/test-results.ts';
import { iso, isoOrNull } from './times.ts';

const anything = z.record(z.string(), z.unknown());

export const testCaseShape = z.object({
  id: z.string(),
  workspace_id: z.string(),
  agent_id: z.string(),
  name: z.string(),
  description: z.string(),
  revision: z.number().int().openapi({ description: 'Counts the changes of what decides.' }),
  payload: z.unknown(),
  conversation: z
    .array(z.object({ from: z.enum(['contact', 'agent']), text: z.string() }))
    .nullable(),
  entity_id: z.string().nullable(),
  additional_instructions: z.string().nullable(),
  tools: z.object({ others: z.enum(['refuse', 'real']), results: z.array(anything) }),
  expect: anything,
  repeat: z.number().int(),
  min_pass_rate: z.number(),
  from_run_id: z.string().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
});

const rate = {
  runs: z.number().int(),
  runs_ended: z.number().int(),
  runs_passed: z.number().int(),
  pass_rate: z.number().nullable().openapi({ description: 'Of those that have ended.' }),
  pass_rate_low: z
    .number()
    .nullable()
    .openapi({ description: 'The pass rate’s interval (Wilson, 95 %).' }),
  pass_rate_high: z.number().nullable(),
  cost_usd: z.number().nullable(),
};

export const testRunShape = z.object({
  id: z.string(),
  workspace_id: z.string(),
  agent_id: z.string(),
  status: z.enum(testRunStatuses),
  passed: z.boolean().nullable(),
  reason: z.string().nullable(),
  variants: z.array(z.object({ version: z.number().int(), model: z.string().nullable(), ...rate })),
  repeat: z.number().int().nullable(),
  max_cost_usd: z.number().nullable(),
  judge_model: z.string().nullable(),
  concurrency: z.number().int(),
  ...rate,
  created_at: z.string(),
  started_at: z.string().nullable(),
  completed_at: z.string().nullable(),
});

export const testRunDetail = testRunShape.extend({
  cases: z.array(
    z.object({
      case_id: z.string(),
      name: z.string(),
      revision: z.number().int(),
      min_pass_rate: z.number(),
      passed: z
        .boolean()
        .nullable()
        .openapi({ description: 'On every variant; null until all its runs have ended.' }),
      variants: z.array(z.object(rate)).openapi({ description: 'In the order of `variants`.' }),
    }),
  ),
});

export const testResultShape = z.object({
  id: z.string(),
  case_id: z.string(),
  case_name: z.string(),
  version: z.number().int(),
  model: z.string().nullable(),
  repeat: z.number().int().openapi({ description: 'From 1.' }),
  status: z.enum(testResultStatuses),
  run_id: z.string().nullable().openapi({ description: '`id` of the run, with its whole trace.' }),
  cost_usd: z.number().nullable(),
  reason: z.string().nullable(),
  verdicts: z
    .array(
      z.object({
        kind: z.string(),
        expected: z.string(),
        passed: z.boolean(),
        detail: z.string().nullable(),
        judge_model: z.string().nullable(),
      }),
    )
    .nullable(),
  started_at: z.string().nullable(),
  completed_at: z.string().nullable(),
});

export function showTestCase({ definition, ...testCase }: TestCase) {
  const { payloadJson, ...shown } = definition;
  return {
    id: testCase.id,
    workspace_id: testCase.workspaceId,
    agent_id: testCase.agentId,
    name: testCase.name,
    description: testCase.description,
    revision: testCase.revision,
    payload: new RawJson(payloadJson),
    ...shown,
    from_run_id: testCase.fromRunId,
    created_at: iso(testCase.createdAt),
    updated_at: iso(testCase.updatedAt),
  };
}

export function showTestRun(testRun: TestRun, counts: readonly ResultCounts[]) {
  return {
    id: testRun.id,
    workspace_id: testRun.workspaceId,
    agent_id: testRun.agentId,
    status: testRun.status,
    passed: testRun.passed,
    reason: testRun.reason,
    variants: testRun.variants.map((variant, n) => ({
      ...variant,
      ...rateOf(counts.filter(({ variantN }) => variantN === n)),
    })),
    repeat: testRun.repeats,
    max_cost_usd: testRun.maxCostUsd,
    judge_model: testRun.judgeModel,
    concurrency: testRun.concurrency,
    ...rateOf(counts),
    created_at: iso(testRun.createdAt),
    started_at: isoOrNull(testRun.startedAt),
    completed_at: isoOrNull(testRun.completedAt),
  };
}

export function showTestRunDetail(
  testRun: TestRun,
  counts: readonly ResultCounts[],
  cases: readonly TestRunCase[],
) {
  return {
    ...showTestRun(testRun, counts),
    cases: cases.map(({ n, caseId, name, revision, definition }) => {
      const own = counts.filter(({ caseN }) => caseN === n);
      const least = definition.min_pass_rate;
      const hasEnded = testRun.status === 'completed';
      return {
        case_id: caseId,
        name,
        revision,
        min_pass_rate: least,
        passed: hasEnded ? own.every(({ passed, total }) => passed / total >= least) : null,
        variants: testRun.variants.map((_, variantN) =>
          rateOf(own.filter((count) => count.variantN === variantN)),
        ),
      };
    }),
  };
}

/** One that was just written down: nothing has ended. */
export function showStartedTestRun({ testRun, cases, results }: StartedTestRun) {
  const none = { passed: 0, ended: 0, costUsd: 0, unknownCosts: 0 };
  return showTestRunDetail(
    testRun,
    results.map((place) => ({ ...place, ...none, total: 1 })),
    cases,
  );
}

export function showTestResult(
  result: TestResult,
  of: { readonly testRun: TestRun; readonly cases: readonly TestRunCase[] },
) {
  const testCase = of.cases.find(({ n }) => n === result.caseN);
  const variant = of.testRun.variants[result.variantN];
  return {
    id: result.id,
    case_id: testCase?.caseId ?? '',
    case_name: testCase?.name ?? '',
    version: variant?.version ?? 0,
    model: variant?.model ?? null,
    repeat: result.repeatN + 1,
    status: result.status,
    run_id: result.runId,
    cost_usd: result.costUsd,
    reason: result.reason,
    verdicts:
      result.verdicts?.map(({ judge, ...verdict }) => ({
        ...verdict,
        judge_model: judge?.model ?? null,
      })) ?? null,
    started_at: isoOrNull(result.startedAt),
    completed_at: isoOrNull(result.completedAt),
  };
}

function rateOf(counts: readonly ResultCounts[]) {
  const sum = (pick: (count: ResultCounts) => number) =>
    counts.reduce((total, count) => total + pick(count), 0);
  const [runs, ended, passed] = [
    sum(({ total }) => total),
    sum((count) => count.ended),
    sum((count) => count.passed),
  ];
  const interval = ended === 0 ? null : wilsonInterval(passed, ended);
  return {
    runs,
    runs_ended: ended,
    runs_passed: passed,
    pass_rate: ended === 0 ? null : passed / ended,
    pass_rate_low: interval?.low ?? null,
    pass_rate_high: interval?.high ?? null,
    cost_usd:
      sum(({ unknownCosts }) => unknownCosts) > 0 ? null : sum(({ costUsd }) => costUsd ?? 0),
  };
}
