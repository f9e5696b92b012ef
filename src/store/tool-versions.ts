import type { ToolLanguage } from '../core/custom-tool.ts';
import { isId } from '../core/ids.ts';
import { type Page, type PageRequest, toPage } from '../core/page.ts';
import { fromStorableText } from '../core/storable-text.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Queryable } from './connect.ts';
import { inScopeSql, scopeValue } from './page-sql.ts';

// The code that a custom tool has had. A version never changes, and outlives its tool: traces name it.

export interface ToolVersion {
  readonly toolId: string;
  readonly version: number;
  readonly language: ToolLanguage;
  readonly code: string;
  readonly createdAt: Date;
}

interface Row {
  readonly tool_id: string;
  readonly version: number;
  readonly language: ToolLanguage;
  readonly code: string;
  readonly created_at: Date;
}

const columns = 'tool_id, version, language, code, created_at';

/** The workspace of a tool in scope, deleted or not; null when there is none. */
export async function findToolWorkspace(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<string | null> {
  if (!isId(id)) return null;
  const rows = await db.query<{ workspace_id: string }>({
    name: 'find_tool_workspace',
    text: `SELECT workspace_id FROM custom_tools WHERE id = $1 AND ${inScopeSql('workspace_id', '$2')}`,
    values: [id, scopeValue(scope)],
  });
  return rows[0]?.workspace_id ?? null;
}

/** A page of the tool's versions, newest first. Who asks has read the tool in its scope. */
export async function listToolVersions(
  db: Queryable,
  toolId: string,
  page: PageRequest,
): Promise<Page<ToolVersion>> {
  const rows = await db.query<Row>({
    name: 'list_tool_versions',
    text: `SELECT ${columns} FROM custom_tool_versions WHERE tool_id = $1 AND version < $2
      ORDER BY version DESC LIMIT $3`,
    values: [toolId, Number(page.after?.id ?? 2_147_483_647), page.limit + 1],
  });
  return toPage(rows.map(toVersion), page.limit, ({ createdAt, version }) => ({
    createdAt,
    id: String(version),
  }));
}

/** One version; null when there is none. Who asks has read the tool in its scope. */
export async function getToolVersion(
  db: Queryable,
  of: { readonly toolId: string; readonly version: number },
): Promise<ToolVersion | null> {
  const rows = await db.query<Row>({
    name: 'get_tool_version',
    text: `SELECT ${columns} FROM custom_tool_versions WHERE tool_id = $1 AND version = $2`,
    values: [of.toolId, of.version],
  });
  return rows[0] === undefined ? null : toVersion(rows[0]);
}

function toVersion(row: Row): ToolVersion {
  return {
    toolId: row.tool_id,
    version: row.version,
    language: row.language,
    code: fromStorableText(row.code),
    createdAt: row.created_at,
  };
}
