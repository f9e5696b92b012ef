import type { InboxType } from '../core/channel.ts';
import { isId } from '../core/ids.ts';
import { fromStorableText, toStorableText } from '../core/storable-text.ts';
import { isInScope, type WorkspaceScope } from '../core/workspace-scope.ts';
import type { Queryable } from './connect.ts';

/** All inbox types of a workspace, by name; empty when it is out of scope. */
export async function listInboxTypes(
  db: Queryable,
  scope: WorkspaceScope,
  workspaceId: string,
): Promise<readonly InboxType[]> {
  if (!isId(workspaceId) || !isInScope(scope, workspaceId)) return [];
  const rows = await db.query<InboxType>({
    name: 'list_inbox_types',
    text: 'SELECT id, name FROM inbox_types WHERE workspace_id = $1 ORDER BY name, id',
    values: [workspaceId],
  });
  return rows.map(toInboxType);
}

/** Adds one; null when the workspace has `maxCount` already, or one of that name. */
export async function insertInboxType(
  db: Queryable,
  type: {
    readonly workspaceId: string;
    readonly id: string;
    readonly name: string;
    readonly maxCount: number;
  },
): Promise<InboxType | null> {
  const rows = await db.query<InboxType>({
    text: `INSERT INTO inbox_types (workspace_id, id, name)
      SELECT $1, $2, $3
      WHERE (SELECT count(*) FROM inbox_types WHERE workspace_id = $1) < $4
        AND NOT EXISTS (SELECT 1 FROM inbox_types WHERE workspace_id = $1 AND lower(name) = lower($3))
      RETURNING id, name`,
    values: [type.workspaceId, type.id, toStorableText(type.name), type.maxCount],
  });
  return rows[0] === undefined ? null : toInboxType(rows[0]);
}

/** Renames one. Null: the workspaces in scope have none of that id. */
export async function renameInboxType(
  db: Queryable,
  scope: WorkspaceScope,
  type: InboxType,
): Promise<InboxType | null> {
  const rows = await db.query<InboxType>({
    text: `UPDATE inbox_types SET name = $2
      WHERE id = $1 AND ($3::text[] IS NULL OR workspace_id = ANY ($3)) RETURNING id, name`,
    values: [type.id, toStorableText(type.name), scope === 'all' ? null : scope],
  });
  return rows[0] === undefined ? null : toInboxType(rows[0]);
}

/** Deletes one that nothing belongs to. `in_use`: contacts, conversations or channels do. */
export async function deleteInboxType(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<'deleted' | 'in_use' | 'unknown'> {
  const rows = await db.query<{ deleted: boolean }>({
    text: `WITH one AS (
        SELECT workspace_id, id FROM inbox_types
        WHERE id = $1 AND ($2::text[] IS NULL OR workspace_id = ANY ($2)) FOR UPDATE
      ), deleted AS (
        DELETE FROM inbox_types t USING one
        WHERE t.workspace_id = one.workspace_id AND t.id = one.id
          AND NOT EXISTS (SELECT 1 FROM channels c WHERE c.workspace_id = one.workspace_id AND c.inbox_type_id = one.id)
          AND NOT EXISTS (SELECT 1 FROM contacts c WHERE c.workspace_id = one.workspace_id AND c.inbox_type_id = one.id)
          AND NOT EXISTS (SELECT 1 FROM conversations c WHERE c.workspace_id = one.workspace_id AND c.inbox_type_id = one.id)
        RETURNING t.id
      )
      SELECT EXISTS (SELECT 1 FROM deleted) AS deleted FROM one`,
    values: [id, scope === 'all' ? null : scope],
  });
  if (rows[0] === undefined) return 'unknown';
  return rows[0].deleted ? 'deleted' : 'in_use';
}

function toInboxType(row: InboxType): InboxType {
  return { id: row.id, name: fromStorableText(row.name) };
}
