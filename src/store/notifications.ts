import type { Notification, NotificationStatus } from '../core/notification.ts';
import { type Page, type PageRequest, toPage } from '../core/page.ts';
import { fromStorableOrNull, fromStorableText } from '../core/storable-text.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Queryable } from './connect.ts';
import { Conditions } from './page-sql.ts';

// Messages to members, as they and the owners read them.

interface NotificationRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly preference_id: string;
  readonly user_id: string;
  readonly email: string;
  readonly channel: Notification['channel'];
  readonly target: string;
  readonly subject: string;
  readonly body: string;
  readonly counts: Notification['counts'];
  readonly status: NotificationStatus;
  readonly tries: number;
  readonly next_at: Date | null;
  readonly error: string | null;
  readonly sent_at: Date | null;
  readonly created_at: Date;
}

const status = `CASE WHEN n.sent_at IS NOT NULL THEN 'sent' WHEN n.next_at IS NULL THEN 'failed' ELSE 'queued' END`;
const select = `SELECT n.id, p.workspace_id, n.preference_id, p.user_id, u.email, n.channel, n.target, n.subject, n.body,
    n.counts, ${status} AS status, n.tries, n.next_at, n.error, n.sent_at, n.created_at
  FROM alert_notices n JOIN notification_preferences p ON p.id = n.preference_id JOIN users u ON u.id = p.user_id`;

/** A page of the messages of a workspace, newest first. */
export async function listNotifications(
  db: Queryable,
  of: {
    readonly workspaceId: string;
    readonly userId: string | null;
    readonly status: NotificationStatus | undefined;
  },
  page: PageRequest,
): Promise<Page<Notification>> {
  const conditions = new Conditions().inScope([of.workspaceId], 'p.workspace_id');
  if (of.userId !== null) conditions.add(of.userId, (placeholder) => `p.user_id = ${placeholder}`);
  if (of.status !== undefined) {
    conditions.add(of.status, (placeholder) => `${status} = ${placeholder}`);
  }
  const rows = await db.query<NotificationRow>({
    text: `${select} ${conditions.pageOf(page, [], 'n')}`,
    values: conditions.values,
  });
  return toPage(rows.map(toNotification), page.limit, (one) => one);
}

/** The message; null when there is none in scope. */
export async function getNotification(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<Notification | null> {
  const conditions = new Conditions()
    .add(id, (placeholder) => `n.id = ${placeholder}`)
    .inScope(scope, 'p.workspace_id');
  const [row] = await db.query<NotificationRow>({
    text: `${select} ${conditions.where()}`,
    values: conditions.values,
  });
  return row === undefined ? null : toNotification(row);
}

function toNotification(row: NotificationRow): Notification {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    preferenceId: row.preference_id,
    user: { id: row.user_id, email: fromStorableText(row.email) },
    channel: row.channel,
    target: row.target,
    subject: fromStorableText(row.subject),
    body: fromStorableText(row.body),
    counts: row.counts,
    status: row.status,
    attempts: row.tries,
    nextAttemptAt: row.next_at,
    error: fromStorableOrNull(row.error),
    sentAt: row.sent_at,
    createdAt: row.created_at,
  };
}
