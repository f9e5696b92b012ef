import type { ConversationTag } from '../core/conversation.ts';
import { type Page, type PageRequest, toPage } from '../core/page.ts';
import { fromStorableText, toStorableText } from '../core/storable-text.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Queryable } from './connect.ts';
import { Conditions, inScopeSql, scopeValue } from './page-sql.ts';

interface TagRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly parent_id: string | null;
  readonly name: string;
  readonly description: string;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const columns = 'id, workspace_id, parent_id, name, description, created_at, updated_at';

/** A page of topics, newest first. `parentId`: only those below it; null: only root topics. */
export async function listTags(
  db: Queryable,
  filter: { readonly workspaceId: string; readonly parentId?: string | null | undefined },
  page: PageRequest,
): Promise<Page<ConversationTag>> {
  const conditions = new Conditions().inScope([filter.workspaceId], 'workspace_id');
  const { parentId } = filter;
  if (typeof parentId === 'string') conditions.add(parentId, (p) => `parent_id = ${p}`);
  const rows = await db.query<TagRow>({
    text: `SELECT ${columns} FROM conversation_tags ${conditions.pageOf(page, parentId === null ? ['parent_id IS NULL'] : [])}`,
    values: conditions.values,
  });
  return toPage(rows.map(toTag), page.limit, (tag) => tag);
}

/** Topics by their ids, those that the workspace has. */
export async function readTags(
  db: Queryable,
  workspaceId: string,
  ids: readonly string[],
): Promise<readonly ConversationTag[]> {
  const rows = await db.query<TagRow>({
    name: 'tags_by_id',
    text: `SELECT ${columns} FROM conversation_tags WHERE workspace_id = $1 AND id = ANY ($2)`,
    values: [workspaceId, ids],
  });
  return rows.map(toTag);
}

/** The topic; null when there is none in scope. */
export async function getTag(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<ConversationTag | null> {
  const rows = await db.query<TagRow>({
    name: 'tag_get',
    text: `SELECT ${columns} FROM conversation_tags WHERE id = $1 AND ${inScopeSql('workspace_id', '$2')}`,
    values: [id, scopeValue(scope)],
  });
  return rows[0] === undefined ? null : toTag(rows[0]);
}

/** Adds a topic. `taken`: its parent has one of that name; `full`: the workspace has `maxCount`. */
export async function insertTag(
  db: Queryable,
  tag: Pick<ConversationTag, 'id' | 'workspaceId' | 'parentId' | 'name' | 'description'> & {
    readonly maxCount: number;
  },
): Promise<ConversationTag | 'taken' | 'full'> {
  const rows = await db.query<TagRow & { is_full: boolean }>({
    text: `WITH full_up AS (
        SELECT count(*) >= $6 AS is_full FROM conversation_tags WHERE workspace_id = $2
      ), inserted AS (
        INSERT INTO conversation_tags (id, workspace_id, parent_id, name, description)
        SELECT $1, $2, $3, $4, $5 FROM full_up WHERE NOT is_full
        ON CONFLICT DO NOTHING RETURNING ${columns}
      )
      SELECT i.*, f.is_full FROM full_up f LEFT JOIN inserted i ON true`,
    values: [
      tag.id,
      tag.workspaceId,
      tag.parentId,
      toStorableText(tag.name),
      toStorableText(tag.description),
      tag.maxCount,
    ],
  });
  const [row] = rows;
  if (row === undefined || row.id === null) return row?.is_full === true ? 'full' : 'taken';
  return toTag(row);
}

/** Changes what is given; null when there is none in scope, `taken` when the name is. */
export async function updateTag(
  db: Queryable,
  key: { readonly scope: WorkspaceScope; readonly id: string },
  patch: { readonly name?: string | undefined; readonly description?: string | undefined },
): Promise<ConversationTag | 'taken' | null> {
  const text = (value: string | undefined) => (value === undefined ? null : toStorableText(value));
  const rows = await db.query<TagRow & { found: boolean }>({
    text: `WITH one AS (
        SELECT id, workspace_id, parent_id FROM conversation_tags
        WHERE id = $1 AND ${inScopeSql('workspace_id', '$2')} FOR UPDATE
      ), changed AS (
        UPDATE conversation_tags t SET name = coalesce($3, t.name),
          description = coalesce($4, t.description), updated_at = clock_timestamp()
        FROM one
        WHERE t.id = one.id AND NOT EXISTS (
          SELECT 1 FROM conversation_tags o
          WHERE o.workspace_id = one.workspace_id AND coalesce(o.parent_id, '') = coalesce(one.parent_id, '')
            AND o.id <> one.id AND lower(o.name) = lower($3))
        RETURNING ${columns.replace(/(\w+)/g, 't.$1')}
      )
      SELECT c.*, true AS found FROM one LEFT JOIN changed c ON true`,
    values: [key.id, scopeValue(key.scope), text(patch.name), text(patch.description)],
  });
  const [row] = rows;
  if (row === undefined) return null;
  return row.id === null ? 'taken' : toTag(row);
}

/** Deletes a topic and takes it from conversations. `has_subtopics`: those go first. */
export async function deleteTag(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<'deleted' | 'has_subtopics' | 'unknown'> {
  const rows = await db.query<{ deleted: boolean }>({
    text: `WITH one AS (
        SELECT id FROM conversation_tags WHERE id = $1 AND ${inScopeSql('workspace_id', '$2')} FOR UPDATE
      ), deleted AS (
        DELETE FROM conversation_tags t USING one
        WHERE t.id = one.id AND NOT EXISTS (SELECT 1 FROM conversation_tags b WHERE b.parent_id = one.id)
        RETURNING t.id
      )
      SELECT EXISTS (SELECT 1 FROM deleted) AS deleted FROM one`,
    values: [id, scopeValue(scope)],
  });
  if (rows[0] === undefined) return 'unknown';
  return rows[0].deleted ? 'deleted' : 'has_subtopics';
}

function toTag(row: TagRow): ConversationTag {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    parentId: row.parent_id,
    name: fromStorableText(row.name),
    description: fromStorableText(row.description),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
