import type {
  Retention,
  RetentionCounts,
  RetentionKind,
  RetentionRules,
} from '../core/retention.ts';
import type { Queryable } from './connect.ts';

// Rules of retention, and whose turn it is. A pass belongs to the process that claimed the workspace last: each of
// its batches is one transaction that matches the claim, so that one which lost it removes nothing more.

/** A place in what is ordered by age, then id. */
export interface Mark {
  readonly at: string;
  readonly id: string;
}

/** How far a round over everything that is too old has come. */
export interface Round {
  readonly begunAt: string;
  readonly after: Mark | null;
}

/** What is gone through on its own: some kinds are in two tables. */
export type RoundName = RetentionKind | 'event_payloads' | 'tool_run_logs';
export type Rounds = Readonly<Partial<Record<RoundName, Round>>>;

export interface ClaimedRetention {
  readonly workspaceId: string;
  readonly rules: RetentionRules;
  readonly rounds: Rounds;
  readonly claim: number;
  /** The database's clock at the claim. */
  readonly now: Date;
}

interface Row {
  readonly workspace_id: string;
  readonly rules: RetentionRules;
  readonly removed: RetentionCounts;
  readonly passed_at: Date | null;
}

/** The workspace's rules; none where it has set none. */
export async function getRetention(db: Queryable, workspaceId: string): Promise<Retention> {
  const [row] = await db.query<Row>({
    name: 'retention-get',
    text: 'SELECT workspace_id, rules, removed, passed_at FROM retention WHERE workspace_id = $1',
    values: [workspaceId],
  });
  return {
    workspaceId,
    rules: row?.rules ?? {},
    removed: row?.removed ?? {},
    passedAt: row?.passed_at ?? null,
  };
}

/** Sets all rules at once. A pass that is under way by the former ones ends with its batch; the next begins at once. */
export async function setRetention(
  db: Queryable,
  workspaceId: string,
  rules: RetentionRules,
): Promise<void> {
  await db.execute({
    name: 'retention-set',
    text: `INSERT INTO retention AS r (workspace_id, rules) VALUES ($1, $2)
      ON CONFLICT (workspace_id) DO UPDATE SET rules = excluded.rules, marks = '{}', claim = r.claim + 1,
        due_at = clock_timestamp(), updated_at = clock_timestamp()`,
    values: [workspaceId, JSON.stringify(rules)],
  });
}

/** Workspaces whose turn it is. What is not settled or extended within the lease is claimed by another process. */
export async function claimRetention(
  db: Queryable,
  given: { readonly limit: number; readonly leaseMs: number },
): Promise<readonly ClaimedRetention[]> {
  const rows = await db.query<{
    workspace_id: string;
    rules: RetentionRules;
    marks: Rounds;
    claim: number;
    now: Date;
  }>({
    name: 'retention-claim',
    text: `UPDATE retention SET claim = claim + 1, due_at = clock_timestamp() + make_interval(secs => $2)
      WHERE workspace_id IN (
        SELECT r.workspace_id FROM retention r JOIN workspaces w ON w.id = r.workspace_id
        WHERE r.due_at <= clock_timestamp() AND r.rules <> '{}' AND w.deleted_at IS NULL
        ORDER BY r.due_at LIMIT $1 FOR UPDATE OF r SKIP LOCKED
      )
      RETURNING workspace_id, rules, marks, claim, clock_timestamp() AS now`,
    values: [given.limit, given.leaseMs / 1_000],
  });
  return rows.map((row) => ({
    workspaceId: row.workspace_id,
    rules: row.rules,
    rounds: row.marks,
    claim: row.claim,
    now: row.now,
  }));
}

/**
 * Holds the claim for the rest of the transaction, notes how far the round is and what was removed. False: it is
 * another's by now, and nothing may be removed.
 */
export async function extendRetention(
  tx: Queryable,
  claimed: ClaimedRetention,
  given: { readonly leaseMs: number },
): Promise<boolean> {
  const written = await tx.execute({
    name: 'retention-extend',
    text: `UPDATE retention SET due_at = clock_timestamp() + make_interval(secs => $3)
      WHERE workspace_id = $1 AND claim = $2`,
    values: [claimed.workspaceId, claimed.claim, given.leaseMs / 1_000],
  });
  return written > 0;
}

export async function noteRetention(
  tx: Queryable,
  workspaceId: string,
  note: {
    readonly round: RoundName;
    readonly kind: RetentionKind;
    readonly is: Round;
    readonly removed: number;
  },
): Promise<void> {
  await tx.execute({
    name: 'retention-note',
    text: `UPDATE retention SET marks = marks || jsonb_build_object($2::text, $3::jsonb),
        removed = removed || jsonb_build_object($4::text, coalesce((removed ->> $4)::bigint, 0) + $5::bigint)
      WHERE workspace_id = $1`,
    values: [workspaceId, note.round, JSON.stringify(note.is), note.kind, note.removed],
  });
}

/** The pass is through: the next one is due later. Nothing, when the claim was lost. */
export async function settleRetention(
  db: Queryable,
  claimed: ClaimedRetention,
  given: { readonly nextInMs: number },
): Promise<void> {
  await db.execute({
    name: 'retention-settle',
    text: `UPDATE retention SET passed_at = clock_timestamp(),
        due_at = clock_timestamp() + make_interval(secs => $3)
      WHERE workspace_id = $1 AND claim = $2`,
    values: [claimed.workspaceId, claimed.claim, given.nextInMs / 1_000],
  });
}

/** Gives the claim back: another process may go on at once. */
export async function releaseRetention(db: Queryable, claimed: ClaimedRetention): Promise<void> {
  await db.execute({
    name: 'retention-release',
    text: 'UPDATE retention SET due_at = clock_timestamp() WHERE workspace_id = $1 AND claim = $2',
    values: [claimed.workspaceId, claimed.claim],
  });
}
