import type {
  TestDefinition,
  TestResult,
  TestResultStatus,
  TestVerdict,
} from '../core/agent-test.ts';
import type { RunBudget, RunStatus } from '../core/run.ts';
import { fromStorableOrNull, storableOrNull } from '../core/storable-text.ts';
import type { Database, Queryable } from './connect.ts';
import { fromJsonColumn, toJsonColumn } from './json-column.ts';
import type { NewFiring, NewRun } from './new-firing.ts';
import { insertFirings } from './run-creator.ts';
import { holdTestRun, startTestRun } from './test-runs.ts';

interface ResultRow {
  readonly id: string;
  readonly test_run_id: string;
  readonly case_n: number;
  readonly variant_n: number;
  readonly repeat_n: number;
  readonly status: TestResultStatus;
  readonly run_id: string | null;
  readonly verdicts: string | null;
  readonly cost_usd: number | null;
  readonly reason: string | null;
  readonly started_at: Date | null;
  readonly completed_at: Date | null;
}

const columns = `t.id, t.test_run_id, t.case_n, t.variant_n, t.repeat_n, t.status, t.run_id, t.verdicts, t.cost_usd,
  t.reason, t.started_at, t.completed_at`;

/** A result with how far its run is. */
export interface OpenResult extends TestResult {
  readonly runStatus: RunStatus | null;
  /** What the run was given to spend, USD. */
  readonly budgetUsd: number | null;
}

/** All results of a test run, by case, variant and repeat; without what was written on each expectation. */
export async function readTestResults(
  db: Queryable,
  testRunId: string,
): Promise<readonly OpenResult[]> {
  const rows = await db.query<ResultRow & { run_status: RunStatus | null; budget: string | null }>({
    name: 'test-results',
    text: `SELECT ${columns.replace('t.verdicts', 'NULL AS verdicts')}, r.status AS run_status, r.budget
      FROM test_results t LEFT JOIN runs r ON r.id = t.run_id
      WHERE t.test_run_id = $1 ORDER BY t.case_n, t.variant_n, t.repeat_n`,
    values: [testRunId],
  });
  return rows.map((row) => ({
    ...toResult(row),
    runStatus: row.run_status,
    budgetUsd: row.budget === null ? null : (JSON.parse(row.budget) as RunBudget).maxCostUsd,
  }));
}

/** A page of results, by their place (`after`: the last one's), with their verdicts. */
export async function listTestResults(
  db: Queryable,
  of: { readonly testRunId: string; readonly after: number; readonly limit: number },
): Promise<readonly TestResult[]> {
  const rows = await db.query<ResultRow>({
    text: `SELECT ${columns} FROM test_results t WHERE t.test_run_id = $1
      ORDER BY t.case_n, t.variant_n, t.repeat_n OFFSET $2 LIMIT $3`,
    values: [of.testRunId, of.after, of.limit],
  });
  return rows.map(toResult);
}

/** How many results of each kind every case has with every variant. */
export interface ResultCounts {
  readonly caseN: number;
  readonly variantN: number;
  readonly total: number;
  readonly passed: number;
  /** Passed, failed, or not to be judged. */
  readonly ended: number;
  readonly costUsd: number | null;
  readonly unknownCosts: number;
}

/** Counts of several test runs at once, by their ids. */
export async function countTestResults(
  db: Queryable,
  testRunIds: readonly string[],
): Promise<ReadonlyMap<string, readonly ResultCounts[]>> {
  const rows = await db.query<ResultCounts & { readonly testRunId: string }>({
    name: 'test-results-count',
    text: `SELECT test_run_id AS "testRunId", case_n AS "caseN", variant_n AS "variantN",
        count(*)::int AS total,
        count(*) FILTER (WHERE status = 'passed')::int AS passed,
        count(*) FILTER (WHERE status IN ('passed', 'failed', 'error'))::int AS ended,
        sum(cost_usd) AS "costUsd",
        count(*) FILTER (WHERE status IN ('passed', 'failed', 'error') AND run_id IS NOT NULL
          AND cost_usd IS NULL)::int AS "unknownCosts"
      FROM test_results WHERE test_run_id = ANY ($1)
      GROUP BY test_run_id, case_n, variant_n ORDER BY test_run_id, case_n, variant_n`,
    values: [testRunIds],
  });
  return Map.groupBy(rows, ({ testRunId }) => testRunId);
}

/**
 * Starts the run of a pending result: event, run and result are one commit. False when the claim is lost, a
 * cancel was asked for, or the result is not pending any more.
 */
export async function launchTestResult(
  db: Database,
  launch: {
    readonly testRunId: string;
    readonly claim: number;
    readonly resultId: string;
    readonly event: NewFiring['event'];
    /** A dry run without owner, so that no process that does not know tests calls anything for it. */
    readonly run: NewRun & { readonly owner: null; readonly dryRun: true };
    readonly budget: RunBudget;
  },
): Promise<boolean> {
  return await db.transaction(async (tx) => {
    const { testRunId: id, claim, event, run } = launch;
    const status = await holdTestRun(tx, { id, claim });
    if (status === null || status === 'cancelling') return false;
    const rows = await tx.query<{ id: string }>({
      name: 'test-result-start',
      text: `UPDATE test_results SET status = 'running', run_id = $2, started_at = clock_timestamp()
        WHERE id = $1 AND status = 'pending' RETURNING id`,
      values: [launch.resultId, run.id],
    });
    if (rows.length === 0) return false;
    await insertFirings(tx, [{ event, runs: [run], verdicts: [], idempotency: null }]);
    await tx.execute({
      name: 'test-run-mark',
      text: 'UPDATE runs SET test_run_id = $2, budget = $3 WHERE id = $1',
      values: [run.id, id, JSON.stringify(launch.budget)],
    });
    await startTestRun(tx, id);
    return true;
  });
}

/** Writes what came of a result, unless the claim is lost or it has one already. */
export async function settleTestResult(
  db: Queryable,
  of: {
    readonly testRunId: string;
    readonly claim: number;
    readonly id: string;
    readonly status: Exclude<TestResultStatus, 'pending' | 'running'>;
    readonly verdicts: readonly TestVerdict[] | null;
    readonly costUsd: number | null;
    readonly reason: string | null;
  },
): Promise<void> {
  await db.execute({
    name: 'test-result-settle',
    text: `UPDATE test_results SET status = $4, verdicts = $5, cost_usd = $6, reason = $7,
        completed_at = clock_timestamp()
      WHERE id = $1 AND status IN ('pending', 'running')
        AND EXISTS (SELECT 1 FROM test_runs WHERE id = $2 AND claim = $3 FOR SHARE)`,
    values: [
      of.id,
      of.testRunId,
      of.claim,
      of.status,
      of.verdicts === null ? null : toJsonColumn(of.verdicts),
      of.costUsd,
      storableOrNull(of.reason),
    ],
  });
}

/** Ends all pending results of a claimed test run with the same words. */
export async function settlePending(
  db: Queryable,
  of: {
    readonly testRunId: string;
    readonly claim: number;
    readonly status: 'skipped' | 'cancelled';
    readonly reason: string;
  },
): Promise<void> {
  await db.execute({
    name: 'test-results-settle-pending',
    text: `UPDATE test_results SET status = $3, reason = $4, completed_at = clock_timestamp()
      WHERE test_run_id = $1 AND status = 'pending'
        AND EXISTS (SELECT 1 FROM test_runs WHERE id = $1 AND claim = $2)`,
    values: [of.testRunId, of.claim, of.status, of.reason],
  });
}

/** The case that a run is a test of; null for a run that is none. */
export async function readTestOfRun(db: Queryable, runId: string): Promise<TestDefinition | null> {
  const [row] = await db.query<{ definition: string }>({
    name: 'test-of-run',
    text: `SELECT c.definition FROM test_results t
      JOIN test_run_cases c ON c.test_run_id = t.test_run_id AND c.n = t.case_n
      WHERE t.run_id = $1`,
    values: [runId],
  });
  return row === undefined ? null : fromJsonColumn<TestDefinition>(row.definition);
}

function toResult(row: ResultRow): TestResult {
  return {
    id: row.id,
    testRunId: row.test_run_id,
    caseN: row.case_n,
    variantN: row.variant_n,
    repeatN: row.repeat_n,
    status: row.status,
    runId: row.run_id,
    verdicts: row.verdicts === null ? null : fromJsonColumn<TestVerdict[]>(row.verdicts),
    costUsd: row.cost_usd,
    reason: fromStorableOrNull(row.reason),
    startedAt: row.started_at,
    completedAt: row.completed_at,
  };
}
