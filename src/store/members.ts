import { ApiError } from '../core/errors.ts';
import { isId, newId } from '../core/ids.ts';
import type { Member, Role } from '../core/member.ts';
import { type Page, type PageRequest, toPage } from '../core/page.ts';
import { storableOrNull, toStorableText } from '../core/storable-text.ts';
import { isInScope, type WorkspaceScope } from '../core/workspace-scope.ts';
import type { Database, Queryable } from './connect.ts';
import { Conditions } from './page-sql.ts';
import { toUser, type UserRow, userColumns } from './users.ts';
import { holdWorkspace, type InTransaction } from './workspaces.ts';

// Who belongs to a workspace. A change of members holds the workspace's row, so that two changes at once
// cannot leave it without an owner.
//
// An account that a password opens, or an invitation, is as trustworthy as who set it up. Only the admin
// puts such an account into further workspaces: else the owner of one could make an account in somebody's
// name, and wait until another workspace takes it in.

interface MemberRow extends UserRow {
  readonly role: Role;
  readonly created_at: Date;
  readonly has_password: boolean;
  readonly has_identity: boolean;
}

const columns = `${userColumns}, m.role, m.created_at, u.password_hash IS NOT NULL AS has_password,
  u.identity_subject IS NOT NULL AS has_identity`;
const memberTables = `members m JOIN users u ON u.id = m.user_id
  JOIN workspaces w ON w.id = m.workspace_id AND w.deleted_at IS NULL`;

/** A page of a workspace's members, newest first; empty when the workspace is not in scope. */
export async function listMembers(
  db: Queryable,
  scope: WorkspaceScope,
  workspaceId: string,
  page: PageRequest,
): Promise<Page<Member>> {
  const conditions = new Conditions()
    .add(workspaceId, (placeholder) => `workspace_id = ${placeholder}`)
    .inScope(scope, 'workspace_id');
  const tail = conditions.pageOf(page);
  const rows = await db.query<MemberRow>({
    text: `SELECT * FROM (SELECT ${columns}, m.workspace_id FROM ${memberTables}) AS all_members ${tail}`,
    values: conditions.values,
  });
  return toPage(rows.map(toMember), page.limit, (member) => member);
}

export interface MemberPath {
  readonly scope: WorkspaceScope;
  readonly workspaceId: string;
  readonly userId: string;
}

/** A member; null when there is none in scope. */
export async function getMember(db: Queryable, path: MemberPath): Promise<Member | null> {
  const { scope, workspaceId, userId } = path;
  if (!isId(userId) || !isId(workspaceId) || !isInScope(scope, workspaceId)) return null;
  const [row] = await db.query<MemberRow>({
    text: `SELECT ${columns} FROM ${memberTables} WHERE m.workspace_id = $1 AND m.user_id = $2`,
    values: [workspaceId, userId],
  });
  return row === undefined ? null : toMember(row);
}

export interface NewMember {
  readonly email: string;
  readonly role: Role;
  readonly firstName: string | null;
  readonly lastName: string | null;
  /** Who they are at the OpenID Connect issuer, where that is known beforehand. */
  readonly identity: { readonly issuer: string; readonly subject: string } | null;
  /** SHA-256 of the invitation's secret; used when the account is new and has no identity. */
  readonly invitation: { readonly hash: Buffer; readonly lifetimeS: number } | null;
}

/**
 * Adds somebody to a workspace, with an account if they have none yet. Null when the workspace is not in
 * scope. Throws `conflict` for a member, and for an account that only the admin may add.
 */
export function addMember(
  db: Database,
  place: { readonly scope: WorkspaceScope; readonly workspaceId: string },
  input: NewMember,
  inTransaction?: InTransaction<{ readonly member: Member; readonly invited: boolean }>,
): Promise<{ readonly member: Member; readonly invited: boolean } | null> {
  const { scope, workspaceId } = place;
  return db.transaction(async (tx) => {
    if (!(await holdWorkspace(tx, scope, workspaceId))) return null;
    const made = await insertUser(tx, input);
    const userId = made ?? (await existingUser(tx, scope, input));
    const joined = await tx.execute({
      text: `INSERT INTO members (workspace_id, user_id, role) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
      values: [workspaceId, userId, input.role],
    });
    if (joined === 0) {
      throw new ApiError('conflict', `${input.email} is a member of this workspace already.`);
    }
    const member = await getMember(tx, { scope, workspaceId, userId });
    if (member === null) throw new Error('The member that was just added is not there.');
    const result = { member, invited: made !== null && input.invitation !== null };
    await inTransaction?.(tx, result);
    return result;
  });
}

/** Gives a member another role. Null when there is none in scope; `conflict` for the last owner. */
export function changeRole(db: Database, path: MemberPath, role: Role): Promise<Member | null> {
  return withMember(db, path, async (tx, member) => {
    if (member.role === 'owner' && role !== 'owner') await requireOtherOwner(tx, path);
    await tx.execute({
      text: `UPDATE members SET role = $3, updated_at = clock_timestamp()
        WHERE workspace_id = $1 AND user_id = $2`,
      values: [path.workspaceId, path.userId, role],
    });
    return { ...member, role };
  });
}

/**
 * Takes somebody out of a workspace, at once; an account without any workspace ends. Null when there is
 * none in scope; `conflict` for the last owner.
 */
export function removeMember(db: Database, path: MemberPath): Promise<Member | null> {
  return withMember(db, path, async (tx, member) => {
    if (member.role === 'owner') await requireOtherOwner(tx, path);
    await tx.execute({
      text: 'DELETE FROM members WHERE workspace_id = $1 AND user_id = $2',
      values: [path.workspaceId, path.userId],
    });
    await tx.execute({
      text: `DELETE FROM users u WHERE id = $1
        AND NOT EXISTS (SELECT 1 FROM members m WHERE m.user_id = u.id)`,
      values: [path.userId],
    });
    return member;
  });
}

/**
 * A new invitation, with which a member sets a password; the one before, and nothing else, ends. Null when
 * there is no such member in scope. Throws `conflict` for who signs in by an identity, and `forbidden`
 * where the account reaches workspaces out of scope.
 */
export function inviteAgain(
  db: Database,
  path: MemberPath,
  invitation: { readonly hash: Buffer; readonly lifetimeS: number },
): Promise<Member | null> {
  return withMember(db, path, async (tx, member) => {
    if (member.hasIdentity) {
      throw new ApiError('conflict', 'This member signs in by OpenID Connect and has no password.');
    }
    const others = await tx.query<{ workspace_id: string }>({
      text: 'SELECT workspace_id FROM members WHERE user_id = $1',
      values: [path.userId],
    });
    if (!others.every(({ workspace_id }) => isInScope(path.scope, workspace_id))) {
      throw new ApiError(
        'forbidden',
        'This account reaches other workspaces too: only the admin token can invite it again.',
      );
    }
    await tx.execute({
      text: `UPDATE users SET invitation_hash = $2, updated_at = clock_timestamp(),
          invitation_expires_at = clock_timestamp() + make_interval(secs => $3) WHERE id = $1`,
      values: [path.userId, invitation.hash, invitation.lifetimeS],
    });
    return member;
  });
}

async function insertUser(tx: Queryable, input: NewMember): Promise<string | null> {
  const invitation = input.identity === null ? input.invitation : null;
  const [row] = await tx.query<{ id: string }>({
    text: `INSERT INTO users (id, email, first_name, last_name, identity_issuer, identity_subject,
        invitation_hash, invitation_expires_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7,
        CASE WHEN $7::bytea IS NOT NULL THEN clock_timestamp() + make_interval(secs => $8) END)
      ON CONFLICT DO NOTHING RETURNING id`,
    values: [
      newId('user'),
      toStorableText(input.email),
      storableOrNull(input.firstName),
      storableOrNull(input.lastName),
      input.identity?.issuer ?? null,
      input.identity?.subject ?? null,
      invitation?.hash ?? null,
      invitation?.lifetimeS ?? 0,
    ],
  });
  return row?.id ?? null;
}

async function existingUser(
  tx: Queryable,
  scope: WorkspaceScope,
  input: NewMember,
): Promise<string> {
  const [row] = await tx.query<{
    id: string;
    unproven: boolean;
    is_same: boolean;
    reach: string[];
  }>({
    text: `SELECT u.id, u.identity_subject IS NULL AS unproven,
        $2::text IS NULL OR (u.identity_issuer = $2 AND u.identity_subject = $3) AS is_same,
        ARRAY(SELECT m.workspace_id FROM members m WHERE m.user_id = u.id) AS reach
      FROM users u WHERE u.email = $1 FOR UPDATE`,
    values: [
      toStorableText(input.email),
      input.identity?.issuer ?? null,
      input.identity?.subject ?? null,
    ],
  });
  if (row === undefined || !row.is_same) {
    throw new ApiError(
      'conflict',
      'The address and the subject belong to two different accounts, or to one that has another subject.',
    );
  }
  const isOwn = row.reach.every((workspaceId) => isInScope(scope, workspaceId));
  if (row.unproven && !isOwn) {
    throw new ApiError(
      'conflict',
      'There is an account with this address that another workspace set up: only the admin token can add it here.',
    );
  }
  return row.id;
}

function withMember(
  db: Database,
  path: MemberPath,
  change: (tx: Queryable, member: Member) => Promise<Member>,
): Promise<Member | null> {
  return db.transaction(async (tx) => {
    if (!(await holdWorkspace(tx, path.scope, path.workspaceId))) return null;
    const member = await getMember(tx, path);
    return member === null ? null : await change(tx, member);
  });
}

async function requireOtherOwner(tx: Queryable, path: MemberPath): Promise<void> {
  const others = await tx.query({
    text: `SELECT 1 FROM members WHERE workspace_id = $1 AND user_id <> $2 AND role = 'owner' LIMIT 1`,
    values: [path.workspaceId, path.userId],
  });
  if (others.length > 0) return;
  throw new ApiError(
    'conflict',
    'This is the last owner of the workspace. Make somebody else an owner first.',
  );
}

function toMember(row: MemberRow): Member {
  return {
    ...toUser(row),
    role: row.role,
    createdAt: row.created_at,
    hasPassword: row.has_password,
    hasIdentity: row.has_identity,
  };
}
