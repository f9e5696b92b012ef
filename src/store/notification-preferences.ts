import type { NotificationKind, NotificationPreference } from '../core/notification.ts';
import { type Page, type PageRequest, toPage } from '../core/page.ts';
import { fromStorableOrNull, fromStorableText, storableOrNull } from '../core/storable-text.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Queryable } from './connect.ts';
import { Conditions, inScopeSql, scopeValue } from './page-sql.ts';

// What members chose to be told of. Goes with the member.

interface PreferenceRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly user_id: string;
  readonly email: string;
  readonly channel: NotificationPreference['channel'];
  readonly target: string | null;
  readonly kinds: readonly NotificationKind[];
  readonly agent_ids: readonly string[] | null;
  readonly group_seconds: number;
  readonly enabled: boolean;
  readonly told_at: Date | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const columns = `p.id, p.workspace_id, p.user_id, u.email, p.channel, p.target, p.kinds, p.agent_ids,
  p.group_seconds, p.enabled, p.told_at, p.created_at, p.updated_at`;
const tables = 'notification_preferences p JOIN users u ON u.id = p.user_id';

export type PreferenceFields = Pick<
  NotificationPreference,
  'target' | 'kinds' | 'agentIds' | 'groupSeconds' | 'enabled'
>;

/** A page of a workspace's preferences, newest first; with `userId` of one member. */
export async function listPreferences(
  db: Queryable,
  of: { readonly workspaceId: string; readonly userId: string | null },
  page: PageRequest,
): Promise<Page<NotificationPreference>> {
  const conditions = new Conditions().inScope([of.workspaceId], 'p.workspace_id');
  if (of.userId !== null) conditions.add(of.userId, (placeholder) => `p.user_id = ${placeholder}`);
  const rows = await db.query<PreferenceRow>({
    text: `SELECT ${columns} FROM ${tables} ${conditions.pageOf(page, [], 'p')}`,
    values: conditions.values,
  });
  return toPage(rows.map(toPreference), page.limit, (one) => one);
}

/** The preference; null when there is none in scope. */
export async function getPreference(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<NotificationPreference | null> {
  const [row] = await db.query<PreferenceRow>({
    text: `SELECT ${columns} FROM ${tables} WHERE p.id = $1 AND ${inScopeSql('p.workspace_id', '$2')}`,
    values: [id, scopeValue(scope)],
  });
  return row === undefined ? null : toPreference(row);
}

/** False when the member has `maxCount` already, or is none any more. Two at once wait for each other. */
export async function insertPreference(
  tx: Queryable,
  preference: PreferenceFields &
    Pick<NotificationPreference, 'id' | 'workspaceId' | 'channel'> & {
      readonly userId: string;
      readonly sealedSecret: string | null;
      readonly maxCount: number;
    },
): Promise<boolean> {
  const { workspaceId, userId } = preference;
  await tx.query({
    text: 'SELECT 1 FROM members WHERE workspace_id = $1 AND user_id = $2 FOR NO KEY UPDATE',
    values: [workspaceId, userId],
  });
  const written = await tx.execute({
    text: `INSERT INTO notification_preferences (id, workspace_id, user_id, channel, target, sealed_secret, kinds,
        agent_ids, group_seconds, enabled)
      SELECT $1, m.workspace_id, m.user_id, $4, $5, $6, $7, $8, $9, $10 FROM members m
      WHERE m.workspace_id = $2 AND m.user_id = $3 AND (
        SELECT count(*) FROM notification_preferences WHERE workspace_id = $2 AND user_id = $3) < $11`,
    values: [
      ...[preference.id, workspaceId, userId, preference.channel],
      ...[storableOrNull(preference.target), preference.sealedSecret],
      ...[preference.kinds, preference.agentIds, preference.groupSeconds, preference.enabled],
      preference.maxCount,
    ],
  });
  return written > 0;
}

/** Locks the preference for the rest of the transaction; null when there is none in scope. */
export async function lockPreference(
  tx: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<NotificationPreference | null> {
  const [row] = await tx.query<PreferenceRow>({
    text: `SELECT ${columns} FROM ${tables}
      WHERE p.id = $1 AND ${inScopeSql('p.workspace_id', '$2')} FOR UPDATE OF p`,
    values: [id, scopeValue(scope)],
  });
  return row === undefined ? null : toPreference(row);
}

/** Writes a locked preference. What has gathered and is not sent yet goes where it is switched off. */
export async function updatePreference(
  tx: Queryable,
  id: string,
  fields: PreferenceFields,
): Promise<void> {
  await tx.execute({
    text: `UPDATE notification_preferences SET target = $2, kinds = $3, agent_ids = $4, group_seconds = $5,
        enabled = $6, due_at = CASE WHEN $6 THEN due_at END, updated_at = clock_timestamp()
      WHERE id = $1`,
    values: [
      ...[id, storableOrNull(fields.target), fields.kinds, fields.agentIds],
      ...[fields.groupSeconds, fields.enabled],
    ],
  });
  if (fields.enabled) return;
  await tx.execute({
    text: 'DELETE FROM notification_items WHERE preference_id = $1',
    values: [id],
  });
  await tx.execute({
    text: 'DELETE FROM alert_notices WHERE preference_id = $1 AND next_at IS NOT NULL',
    values: [id],
  });
}

/** Whether there was one in scope. Its messages go with it. */
export async function deletePreference(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<boolean> {
  const deleted = await db.execute({
    text: `DELETE FROM notification_preferences WHERE id = $1 AND ${inScopeSql('workspace_id', '$2')}`,
    values: [id, scopeValue(scope)],
  });
  return deleted > 0;
}

function toPreference(row: PreferenceRow): NotificationPreference {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    user: { id: row.user_id, email: fromStorableText(row.email) },
    channel: row.channel,
    target: fromStorableOrNull(row.target),
    kinds: row.kinds,
    agentIds: row.agent_ids,
    groupSeconds: row.group_seconds,
    enabled: row.enabled,
    toldAt: row.told_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
