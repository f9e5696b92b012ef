import type { TestRun, TestRunCase, TestRunStatus, TestVariant } from '../core/agent-test.ts';
import { isId } from '../core/ids.ts';
import { type Page, type PageRequest, toPage } from '../core/page.ts';
import { fromStorableOrNull, fromStorableText, toStorableText } from '../core/storable-text.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Queryable } from './connect.ts';
import { fromJsonColumn, toJsonColumn } from './json-column.ts';
import { Conditions, inScopeSql, scopeValue } from './page-sql.ts';

interface TestRunRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly agent_id: string;
  readonly status: TestRunStatus;
  readonly passed: boolean | null;
  readonly variants: string;
  readonly repeats: number | null;
  readonly max_cost_usd: number | null;
  readonly judge_model: string | null;
  readonly concurrency: number;
  readonly reason: string | null;
  readonly claim: number;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly completed_at: Date | null;
}

const columns = `id, workspace_id, agent_id, status, passed, variants, repeats, max_cost_usd, judge_model,
  concurrency, reason, claim, created_at, started_at, completed_at`;
const isOpen = "status IN ('queued', 'running', 'cancelling')";

/** A test run in the hands of who goes on with it; writes match the claim. */
export interface ClaimedTestRun extends TestRun {
  readonly claim: number;
}

/** Writes a test run with its cases and one pending result for every case, variant and repeat. */
export async function insertTestRun(
  tx: Queryable,
  given: Pick<
    TestRun,
    | 'id'
    | 'workspaceId'
    | 'agentId'
    | 'variants'
    | 'repeats'
    | 'maxCostUsd'
    | 'judgeModel'
    | 'concurrency'
  > & {
    readonly createdBy: string | null;
    readonly cases: readonly TestRunCase[];
    readonly results: readonly {
      readonly id: string;
      readonly caseN: number;
      readonly variantN: number;
      readonly repeatN: number;
    }[];
  },
): Promise<TestRun> {
  const { cases, results } = given;
  const [row] = await tx.query<TestRunRow>({
    text: `INSERT INTO test_runs
        (id, workspace_id, agent_id, variants, repeats, max_cost_usd, judge_model, concurrency, created_by)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING ${columns}`,
    values: [
      given.id,
      given.workspaceId,
      given.agentId,
      toJsonColumn(given.variants),
      given.repeats,
      given.maxCostUsd,
      given.judgeModel,
      given.concurrency,
      given.createdBy,
    ],
  });
  if (row === undefined) throw new Error('The write of a test run returned no row.');
  await tx.execute({
    text: `INSERT INTO test_run_cases (test_run_id, n, case_id, name, revision, definition)
      SELECT $1, * FROM unnest($2::int[], $3::text[], $4::text[], $5::int[], $6::text[])`,
    values: [
      given.id,
      cases.map(({ n }) => n),
      cases.map(({ caseId }) => caseId),
      cases.map(({ name }) => toStorableText(name)),
      cases.map(({ revision }) => revision),
      cases.map(({ definition }) => toJsonColumn(definition)),
    ],
  });
  await tx.execute({
    text: `INSERT INTO test_results (test_run_id, id, case_n, variant_n, repeat_n)
      SELECT $1, * FROM unnest($2::text[], $3::int[], $4::int[], $5::int[])`,
    values: [
      given.id,
      results.map(({ id }) => id),
      results.map(({ caseN }) => caseN),
      results.map(({ variantN }) => variantN),
      results.map(({ repeatN }) => repeatN),
    ],
  });
  return toTestRun(row);
}

/** The test run; null when there is none in scope. */
export async function getTestRun(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<TestRun | null> {
  if (!isId(id)) return null;
  const [row] = await db.query<TestRunRow>({
    name: 'test-run',
    text: `SELECT ${columns} FROM test_runs WHERE id = $1 AND ${inScopeSql('workspace_id', '$2')}`,
    values: [id, scopeValue(scope)],
  });
  return row === undefined ? null : toTestRun(row);
}

/** A page of test runs, newest first. */
export async function listTestRuns(
  db: Queryable,
  filter: {
    readonly scope: WorkspaceScope;
    readonly agentId?: string;
    readonly status?: TestRunStatus;
  },
  page: PageRequest,
): Promise<Page<TestRun>> {
  const conditions = new Conditions().inScope(filter.scope, 'workspace_id');
  if (filter.agentId !== undefined) conditions.add(filter.agentId, (at) => `agent_id = ${at}`);
  if (filter.status !== undefined) conditions.add(filter.status, (at) => `status = ${at}`);
  const rows = await db.query<TestRunRow>({
    text: `SELECT ${columns} FROM test_runs ${conditions.pageOf(page)}`,
    values: conditions.values,
  });
  return toPage(rows.map(toTestRun), page.limit, (testRun) => testRun);
}

/** The cases of a test run, in their order. */
export async function readTestRunCases(
  db: Queryable,
  testRunId: string,
): Promise<readonly TestRunCase[]> {
  const rows = await db.query<{
    n: number;
    case_id: string;
    name: string;
    revision: number;
    definition: string;
  }>({
    name: 'test-run-cases',
    text: `SELECT n, case_id, name, revision, definition FROM test_run_cases
      WHERE test_run_id = $1 ORDER BY n`,
    values: [testRunId],
  });
  return rows.map(({ case_id: caseId, name, definition, ...rest }) => ({
    ...rest,
    caseId,
    name: fromStorableText(name),
    definition: fromJsonColumn(definition),
  }));
}

/** How long until a test run is due by the database's clock, ms; null when none is open. */
export async function nextTestRunDueMs(db: Queryable): Promise<number | null> {
  const [row] = await db.query<{ ms: number | null }>({
    name: 'test-runs-next',
    text: `SELECT extract(epoch FROM min(due_at) - clock_timestamp())::float8 * 1000 AS ms
      FROM test_runs WHERE ${isOpen}`,
  });
  return row?.ms ?? null;
}

/** Claims test runs that are due; nobody else gets these for `leaseMs`. */
export async function claimTestRuns(
  db: Queryable,
  claim: { readonly leaseMs: number; readonly limit: number },
): Promise<readonly ClaimedTestRun[]> {
  const rows = await db.query<TestRunRow>({
    name: 'test-runs-claim',
    text: `UPDATE test_runs SET claim = claim + 1,
        due_at = clock_timestamp() + make_interval(secs => $1::int / 1000.0)
      WHERE id IN (
        SELECT id FROM test_runs WHERE ${isOpen} AND due_at <= clock_timestamp()
        ORDER BY due_at, id LIMIT $2 FOR UPDATE SKIP LOCKED)
      RETURNING ${columns}`,
    values: [claim.leaseMs, claim.limit],
  });
  return rows.map((row) => ({ ...toTestRun(row), claim: Number(row.claim) }));
}

/** Keeps a claim for longer; false when it is somebody else's by now. */
export async function extendClaim(
  db: Queryable,
  of: { readonly id: string; readonly claim: number; readonly leaseMs: number },
): Promise<boolean> {
  const rows = await db.query<{ id: string }>({
    name: 'test-run-extend',
    text: `UPDATE test_runs SET due_at = clock_timestamp() + make_interval(secs => $3::int / 1000.0)
      WHERE id = $1 AND claim = $2 AND ${isOpen} RETURNING id`,
    values: [of.id, of.claim, of.leaseMs],
  });
  return rows.length > 0;
}

/** Holds a claimed test run for the rest of the transaction; its status, or null when the claim is lost. */
export async function holdTestRun(
  tx: Queryable,
  of: { readonly id: string; readonly claim: number },
): Promise<TestRunStatus | null> {
  const [row] = await tx.query<{ status: TestRunStatus }>({
    name: 'test-run-hold',
    text: `SELECT status FROM test_runs WHERE id = $1 AND claim = $2 AND ${isOpen} FOR UPDATE`,
    values: [of.id, of.claim],
  });
  return row?.status ?? null;
}

/** Notes that the first of its runs has been started. */
export async function startTestRun(tx: Queryable, id: string): Promise<void> {
  await tx.execute({
    name: 'test-run-start',
    text: `UPDATE test_runs SET status = 'running', started_at = clock_timestamp()
      WHERE id = $1 AND status = 'queued'`,
    values: [id],
  });
}

/** Ends a claimed test run. One whose cancel has been asked for meanwhile stays to be cancelled. */
export async function endTestRun(
  db: Queryable,
  of: {
    readonly id: string;
    readonly claim: number;
    readonly from: readonly TestRunStatus[];
    readonly status: 'completed' | 'cancelled';
    readonly passed: boolean | null;
    readonly reason: string | null;
  },
): Promise<void> {
  await db.execute({
    name: 'test-run-end',
    text: `UPDATE test_runs SET status = $4, passed = $5, reason = coalesce($6, reason),
        completed_at = clock_timestamp()
      WHERE id = $1 AND claim = $2 AND status = ANY ($3::text[])`,
    values: [of.id, of.claim, of.from, of.status, of.passed, of.reason],
  });
}

/** Asks for the cancel of an open test run; null when it has ended or does not exist in scope. */
export async function requestTestRunCancel(
  db: Queryable,
  of: { readonly scope: WorkspaceScope; readonly id: string; readonly reason: string },
): Promise<TestRun | null> {
  if (!isId(of.id)) return null;
  const [row] = await db.query<TestRunRow>({
    name: 'test-run-cancel',
    text: `UPDATE test_runs SET status = 'cancelling', reason = $3, due_at = least(due_at, clock_timestamp())
      WHERE id = $1 AND ${inScopeSql('workspace_id', '$2')} AND ${isOpen} RETURNING ${columns}`,
    values: [of.id, scopeValue(of.scope), toStorableText(of.reason)],
  });
  return row === undefined ? null : toTestRun(row);
}

function toTestRun(row: TestRunRow): TestRun {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    agentId: row.agent_id,
    status: row.status,
    passed: row.passed,
    variants: fromJsonColumn<TestVariant[]>(row.variants),
    repeats: row.repeats,
    maxCostUsd: row.max_cost_usd,
    judgeModel: row.judge_model,
    concurrency: row.concurrency,
    reason: fromStorableOrNull(row.reason),
    createdAt: row.created_at,
    startedAt: row.started_at,
    completedAt: row.completed_at,
  };
}
