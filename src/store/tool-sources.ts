import { isId } from '../core/ids.ts';
import { type Page, type PageRequest, toPage } from '../core/page.ts';
import { fromStorableOrNull, fromStorableText, toStorableText } from '../core/storable-text.ts';
import type { SourceTool, ToolSource, ToolSourceKind } from '../core/tool-source.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Queryable } from './connect.ts';
import { fromJsonColumn, toJsonColumn } from './json-column.ts';
import { Conditions, inScopeSql, scopeValue } from './page-sql.ts';

interface Row {
  readonly id: string;
  readonly workspace_id: string;
  readonly kind: ToolSourceKind;
  readonly name: string;
  readonly description: string;
  readonly config: string;
  readonly enabled: boolean;
  readonly enable_globally: boolean;
  readonly requires_approval: boolean;
  readonly allowed_tools: string | null;
  readonly timeout_ms: number;
  readonly tools: string;
  readonly tools_read_at: Date | null;
  readonly problem: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const columns = `id, workspace_id, kind, name, description, config, enabled, enable_globally,
  requires_approval, allowed_tools, timeout_ms, tools, tools_read_at, problem, created_at, updated_at`;

/** A source as it is to be; its tools are written by `saveSourceTools`. */
export type ToolSourceSave = Pick<
  ToolSource,
  | 'name'
  | 'description'
  | 'config'
  | 'enabled'
  | 'enableGlobally'
  | 'requiresApproval'
  | 'allowedTools'
  | 'timeoutMs'
>;

/** The source of that kind; null when there is none in scope. */
export async function getToolSource<K extends ToolSourceKind>(
  db: Queryable,
  scope: WorkspaceScope,
  of: { readonly kind: K; readonly id: string; readonly lock?: boolean },
): Promise<Extract<ToolSource, { kind: K }> | null> {
  if (!isId(of.id)) return null;
  const rows = await db.query<Row>({
    text: `SELECT ${columns} FROM tool_sources
      WHERE id = $1 AND kind = $2 AND deleted_at IS NULL AND ${inScopeSql('workspace_id', '$3')}
      ${of.lock === true ? 'FOR UPDATE' : ''}`,
    values: [of.id, of.kind, scopeValue(scope)],
  });
  return rows[0] === undefined ? null : (toSource(rows[0]) as Extract<ToolSource, { kind: K }>);
}

/** A page of the workspace's sources of that kind, newest first. */
export async function listToolSources<K extends ToolSourceKind>(
  db: Queryable,
  filter: { readonly scope: WorkspaceScope; readonly kind: K },
  page: PageRequest,
): Promise<Page<Extract<ToolSource, { kind: K }>>> {
  const conditions = new Conditions()
    .inScope(filter.scope, 'workspace_id')
    .add(filter.kind, (value) => `kind = ${value}`);
  const tail = conditions.pageOf(page, ['deleted_at IS NULL']);
  const rows = await db.query<Row>({
    text: `SELECT ${columns} FROM tool_sources ${tail}`,
    values: conditions.values,
  });
  const sources = rows.map((row) => toSource(row) as Extract<ToolSource, { kind: K }>);
  return toPage(sources, page.limit, (source) => source);
}

/** Sources by their ids, each with its mark (see tool-marks.ts); none that is deleted or disabled. */
export async function readMarkedSources(
  db: Queryable,
  ids: readonly string[],
): Promise<readonly { readonly source: ToolSource; readonly mark: string }[]> {
  const rows = await db.query<Row & { readonly mark: string }>({
    name: 'read_marked_sources',
    text: `SELECT ${columns}, xmin::text AS mark FROM tool_sources
      WHERE id = ANY ($1) AND deleted_at IS NULL AND enabled`,
    values: [ids],
  });
  return rows.map((row) => ({ source: toSource(row), mark: row.mark }));
}

/** A page of all that give tools, of either kind, newest first. */
export async function listEnabledSourcesPage(
  db: Queryable,
  scope: WorkspaceScope,
  page: PageRequest,
): Promise<Page<ToolSource>> {
  const conditions = new Conditions().inScope(scope, 'workspace_id');
  const tail = conditions.pageOf(page, ['deleted_at IS NULL', 'enabled']);
  const rows = await db.query<Row>({
    text: `SELECT ${columns} FROM tool_sources ${tail}`,
    values: conditions.values,
  });
  return toPage(rows.map(toSource), page.limit, (source) => source);
}

/** Every source of the workspaces that gives tools. */
export async function listEnabledSources(
  db: Queryable,
  workspaceId: string,
): Promise<readonly ToolSource[]> {
  const rows = await db.query<Row>({
    text: `SELECT ${columns} FROM tool_sources
      WHERE workspace_id = $1 AND enabled AND deleted_at IS NULL ORDER BY name`,
    values: [workspaceId],
  });
  return rows.map(toSource);
}

/** The sources with these names, which keep them until the transaction ends. */
export async function holdSources(
  tx: Queryable,
  workspaceId: string,
  names: readonly string[],
): Promise<readonly ToolSource[]> {
  const rows = await tx.query<Row>({
    text: `SELECT ${columns} FROM tool_sources
      WHERE workspace_id = $1 AND deleted_at IS NULL AND name = ANY ($2) ORDER BY id FOR SHARE`,
    values: [workspaceId, names.map(toStorableText)],
  });
  return rows.map(toSource);
}

/** Writes a new source; null when the name is taken. */
export async function insertToolSource<K extends ToolSourceKind>(
  tx: Queryable,
  source: ToolSourceSave & {
    readonly id: string;
    readonly workspaceId: string;
    readonly kind: K;
    readonly tools: readonly SourceTool[];
  },
): Promise<Extract<ToolSource, { kind: K }> | null> {
  const rows = await tx.query<Row>({
    text: `INSERT INTO tool_sources (id, workspace_id, kind, name, description, config, enabled,
        enable_globally, requires_approval, allowed_tools, timeout_ms, tools, tools_read_at)
      VALUES ($1, $10, $11, $2, $3, $4, $5, $6, $7, $8, $9, $12,
        CASE WHEN $12 = '[]' THEN NULL ELSE clock_timestamp() END)
      ON CONFLICT (workspace_id, name) WHERE deleted_at IS NULL DO NOTHING
      RETURNING ${columns}`,
    values: [
      source.id,
      ...savedValues(source),
      source.workspaceId,
      source.kind,
      toJsonColumn(source.tools),
    ],
  });
  return rows[0] === undefined ? null : (toSource(rows[0]) as Extract<ToolSource, { kind: K }>);
}

/** Writes a locked source. The name must be free. */
export async function saveToolSource(
  tx: Queryable,
  id: string,
  source: ToolSourceSave,
): Promise<ToolSource> {
  const rows = await tx.query<Row>({
    text: `UPDATE tool_sources SET name = $2, description = $3, config = $4, enabled = $5,
        enable_globally = $6, requires_approval = $7, allowed_tools = $8, timeout_ms = $9,
        updated_at = clock_timestamp() WHERE id = $1 RETURNING ${columns}`,
    values: [id, ...savedValues(source)],
  });
  if (rows[0] === undefined) throw new Error(`The source ${id} is not there to be updated.`);
  return toSource(rows[0]);
}

/** Keeps the tools that were read, or why they could not be: then the ones known before stay. */
export async function saveSourceTools(
  db: Queryable,
  id: string,
  read: { readonly tools: readonly SourceTool[] } | { readonly problem: string },
): Promise<void> {
  const tools = 'tools' in read ? toJsonColumn(read.tools) : null;
  const problem = 'problem' in read ? toStorableText(read.problem) : null;
  // A row that would stay the same is not written: every write makes all processes read it anew.
  await db.execute({
    text: `UPDATE tool_sources SET tools = coalesce($2, tools), problem = $3,
        tools_read_at = CASE WHEN $2::text IS NULL THEN tools_read_at ELSE clock_timestamp() END
      WHERE id = $1 AND (problem IS DISTINCT FROM $3 OR tools IS DISTINCT FROM coalesce($2, tools)
        OR ($2::text IS NOT NULL AND tools_read_at IS NULL))`,
    values: [id, tools, problem],
  });
}

/** Deletes (softly) a locked source; its name is free again. */
export async function deleteToolSourceRow(tx: Queryable, id: string): Promise<void> {
  await tx.execute({
    text: `UPDATE tool_sources SET deleted_at = clock_timestamp() WHERE id = $1 AND deleted_at IS NULL`,
    values: [id],
  });
}

/** Whether a write failed because another source of the workspace has the name. */
export function isSourceNameTaken(error: unknown): boolean {
  return (
    error instanceof Error && 'constraint' in error && error.constraint === 'tool_sources_by_name'
  );
}

function savedValues(source: ToolSourceSave): unknown[] {
  return [
    toStorableText(source.name),
    toStorableText(source.description),
    toJsonColumn(source.config),
    source.enabled,
    source.enableGlobally,
    source.requiresApproval,
    source.allowedTools === null ? null : toJsonColumn(source.allowedTools),
    source.timeoutMs,
  ];
}

function toSource(row: Row): ToolSource {
  const common = {
    id: row.id,
    workspaceId: row.workspace_id,
    name: fromStorableText(row.name),
    description: fromStorableText(row.description),
    enabled: row.enabled,
    enableGlobally: row.enable_globally,
    requiresApproval: row.requires_approval,
    allowedTools: row.allowed_tools === null ? null : fromJsonColumn<string[]>(row.allowed_tools),
    timeoutMs: row.timeout_ms,
    tools: fromJsonColumn<SourceTool[]>(row.tools),
    toolsReadAt: row.tools_read_at,
    problem: fromStorableOrNull(row.problem),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
  return { ...common, kind: row.kind, config: fromJsonColumn(row.config) } as ToolSource;
}
