import type { TestCase, TestDefinition } from '../core/agent-test.ts';
import { isId } from '../core/ids.ts';
import { type Page, type PageRequest, toPage } from '../core/page.ts';
import { fromStorableText, toStorableText } from '../core/storable-text.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Queryable } from './connect.ts';
import { fromJsonColumn, toJsonColumn } from './json-column.ts';
import { Conditions, inScopeSql, scopeValue } from './page-sql.ts';

interface CaseRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly agent_id: string;
  readonly name: string;
  readonly description: string;
  readonly revision: number;
  readonly definition: string;
  readonly from_run_id: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const columns = `id, workspace_id, agent_id, name, description, revision, definition, from_run_id,
  created_at, updated_at`;

/** What is written of a case. */
export type TestCaseSave = Pick<TestCase, 'name' | 'description' | 'definition'>;

/** The case; null when there is none in scope, or it was deleted. */
export async function getTestCase(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<TestCase | null> {
  return await readOne(db, { scope, id, lock: '' });
}

/** The same, locked until the transaction ends. */
export async function lockTestCase(
  tx: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<TestCase | null> {
  return await readOne(tx, { scope, id, lock: 'FOR UPDATE' });
}

/** A page of cases, newest first. */
export async function listTestCases(
  db: Queryable,
  filter: { readonly scope: WorkspaceScope; readonly agentId?: string },
  page: PageRequest,
): Promise<Page<TestCase>> {
  const conditions = new Conditions().inScope(filter.scope, 'workspace_id');
  if (filter.agentId !== undefined) conditions.add(filter.agentId, (at) => `agent_id = ${at}`);
  const tail = conditions.pageOf(page, ['deleted_at IS NULL']);
  const rows = await db.query<CaseRow>({
    text: `SELECT ${columns} FROM test_cases ${tail}`,
    values: conditions.values,
  });
  return toPage(rows.map(toTestCase), page.limit, (testCase) => testCase);
}

/** All cases of an agent, by name. */
export async function listCasesOfAgent(
  db: Queryable,
  agentId: string,
): Promise<readonly TestCase[]> {
  const rows = await db.query<CaseRow>({
    name: 'test-cases-of-agent',
    text: `SELECT ${columns} FROM test_cases WHERE agent_id = $1 AND deleted_at IS NULL ORDER BY name`,
    values: [agentId],
  });
  return rows.map(toTestCase);
}

/** Writes a new case; null when the agent has one of this name. */
export async function insertTestCase(
  tx: Queryable,
  given: TestCaseSave & Pick<TestCase, 'id' | 'workspaceId' | 'agentId' | 'fromRunId'>,
): Promise<TestCase | null> {
  const [row] = await tx.query<CaseRow>({
    name: 'test-case-insert',
    text: `INSERT INTO test_cases (id, workspace_id, agent_id, name, description, definition, from_run_id)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT (agent_id, name) WHERE deleted_at IS NULL DO NOTHING RETURNING ${columns}`,
    values: [
      given.id,
      given.workspaceId,
      given.agentId,
      toStorableText(given.name),
      toStorableText(given.description),
      toJsonColumn(given.definition),
      given.fromRunId,
    ],
  });
  return row === undefined ? null : toTestCase(row);
}

/** Writes a locked case as it is to be; null when another of its agent has the name. */
export async function saveTestCase(
  tx: Queryable,
  id: string,
  save: TestCaseSave & { readonly isNewRevision: boolean },
): Promise<TestCase | null> {
  const [row] = await tx.query<CaseRow>({
    name: 'test-case-save',
    text: `UPDATE test_cases c SET name = $2, description = $3, definition = $4,
        revision = revision + $5::int, updated_at = clock_timestamp()
      WHERE id = $1 AND NOT EXISTS (
        SELECT 1 FROM test_cases o
        WHERE o.agent_id = c.agent_id AND o.name = $2 AND o.id <> $1 AND o.deleted_at IS NULL)
      RETURNING ${columns}`,
    values: [
      id,
      toStorableText(save.name),
      toStorableText(save.description),
      toJsonColumn(save.definition),
      save.isNewRevision ? 1 : 0,
    ],
  });
  return row === undefined ? null : toTestCase(row);
}

/** Deletes (softly) a case; what came of it in test runs stays. False when there is none in scope. */
export async function deleteTestCase(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<boolean> {
  if (!isId(id)) return false;
  const rows = await db.query<{ id: string }>({
    name: 'test-case-delete',
    text: `UPDATE test_cases SET deleted_at = clock_timestamp()
      WHERE id = $1 AND deleted_at IS NULL AND ${inScopeSql('workspace_id', '$2')} RETURNING id`,
    values: [id, scopeValue(scope)],
  });
  return rows.length > 0;
}

async function readOne(
  db: Queryable,
  of: { readonly scope: WorkspaceScope; readonly id: string; readonly lock: '' | 'FOR UPDATE' },
): Promise<TestCase | null> {
  if (!isId(of.id)) return null;
  const [row] = await db.query<CaseRow>({
    name: `test-case${of.lock === '' ? '' : '-lock'}`,
    text: `SELECT ${columns} FROM test_cases
      WHERE id = $1 AND deleted_at IS NULL AND ${inScopeSql('workspace_id', '$2')} ${of.lock}`,
    values: [of.id, scopeValue(of.scope)],
  });
  return row === undefined ? null : toTestCase(row);
}

function toTestCase(row: CaseRow): TestCase {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    agentId: row.agent_id,
    name: fromStorableText(row.name),
    description: fromStorableText(row.description),
    revision: row.revision,
    definition: fromJsonColumn<TestDefinition>(row.definition),
    fromRunId: row.from_run_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
