import type { Erasure } from '../core/erasure.ts';
import { type Page, type PageRequest, toPage } from '../core/page.ts';
import type { ScopedKey } from '../core/workspace-scope.ts';
import type { Database, Queryable } from './connect.ts';
import { Conditions, inScopeSql, scopeValue } from './page-sql.ts';
import type { PersonalDataOf } from './personal-data.ts';

interface ErasureRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly contact_id: string;
  readonly status: 'pending' | 'done';
  readonly erased: Readonly<Record<string, number>>;
  readonly requested_by: string | null;
  readonly created_at: Date;
  readonly completed_at: Date | null;
}

const columns =
  'id, workspace_id, contact_id, status, erased, requested_by, created_at, completed_at';

/**
 * Begins an erasure, or finds the one that is under way. From then on who writes from the contact's addresses is
 * somebody new, and no agent answers the old threads. Null when there is no such contact in scope.
 */
export async function beginErasure(
  db: Database,
  request: ScopedKey & { readonly erasureId: string; readonly requestedBy: string },
): Promise<Erasure | null> {
  return await db.transaction(async (tx) => {
    const [contact] = await tx.query<{ workspace_id: string }>({
      text: `SELECT workspace_id FROM contacts WHERE id = $1 AND ${inScopeSql('workspace_id', '$2')} FOR UPDATE`,
      values: [request.id, scopeValue(request.scope)],
    });
    if (contact === undefined) return null;
    const [open] = await tx.query<ErasureRow>({
      text: `SELECT ${columns} FROM erasures WHERE contact_id = $1 AND status = 'pending'`,
      values: [request.id],
    });
    if (open !== undefined) return toErasure(open);
    const [row] = await tx.query<ErasureRow>({
      text: `INSERT INTO erasures (id, workspace_id, contact_id, known_by, requested_by)
        SELECT $1, $2, $3, ${knownBySql}, $4 RETURNING ${columns}`,
      values: [request.erasureId, contact.workspace_id, request.id, request.requestedBy],
    });
    for (const text of [
      `UPDATE contacts SET first_name = NULL, last_name = NULL, image_url = NULL, last_message_preview = NULL,
        ai_paused = true WHERE id = $1`,
      `UPDATE contact_channels SET value = 'erased ' || id WHERE contact_id = $1`,
      `UPDATE conversations SET thread_key = 'erased ' || id, due_at = NULL, ai_paused = true WHERE contact_id = $1`,
      `UPDATE chat_sessions SET title = NULL, instructions = NULL, archived_at = coalesce(archived_at, clock_timestamp())
        WHERE id IN (SELECT id FROM conversations WHERE contact_id = $1)`,
      `DELETE FROM chat_tokens WHERE session_id IN (SELECT id FROM conversations WHERE contact_id = $1)`,
      `DELETE FROM chat_uploads WHERE session_id IN (SELECT id FROM conversations WHERE contact_id = $1)`,
    ]) {
      await tx.execute({ text, values: [request.id] });
    }
    if (row === undefined) throw new Error('The erasure that was just begun is not there.');
    return toErasure(row);
  });
}

/** `$3`: the contact. */
const knownBySql = `ARRAY[$3::text] || ARRAY(SELECT id::text FROM conversations WHERE contact_id = $3)
  || ARRAY(SELECT id::text FROM contact_channels WHERE contact_id = $3)
  || ARRAY(SELECT value FROM contact_channels WHERE contact_id = $3)`;

/**
 * What a contact is known by, under an erasure that the caller's transaction takes back: for reading alone.
 * Null when there is no such contact in scope.
 */
export async function pretendErasure(
  tx: Queryable,
  request: ScopedKey & { readonly erasureId: string },
): Promise<PersonalDataOf | null> {
  const [row] = await tx.query<{ workspace_id: string; known_by: string[] }>({
    text: `INSERT INTO erasures (id, workspace_id, contact_id, known_by, status)
      SELECT $1, workspace_id, id, ${knownBySql}, 'done' FROM contacts
      WHERE id = $3 AND ${inScopeSql('workspace_id', '$2')} RETURNING workspace_id, known_by`,
    values: [request.erasureId, scopeValue(request.scope), request.id],
  });
  if (row === undefined) return null;
  return { erasureId: request.erasureId, workspaceId: row.workspace_id, knownBy: row.known_by };
}

/** Claims the erasure that has waited longest; due again after the lease. */
export async function claimErasure(
  db: Queryable,
  leaseMs: number,
): Promise<
  (PersonalDataOf & { readonly claim: number; readonly erased: Erasure['erased'] }) | null
> {
  const [row] = await db.query<ErasureRow & { known_by: string[]; claim: number }>({
    text: `UPDATE erasures SET claim = claim + 1, due_at = clock_timestamp() + make_interval(secs => $1)
      WHERE id = (SELECT id FROM erasures WHERE status = 'pending' AND due_at <= clock_timestamp()
        ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
      RETURNING ${columns}, known_by, claim`,
    values: [leaseMs / 1_000],
  });
  if (row === undefined) return null;
  const { id: erasureId, workspace_id: workspaceId, known_by: knownBy, claim, erased } = row;
  return { erasureId, workspaceId, knownBy, claim, erased };
}

/** Adds to what went of a table, in the transaction that took it away. */
export async function countErased(
  tx: Queryable,
  erasureId: string,
  went: { readonly table: string; readonly rows: number },
): Promise<void> {
  await tx.execute({
    text: `UPDATE erasures SET erased = erased || jsonb_build_object($2::text,
        coalesce((erased ->> $2)::bigint, 0) + $3) WHERE id = $1`,
    values: [erasureId, went.table, went.rows],
  });
}

/** Looks at it again after so long. */
export async function postponeErasure(
  db: Queryable,
  { erasureId, claim }: { readonly erasureId: string; readonly claim: number },
  afterMs: number,
): Promise<void> {
  await db.execute({
    text: `UPDATE erasures SET due_at = clock_timestamp() + make_interval(secs => $3)
      WHERE id = $1 AND claim = $2 AND status = 'pending'`,
    values: [erasureId, claim, afterMs / 1_000],
  });
}

/** Nothing is left; what the contact was known by goes as well. */
export async function finishErasure(
  db: Database,
  { erasureId, claim }: { readonly erasureId: string; readonly claim: number },
): Promise<void> {
  await db.transaction(async (tx) => {
    const ended = await tx.execute({
      text: `UPDATE erasures SET status = 'done', known_by = '{}', completed_at = clock_timestamp()
        WHERE id = $1 AND claim = $2 AND status = 'pending'`,
      values: [erasureId, claim],
    });
    if (ended === 0) return;
    await tx.execute({
      text: 'DELETE FROM erasure_runs WHERE erasure_id = $1',
      values: [erasureId],
    });
  });
}

/** Null when there is none in scope. */
export async function getErasure(db: Queryable, { scope, id }: ScopedKey): Promise<Erasure | null> {
  const [row] = await db.query<ErasureRow>({
    text: `SELECT ${columns} FROM erasures WHERE id = $1 AND ${inScopeSql('workspace_id', '$2')}`,
    values: [id, scopeValue(scope)],
  });
  return row === undefined ? null : toErasure(row);
}

export async function listErasures(
  db: Queryable,
  workspaceId: string,
  page: PageRequest,
): Promise<Page<Erasure>> {
  const conditions = new Conditions().inScope([workspaceId], 'workspace_id');
  const tail = conditions.pageOf(page);
  const rows = await db.query<ErasureRow>({
    text: `SELECT ${columns} FROM erasures ${tail}`,
    values: conditions.values,
  });
  return toPage(rows.map(toErasure), page.limit, (erasure) => erasure);
}

function toErasure(row: ErasureRow): Erasure {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    contactId: row.contact_id,
    status: row.status,
    erased: row.erased,
    requestedBy: row.requested_by,
    createdAt: row.created_at,
    completedAt: row.completed_at,
  };
}
