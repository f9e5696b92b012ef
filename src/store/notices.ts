import { fromStorableText, storableOrNull, toStorableText } from '../core/storable-text.ts';
import type { Database, Queryable } from './connect.ts';

// Messages to people: of alerts, by their rule, and to members, by what they chose. Written in the commit of what
// they tell of, under a name that is written once; claimed by one process at a time. (The table is named for alerts,
// which were there first.)

export type NoticeChannel = 'email' | 'slack' | 'webhook';

interface NewNotice {
  readonly id: string;
  readonly channel: NoticeChannel;
  /** An address, the name of a secret, or a URL. */
  readonly target: string;
  readonly subject: string;
  readonly body: string;
}

/** A message of an alert. Written once, however often it is tried. */
export async function insertAlertNotice(
  tx: Queryable,
  notice: NewNotice & { readonly ruleId: string },
): Promise<void> {
  await tx.execute({
    text: `INSERT INTO alert_notices (id, rule_id, channel, target, subject, body)
      VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING`,
    values: [
      ...[notice.id, notice.ruleId, notice.channel, notice.target],
      ...[toStorableText(notice.subject), toStorableText(notice.body)],
    ],
  });
}

/** A message to a member. */
export async function insertMemberNotice(
  tx: Queryable,
  notice: NewNotice & {
    readonly preferenceId: string;
    readonly counts: Readonly<Record<string, number>>;
  },
): Promise<void> {
  await tx.execute({
    text: `INSERT INTO alert_notices (id, preference_id, channel, target, subject, body, counts)
      VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    values: [
      ...[notice.id, notice.preferenceId, notice.channel, notice.target],
      ...[toStorableText(notice.subject), toStorableText(notice.body)],
      JSON.stringify(notice.counts),
    ],
  });
}

/** A message to be sent now. */
export interface ClaimedNotice extends NewNotice {
  /** What the outcome is recorded under. */
  readonly claim: number;
  readonly workspaceId: string;
  readonly preferenceId: string | null;
  /** Of a webhook. */
  readonly sealedSecret: string | null;
  /** Attempts before this one. */
  readonly tries: number;
}

interface ClaimedRow {
  readonly id: string;
  readonly claim: number;
  readonly workspace_id: string;
  readonly preference_id: string | null;
  readonly channel: NoticeChannel;
  readonly target: string;
  readonly subject: string;
  readonly body: string;
  readonly sealed_secret: string | null;
  readonly tries: number;
}

/** What has few places at once: the mail server, or where one message goes. */
export function laneOf(notice: Pick<NewNotice, 'channel' | 'target'>): string {
  return notice.channel === 'email' ? 'email' : `${notice.channel} ${notice.target}`;
}

/** Claims what is due, the oldest first, but for lanes that are full. */
export async function claimNotices(
  db: Queryable,
  request: {
    readonly limit: number;
    readonly perLane: number;
    readonly busy: ReadonlyMap<string, number>;
    /** How long an attempt may take before it counts as lost. */
    readonly leaseMs: number;
  },
): Promise<readonly ClaimedNotice[]> {
  const full = [...request.busy].filter(([, busy]) => busy >= request.perLane);
  const rows = await db.query<ClaimedRow>({
    name: 'notices_claim',
    text: `UPDATE alert_notices n SET claim = claim + 1,
        next_at = clock_timestamp() + make_interval(secs => $1)
      FROM (
        SELECT d.id, coalesce(r.workspace_id, p.workspace_id) AS workspace_id, p.sealed_secret
        FROM alert_notices d
        LEFT JOIN alert_rules r ON r.id = d.rule_id
        LEFT JOIN notification_preferences p ON p.id = d.preference_id
        WHERE d.next_at <= clock_timestamp()
          AND (CASE d.channel WHEN 'email' THEN 'email' ELSE d.channel || ' ' || d.target END) <> ALL ($3::text[])
        ORDER BY d.next_at LIMIT $2 FOR UPDATE OF d SKIP LOCKED
      ) due
      WHERE n.id = due.id
      RETURNING n.id, n.claim, due.workspace_id, n.preference_id, n.channel, n.target, n.subject, n.body,
        due.sealed_secret, n.tries`,
    values: [request.leaseMs / 1_000, request.limit, full.map(([lane]) => lane)],
  });
  return rows.map((row) => ({
    id: row.id,
    claim: row.claim,
    workspaceId: row.workspace_id,
    preferenceId: row.preference_id,
    channel: row.channel,
    target: row.target,
    subject: fromStorableText(row.subject),
    body: fromStorableText(row.body),
    sealedSecret: row.sealed_secret,
    tries: row.tries,
  }));
}

/** How an attempt ended. */
export interface NoticeOutcome {
  /** What went wrong, without what is secret; null: it was sent. */
  readonly error: string | null;
  /** Null: there is no other attempt. */
  readonly againMs: number | null;
}

/** Records an attempt, once for a claim. Nothing is written for a lost claim. */
export async function recordNotice(
  db: Queryable,
  { id, claim }: Pick<ClaimedNotice, 'id' | 'claim'>,
  outcome: NoticeOutcome,
): Promise<void> {
  await db.execute({
    name: 'notice_record',
    text: `UPDATE alert_notices SET tries = tries + 1, claim = claim + 1, error = $3,
        sent_at = CASE WHEN $3::text IS NULL THEN clock_timestamp() END,
        next_at = clock_timestamp() + make_interval(secs => $4)
      WHERE id = $1 AND claim = $2`,
    values: [
      ...[id, claim, storableOrNull(outcome.error)],
      outcome.againMs === null ? null : outcome.againMs / 1_000,
    ],
  });
}

/** Gives a claim back before anything was sent under it. */
export async function releaseNotice(
  db: Queryable,
  { id, claim }: Pick<ClaimedNotice, 'id' | 'claim'>,
): Promise<void> {
  await db.execute({
    name: 'notice_release',
    text: `UPDATE alert_notices SET next_at = date_trunc('milliseconds', clock_timestamp())
      WHERE id = $1 AND claim = $2`,
    values: [id, claim],
  });
}

/** The latest messages of an alert. */
export async function listAlertNotices(
  db: Queryable,
  ruleId: string,
): Promise<
  readonly {
    readonly channel: string;
    readonly target: string;
    readonly subject: string;
    readonly tries: number;
    readonly sent_at: Date | null;
    readonly error: string | null;
    readonly created_at: Date;
  }[]
> {
  return await db.query({
    text: `SELECT channel, target, subject, tries, sent_at, error, created_at FROM alert_notices
      WHERE rule_id = $1 ORDER BY created_at DESC LIMIT 20`,
    values: [ruleId],
  });
}

/** Messages of a month ago. */
export async function sweepNotices(db: Database): Promise<number> {
  return await db.execute(
    `DELETE FROM alert_notices WHERE next_at IS NULL AND created_at < clock_timestamp() - interval '30 days'`,
  );
}
