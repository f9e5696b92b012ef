import type { CustomTool, ToolLanguage, ToolParameters } from '../core/custom-tool.ts';
import { isId } from '../core/ids.ts';
import { type Page, type PageRequest, toPage } from '../core/page.ts';
import { fromStorableText, toStorableText } from '../core/storable-text.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Queryable } from './connect.ts';
import { fromJsonColumn, toJsonColumn } from './json-column.ts';
import { Conditions, inScopeSql, scopeValue } from './page-sql.ts';

interface CustomToolRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly name: string;
  readonly description: string;
  readonly language: ToolLanguage;
  readonly code: string;
  readonly parameters: string;
  readonly parameters_given: boolean;
  readonly packages: string;
  readonly execution_message_description: string;
  readonly enable_globally: boolean;
  readonly version: number;
  readonly timeout_ms: number;
  readonly memory_mb: number;
  readonly network: string | null;
  readonly secrets: string;
  readonly idempotent: boolean;
  readonly requires_approval: boolean;
  readonly has_effects: boolean;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const columns = `id, workspace_id, name, description, language, code, parameters,
  execution_message_description, enable_globally, version, timeout_ms, memory_mb, network, secrets,
  idempotent, requires_approval, has_effects, parameters_given, packages, created_at, updated_at`;

/** A tool as it is to be. */
export type CustomToolSave = Omit<CustomTool, 'id' | 'workspaceId' | 'createdAt' | 'updatedAt'>;

/** The tool; null when there is none in scope, or it was deleted. */
export function getCustomTool(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<CustomTool | null> {
  return readOne(db, { scope, id, lock: false });
}

/** The same, locked until the transaction ends. */
export function lockCustomTool(
  tx: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<CustomTool | null> {
  return readOne(tx, { scope, id, lock: true });
}

/** A page of tools, newest first. */
export async function listCustomTools(
  db: Queryable,
  filter: { readonly scope: WorkspaceScope },
  page: PageRequest,
): Promise<Page<CustomTool>> {
  const conditions = new Conditions().inScope(filter.scope, 'workspace_id');
  const tail = conditions.pageOf(page, ['deleted_at IS NULL']);
  const rows = await db.query<CustomToolRow>({
    text: `SELECT ${columns} FROM custom_tools ${tail}`,
    values: conditions.values,
  });
  return toPage(rows.map(toCustomTool), page.limit, (tool) => tool);
}

/** All tools of the workspace, by name. */
export async function listAllCustomTools(
  db: Queryable,
  workspaceId: string,
): Promise<readonly CustomTool[]> {
  const rows = await db.query<CustomToolRow>({
    text: `SELECT ${columns.replace(' code,', " '' AS code,")} FROM custom_tools
      WHERE workspace_id = $1 AND deleted_at IS NULL ORDER BY name`,
    values: [workspaceId],
  });
  return rows.map(toCustomTool);
}

/** Tools by their ids, each with its mark; none that is deleted. */
export async function readMarkedTools(
  db: Queryable,
  ids: readonly string[],
): Promise<readonly { readonly tool: CustomTool; readonly mark: string }[]> {
  const rows = await db.query<CustomToolRow & { readonly mark: string }>({
    name: 'read_marked_tools',
    text: `SELECT ${columns}, xmin::text AS mark FROM custom_tools
      WHERE id = ANY ($1) AND deleted_at IS NULL`,
    values: [ids],
  });
  return rows.map((row) => ({ tool: toCustomTool(row), mark: row.mark }));
}

/** Which of the names are tools of the workspace. They keep their names until the transaction ends. */
export async function holdToolNames(
  tx: Queryable,
  workspaceId: string,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ name: string }>({
    text: `SELECT name FROM custom_tools
      WHERE workspace_id = $1 AND deleted_at IS NULL AND name = ANY ($2) ORDER BY id FOR SHARE`,
    values: [workspaceId, names.map(toStorableText)],
  });
  return new Set(rows.map((row) => row.name));
}

/** Writes a new tool and its first version; null when the name is taken. */
export async function insertCustomTool(
  tx: Queryable,
  tool: CustomToolSave & { readonly id: string; readonly workspaceId: string },
): Promise<CustomTool | null> {
  const rows = await tx.query<CustomToolRow>({
    text: `INSERT INTO custom_tools (id, workspace_id, name, description, language, code, parameters,
        execution_message_description, enable_globally, version, timeout_ms, memory_mb, network, secrets,
        idempotent, requires_approval, has_effects, parameters_given, packages)
      VALUES ($1, $19, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
      ON CONFLICT (workspace_id, name) WHERE deleted_at IS NULL DO NOTHING
      RETURNING ${columns}`,
    values: [tool.id, ...savedValues(tool), tool.workspaceId],
  });
  if (rows[0] === undefined) return null;
  const created = toCustomTool(rows[0]);
  await insertVersion(tx, created);
  return created;
}

/** Writes a locked tool, and a row for its version when that is new. The name must be free. */
export async function saveCustomTool(
  tx: Queryable,
  before: CustomTool,
  tool: CustomToolSave,
): Promise<CustomTool> {
  const rows = await tx.query<CustomToolRow>({
    text: `UPDATE custom_tools SET name = $2, description = $3, language = $4, code = $5,
        parameters = $6, execution_message_description = $7, enable_globally = $8, version = $9,
        timeout_ms = $10, memory_mb = $11, network = $12, secrets = $13, idempotent = $14,
        requires_approval = $15, has_effects = $16, parameters_given = $17, packages = $18,
        updated_at = clock_timestamp()
      WHERE id = $1 RETURNING ${columns}`,
    values: [before.id, ...savedValues(tool)],
  });
  if (rows[0] === undefined) throw new Error(`The tool ${before.id} is not there to be updated.`);
  const saved = toCustomTool(rows[0]);
  if (saved.version !== before.version) await insertVersion(tx, saved);
  return saved;
}

/** Names of stored tools that need packages of a language, at most `limit` of them, and how many there are. */
export async function toolsWithPackages(
  db: Queryable,
  { language, limit }: { readonly language: ToolLanguage; readonly limit: number },
): Promise<{ readonly count: number; readonly names: readonly string[] }> {
  const rows = await db.query<{ name: string; count: number }>({
    text: `SELECT name, count(*) OVER ()::integer AS count FROM custom_tools
      WHERE language = $1 AND packages <> '[]' AND deleted_at IS NULL ORDER BY name, id LIMIT $2`,
    values: [language, limit],
  });
  return { count: rows[0]?.count ?? 0, names: rows.map(({ name }) => fromStorableText(name)) };
}

/** Deletes (softly) a locked tool; its name is free again. */
export async function deleteCustomToolRow(tx: Queryable, id: string): Promise<void> {
  await tx.execute({
    text: `UPDATE custom_tools SET deleted_at = clock_timestamp() WHERE id = $1 AND deleted_at IS NULL`,
    values: [id],
  });
}

async function insertVersion(tx: Queryable, tool: CustomTool): Promise<void> {
  await tx.execute({
    text: `INSERT INTO custom_tool_versions (tool_id, version, language, code, created_at)
      VALUES ($1, $2, $3, $4, $5)`,
    values: [tool.id, tool.version, tool.language, toStorableText(tool.code), tool.updatedAt],
  });
}

async function readOne(
  db: Queryable,
  key: { readonly scope: WorkspaceScope; readonly id: string; readonly lock: boolean },
): Promise<CustomTool | null> {
  if (!isId(key.id)) return null;
  const rows = await db.query<CustomToolRow>({
    name: key.lock ? 'lock_custom_tool' : 'get_custom_tool',
    text: `SELECT ${columns} FROM custom_tools
      WHERE id = $1 AND deleted_at IS NULL AND ${inScopeSql('workspace_id', '$2')}
      ${key.lock ? 'FOR UPDATE' : ''}`,
    values: [key.id, scopeValue(key.scope)],
  });
  return rows[0] === undefined ? null : toCustomTool(rows[0]);
}

function savedValues(tool: CustomToolSave): unknown[] {
  return [
    toStorableText(tool.name),
    toStorableText(tool.description),
    tool.language,
    toStorableText(tool.code),
    toJsonColumn(tool.parameters),
    toStorableText(tool.executionMessageDescription),
    tool.enableGlobally,
    tool.version,
    tool.timeoutMs,
    tool.memoryMb,
    tool.network === null ? null : toJsonColumn(tool.network),
    toJsonColumn(tool.secrets),
    tool.idempotent,
    tool.requiresApproval,
    tool.hasEffects,
    tool.areParametersGiven,
    toJsonColumn(tool.packages),
  ];
}

function toCustomTool(row: CustomToolRow): CustomTool {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    name: fromStorableText(row.name),
    description: fromStorableText(row.description),
    language: row.language,
    code: fromStorableText(row.code),
    parameters: fromJsonColumn<ToolParameters>(row.parameters),
    executionMessageDescription: fromStorableText(row.execution_message_description),
    enableGlobally: row.enable_globally,
    version: row.version,
    timeoutMs: row.timeout_ms,
    memoryMb: row.memory_mb,
    network: row.network === null ? null : fromJsonColumn(row.network),
    secrets: fromJsonColumn(row.secrets),
    idempotent: row.idempotent,
    requiresApproval: row.requires_approval,
    hasEffects: row.has_effects,
    areParametersGiven: row.parameters_given,
    packages: fromJsonColumn(row.packages),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** Whether a write failed because another tool of the workspace has the name. */
export function isToolNameTaken(error: unknown): boolean {
  return (
    error instanceof Error && 'constraint' in error && error.constraint === 'custom_tools_by_name'
  );
}
