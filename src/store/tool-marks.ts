import type { Queryable } from './connect.ts';

// Which tools a workspace has, without reading them: asked for every run, in one query for many.

/** What tells whether a tool or a source of tools is still as it was read: every write of its row gives it another mark. */
export interface ToolMark {
  readonly kind: 'custom' | 'source' | 'http';
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly enableGlobally: boolean;
  readonly mark: string;
}

/** The marks of all custom tools, enabled sources and settings of `http_request` of the workspaces, by name. */
export async function listToolMarks(
  db: Queryable,
  workspaceIds: readonly string[],
): Promise<readonly ToolMark[]> {
  return await db.query<ToolMark>({
    name: 'list_tool_marks',
    text: `SELECT 'custom' AS kind, id, workspace_id AS "workspaceId", name,
        enable_globally AS "enableGlobally", xmin::text AS mark
      FROM custom_tools WHERE workspace_id = ANY ($1) AND deleted_at IS NULL
      UNION ALL SELECT 'source', id, workspace_id, name, enable_globally, xmin::text
      FROM tool_sources WHERE workspace_id = ANY ($1) AND enabled AND deleted_at IS NULL
      UNION ALL SELECT 'http', workspace_id, workspace_id, 'http_request', enable_globally, xmin::text
      FROM http_tools WHERE workspace_id = ANY ($1)
      ORDER BY name`,
    values: [workspaceIds],
  });
}
