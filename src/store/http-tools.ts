import type { HttpToolSettings } from '../core/http-tool.ts';
import type { Queryable } from './connect.ts';
import { fromJsonColumn, toJsonColumn } from './json-column.ts';

interface Row {
  readonly workspace_id: string;
  readonly hosts: string;
  readonly enable_globally: boolean;
  readonly requires_approval: boolean;
  readonly timeout_ms: number;
  readonly mark: string;
}

/** Settings of the workspaces that have any, each with its mark (see tool-marks.ts). */
export async function readHttpTools(
  db: Queryable,
  workspaceIds: readonly string[],
): Promise<readonly { readonly settings: HttpToolSettings; readonly mark: string }[]> {
  const rows = await db.query<Row>({
    name: 'read_http_tools',
    text: `SELECT workspace_id, hosts, enable_globally, requires_approval, timeout_ms, xmin::text AS mark
      FROM http_tools WHERE workspace_id = ANY ($1)`,
    values: [workspaceIds],
  });
  return rows.map((row) => ({
    mark: row.mark,
    settings: {
      workspaceId: row.workspace_id,
      hosts: fromJsonColumn(row.hosts),
      enableGlobally: row.enable_globally,
      requiresApproval: row.requires_approval,
      timeoutMs: row.timeout_ms,
    },
  }));
}

/** Replaces the workspace's settings. */
export async function putHttpTool(db: Queryable, settings: HttpToolSettings): Promise<void> {
  await db.execute({
    name: 'put_http_tool',
    text: `INSERT INTO http_tools (workspace_id, hosts, enable_globally, requires_approval, timeout_ms)
      VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (workspace_id) DO UPDATE SET hosts = excluded.hosts,
        enable_globally = excluded.enable_globally, requires_approval = excluded.requires_approval,
        timeout_ms = excluded.timeout_ms, updated_at = clock_timestamp()`,
    values: [
      settings.workspaceId,
      toJsonColumn(settings.hosts),
      settings.enableGlobally,
      settings.requiresApproval,
      settings.timeoutMs,
    ],
  });
}
