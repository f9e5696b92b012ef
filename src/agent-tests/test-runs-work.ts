import type { TestRunCase } from '../core/agent-test.ts';
import { ApiError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import { ModelError } from '../core/model.ts';
import { isTerminal, totalsOf } from '../core/run.ts';
import { type CancelDeps, cancelRun } from '../runs/cancel.ts';
import { readJournal } from '../store/journal.ts';
import { getRun } from '../store/runs.ts';
import {
  type OpenResult,
  readTestResults,
  settlePending,
  settleTestResult,
} from '../store/test-results.ts';
import {
  type ClaimedTestRun,
  claimTestRuns,
  endTestRun,
  extendClaim,
  nextTestRunDueMs,
  readTestRunCases,
} from '../store/test-runs.ts';
import type { DueWork } from '../triggers/due-loop.ts';
import { askJudge, JudgeFailed } from './ask-judge.ts';
import { type LaunchDeps, launchResults } from './launch-results.ts';
import type { TestRunDeps } from './start-test-run.ts';
import { verdictsOf } from './verdicts.ts';

// Goes on with test runs: starts the runs of their results, judges those that have ended, ends what is done.
// All it knows is in the tables, so whoever claims a test run after a crash goes on where it stood; only a judge's
// answer that was not written down is asked for again. Writes match the claim: who lost it writes nothing.

export interface TestRunWorkDeps extends TestRunDeps, CancelDeps {
  readonly db: TestRunDeps['db'];
  readonly engine: CancelDeps['engine'] & LaunchDeps['engine'];
  readonly logger: Logger;
}

const leaseMs = 180_000;
const judgeWithinMs = 90_000;
/** How soon an open test run is looked at again. */
const lookEveryMs = 300;
const atOnce = 4;

/** The test runs of all workspaces as work that falls due. Any number of processes may do it at once. */
export function testRunsWork(deps: TestRunWorkDeps): DueWork {
  return {
    name: 'Going on with test runs',
    async run() {
      const dueMs = await nextTestRunDueMs(deps.db);
      if (dueMs === null) return Number.POSITIVE_INFINITY;
      if (dueMs > 0) return dueMs;
      const claimed = await claimTestRuns(deps.db, { leaseMs, limit: atOnce });
      await Promise.all(claimed.map((testRun) => goOn(deps, testRun)));
      return 0;
    },
  };
}

async function goOn(deps: TestRunWorkDeps, testRun: ClaimedTestRun): Promise<void> {
  try {
    if (testRun.status === 'cancelling') await cancelAll(deps, testRun);
    else await advanceTestRun(deps, testRun);
  } catch (error) {
    deps.logger.warn({ err: error, testRun: testRun.id }, 'A test run could not go on yet');
  }
  const { id, claim } = testRun;
  await extendClaim(deps.db, { id, claim, leaseMs: lookEveryMs });
}

async function advanceTestRun(deps: TestRunWorkDeps, testRun: ClaimedTestRun): Promise<void> {
  const cases = await readTestRunCases(deps.db, testRun.id);
  const before = await readTestResults(deps.db, testRun.id);
  const ended = before.filter(
    ({ status, runStatus }) => status === 'running' && runStatus !== null && isTerminal(runStatus),
  );
  while (ended.length > 0) {
    const batch = ended.splice(0, atOnce);
    await Promise.all(
      batch.map((result) => judge(deps, { testRun, result, of: caseOf(cases, result) })),
    );
    const { id, claim } = testRun;
    if (!(await extendClaim(deps.db, { id, claim, leaseMs }))) return;
  }
  const results = await readTestResults(deps.db, testRun.id);
  await launchResults(deps, { testRun, cases, results });
  const after = await readTestResults(deps.db, testRun.id);
  if (after.some(({ status }) => status === 'pending' || status === 'running')) return;
  await endTestRun(deps.db, {
    id: testRun.id,
    claim: testRun.claim,
    from: ['queued', 'running'],
    status: 'completed',
    passed: hasPassed(cases, after),
    reason: null,
  });
}

/** Every case passes on every variant as often as it asks for. */
function hasPassed(cases: readonly TestRunCase[], results: readonly OpenResult[]): boolean {
  const groups = Map.groupBy(results, ({ caseN, variantN }) => `${caseN} ${variantN}`);
  return [...groups.values()].every((group) => {
    const passed = group.filter(({ status }) => status === 'passed').length;
    const least = cases.find(({ n }) => n === group[0]?.caseN)?.definition.min_pass_rate ?? 1;
    return passed / group.length >= least;
  });
}

async function judge(
  deps: TestRunWorkDeps,
  given: {
    readonly testRun: ClaimedTestRun;
    readonly result: OpenResult;
    readonly of: TestRunCase;
  },
): Promise<void> {
  const { testRun, result } = given;
  const { definition } = given.of;
  const run = await getRun(deps.db, [testRun.workspaceId], result.runId ?? '');
  if (run === null) throw new Error(`The run ${result.runId} of a test is gone.`);
  const verdicts = verdictsOf(definition, run, await readJournal(deps.db, run.id));
  let costUsd = totalsOf(run).costUsd;
  let problem: string | null = null;
  for (const rule of definition.expect.text ?? []) {
    if (rule.judge === undefined) continue;
    try {
      const verdict = await askJudge(deps.models, {
        model: testRun.judgeModel ?? '',
        criterion: rule.judge,
        run,
        signal: AbortSignal.timeout(judgeWithinMs),
      });
      verdicts.push(verdict);
      const judgeCost = verdict.judge === undefined ? 0 : verdict.judge.cost_usd;
      costUsd = costUsd === null || judgeCost === null ? null : costUsd + judgeCost;
    } catch (error) {
      if (!(error instanceof ModelError || error instanceof JudgeFailed)) throw error;
      problem = `It could not be judged: ${error.message}`;
      break;
    }
  }
  const isFailed = verdicts.some(({ passed }) => !passed);
  await settleTestResult(deps.db, {
    testRunId: testRun.id,
    claim: testRun.claim,
    id: result.id,
    // What is known to be wrong needs no judge.
    status: isFailed ? 'failed' : problem === null ? 'passed' : 'error',
    verdicts,
    costUsd,
    reason: problem,
  });
}

async function cancelAll(deps: TestRunWorkDeps, testRun: ClaimedTestRun): Promise<void> {
  const { id, claim, workspaceId } = testRun;
  const reason = 'The test run was cancelled.';
  await settlePending(deps.db, { testRunId: id, claim, status: 'cancelled', reason });
  for (const result of await readTestResults(deps.db, id)) {
    if (result.status !== 'running' || result.runId === null) continue;
    const by = 'the cancel of its test run';
    try {
      await cancelRun(deps, { scope: [workspaceId], id: result.runId, by });
    } catch (error) {
      if (!(error instanceof ApiError && error.problem === 'conflict')) throw error;
    }
    const run = await getRun(deps.db, [workspaceId], result.runId);
    await settleTestResult(deps.db, {
      testRunId: id,
      claim,
      id: result.id,
      status: 'cancelled',
      verdicts: null,
      costUsd: run === null ? null : totalsOf(run).costUsd,
      reason,
    });
  }
  await endTestRun(deps.db, {
    id,
    claim,
    from: ['cancelling'],
    status: 'cancelled',
    passed: null,
    reason: null,
  });
}

function caseOf(cases: readonly TestRunCase[], result: OpenResult): TestRunCase {
  const found = cases.find(({ n }) => n === result.caseN);
  if (found === undefined) throw new Error(`Result ${result.id} has no case.`);
  return found;
}
