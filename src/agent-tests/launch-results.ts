import type { AgentVersion } from '../core/agent.ts';
import type { TestRunCase } from '../core/agent-test.ts';
import { newId, newRunExecutionId } from '../core/ids.ts';
import { traceFrom } from '../core/trace-context.ts';
import { defaultLimits } from '../runs/limits.ts';
import { type PlanDeps, sessionIdOf } from '../runs/plan-run.ts';
import { getAgentVersion } from '../store/agent-versions.ts';
import {
  launchTestResult,
  type OpenResult,
  settlePending,
  settleTestResult,
} from '../store/test-results.ts';
import type { ClaimedTestRun } from '../store/test-runs.ts';
import type { TestRunDeps } from './start-test-run.ts';

interface Launching {
  readonly testRun: ClaimedTestRun;
  readonly cases: readonly TestRunCase[];
  readonly results: readonly OpenResult[];
}

export interface LaunchDeps extends TestRunDeps {
  readonly engine: Pick<PlanDeps['engine'], 'name'>;
}

/**
 * Starts as many of the pending runs as may go at once. Each gets an equal part of the money that is left and
 * not given to others, so all together stay within the cap but for one model call each.
 */
export async function launchResults(deps: LaunchDeps, given: Launching): Promise<void> {
  const { testRun, results } = given;
  const pending = results.filter(({ status }) => status === 'pending');
  const running = results.filter(({ status }) => status === 'running');
  const room = Math.min(testRun.concurrency - running.length, pending.length);
  if (room <= 0) return;
  const left = leftUsd(testRun, results);
  if (left !== null && left <= 0) {
    // What runs may give some of its part back.
    if (running.length > 0) return;
    const { id: testRunId, claim } = testRun;
    const reason = `The test run's ${testRun.maxCostUsd} USD are spent.`;
    return await settlePending(deps.db, { testRunId, claim, status: 'skipped', reason });
  }
  const shares = Math.min(testRun.concurrency, pending.length + running.length) - running.length;
  const maxCostUsd = left === null ? null : left / Math.max(1, shares);
  for (const result of pending.slice(0, room)) await launch(deps, { ...given, result, maxCostUsd });
}

/** What is neither spent nor promised to a run that goes on; null without a cap. */
function leftUsd(testRun: ClaimedTestRun, results: readonly OpenResult[]): number | null {
  if (testRun.maxCostUsd === null) return null;
  const taken = results.map(({ status, costUsd, budgetUsd }) =>
    status === 'running' ? (budgetUsd ?? 0) : (costUsd ?? 0),
  );
  return taken.reduce((left, cost) => left - cost, testRun.maxCostUsd);
}

async function launch(
  deps: LaunchDeps,
  given: Launching & { readonly result: OpenResult; readonly maxCostUsd: number | null },
): Promise<void> {
  const { testRun, result } = given;
  const { workspaceId, agentId } = testRun;
  const variant = testRun.variants[result.variantN];
  const test = given.cases.find(({ n }) => n === result.caseN)?.definition;
  if (variant === undefined || test === undefined) {
    throw new Error(`Result ${result.id} names what its test run does not have.`);
  }
  const key = { agentId, version: variant.version };
  const version = await getAgentVersion(deps.db, [workspaceId], key);
  const model = variant.model ?? version?.definition.model ?? deps.defaultModel;
  const problem = whyNot(deps, { version, model });
  if (problem !== null || model === null || version === null) {
    return await settleTestResult(deps.db, {
      testRunId: testRun.id,
      claim: testRun.claim,
      id: result.id,
      status: 'error',
      verdicts: null,
      costUsd: null,
      reason: problem,
    });
  }
  const payloadJson =
    test.conversation === null
      ? test.payloadJson
      : withMessages(test.payloadJson, test.conversation);
  const timeoutMs = version.definition.limits?.timeout_ms ?? defaultLimits.timeoutMs;
  await launchTestResult(deps.db, {
    testRunId: testRun.id,
    claim: testRun.claim,
    resultId: result.id,
    event: {
      id: newId('triggerEvent'),
      workspaceId,
      source: 'test',
      triggerId: null,
      entityId: test.entity_id,
      payloadJson,
    },
    run: {
      id: newId('run'),
      runId: newRunExecutionId(),
      agentId,
      agentVersion: variant.version,
      triggerId: null,
      triggerType: null,
      sessionId: sessionIdOf(payloadJson),
      entityId: test.entity_id,
      additionalInstructions: test.additional_instructions,
      retryOf: null,
      model,
      traceId: traceFrom(null),
      owner: null,
      engine: deps.engine.name ?? 'local',
      dryRun: true,
    },
    budget: {
      maxTokens: version.definition.limits?.max_tokens ?? defaultLimits.maxTokens,
      maxCostUsd: given.maxCostUsd,
      until: new Date(Date.now() + timeoutMs).toISOString(),
    },
  });
}

function whyNot(
  deps: TestRunDeps,
  of: { readonly version: AgentVersion | null; readonly model: string | null },
): string | null {
  if (of.version === null) return 'This version of the agent does not exist.';
  if (of.model === null) return 'No model is named, and the server has no default.';
  return deps.models.whyUnusable(of.model);
}

/** The messages beside what the payload has. */
function withMessages(payloadJson: string, messages: readonly unknown[]): string {
  const given = `"messages":${JSON.stringify(messages)}`;
  const members = /^\s*\{([\s\S]*)\}\s*$/.exec(payloadJson)?.[1]?.trim() ?? '';
  return members === '' ? `{${given}}` : `{${members},${given}}`;
}
