import type { Person, Role, User } from '../core/member.ts';
import { fromStorableOrNull, fromStorableText } from '../core/storable-text.ts';
import type { Database, Queryable } from './connect.ts';

// People, apart from their workspaces (members.ts). Only hashes of passwords and invitations are here.

export interface UserRow {
  readonly id: string;
  readonly email: string;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly picture_url: string | null;
}

export const userColumns = 'u.id, u.email, u.first_name, u.last_name, u.picture_url';

export function toUser(row: UserRow): User {
  return {
    id: row.id,
    email: fromStorableText(row.email),
    firstName: fromStorableOrNull(row.first_name),
    lastName: fromStorableOrNull(row.last_name),
    pictureUrl: fromStorableOrNull(row.picture_url),
  };
}

interface PersonRow {
  readonly id: string;
  readonly email: string;
  readonly workspace_ids: string[];
  readonly roles: Role[];
}

const personSql = `SELECT u.id, u.email,
    coalesce(array_agg(m.workspace_id ORDER BY m.workspace_id) FILTER (WHERE w.id IS NOT NULL), '{}') AS workspace_ids,
    coalesce(array_agg(m.role ORDER BY m.workspace_id) FILTER (WHERE w.id IS NOT NULL), '{}') AS roles
  FROM users u LEFT JOIN members m ON m.user_id = u.id
  LEFT JOIN workspaces w ON w.id = m.workspace_id AND w.deleted_at IS NULL`;

/** A person with their roles as they are now; null when there is none, or they are in no workspace. */
export async function readPerson(db: Queryable, userId: string): Promise<Person | null> {
  const rows = await db.query<PersonRow>({
    name: 'read_person',
    text: `${personSql} WHERE u.id = $1 GROUP BY u.id`,
    values: [userId],
  });
  return toPerson(rows[0]);
}

/** Who is known at an issuer under this subject; null for nobody. */
export async function findPersonByIdentity(
  db: Queryable,
  identity: { readonly issuer: string; readonly subject: string },
): Promise<Person | null> {
  const rows = await db.query<PersonRow>({
    name: 'find_person_by_identity',
    text: `${personSql} WHERE u.identity_issuer = $1 AND u.identity_subject = $2 GROUP BY u.id`,
    values: [identity.issuer, identity.subject],
  });
  return toPerson(rows[0]);
}

/**
 * Joins an identity to the account with an address that its issuer vouches for, if that has none yet.
 * Whoever set the account up before did not have to prove the address: their password, invitation and
 * sessions end. Null when there is no such account.
 */
export function bindIdentity(
  db: Database,
  identity: { readonly issuer: string; readonly subject: string; readonly email: string },
): Promise<string | null> {
  return db.transaction(async (tx) => {
    const [row] = await tx.query<{ id: string }>({
      text: `UPDATE users SET identity_issuer = $1, identity_subject = $2, password_hash = NULL,
          invitation_hash = NULL, invitation_expires_at = NULL, updated_at = clock_timestamp()
        WHERE email = $3 AND identity_issuer IS NULL RETURNING id`,
      values: [identity.issuer, identity.subject, identity.email],
    });
    if (row === undefined) return null;
    await tx.execute({ text: 'DELETE FROM sessions WHERE user_id = $1', values: [row.id] });
    return row.id;
  });
}

export interface PasswordOf {
  readonly userId: string;
  readonly passwordHash: string;
}

/** The password's hash of an account; null when there is none, or it has no password. */
export async function findPassword(
  db: Queryable,
  by: { readonly email: string } | { readonly userId: string },
): Promise<PasswordOf | null> {
  const [row] = await db.query<{ id: string; password_hash: string }>({
    text: `SELECT id, password_hash FROM users WHERE ${'email' in by ? 'email' : 'id'} = $1
      AND password_hash IS NOT NULL`,
    values: ['email' in by ? by.email : by.userId],
  });
  return row === undefined ? null : { userId: row.id, passwordHash: row.password_hash };
}

/** Whether an invitation stands; it is for looking before the slow hash is made. */
export async function hasInvitation(db: Queryable, invitationHash: Buffer): Promise<boolean> {
  const rows = await db.query({
    text: `SELECT 1 FROM users WHERE invitation_hash = $1 AND invitation_expires_at > clock_timestamp()`,
    values: [invitationHash],
  });
  return rows.length > 0;
}

/** Sets the password of whom the invitation is for, once. Null when it is unknown, used or too old. */
export function acceptInvitation(
  db: Database,
  given: { readonly invitationHash: Buffer; readonly passwordHash: string },
): Promise<string | null> {
  return db.transaction(async (tx) => {
    const [row] = await tx.query<{ id: string }>({
      text: `UPDATE users SET password_hash = $2, invitation_hash = NULL, invitation_expires_at = NULL,
          updated_at = clock_timestamp()
        WHERE invitation_hash = $1 AND invitation_expires_at > clock_timestamp() RETURNING id`,
      values: [given.invitationHash, given.passwordHash],
    });
    if (row === undefined) return null;
    await tx.execute({ text: 'DELETE FROM sessions WHERE user_id = $1', values: [row.id] });
    return row.id;
  });
}

/** Replaces a password, unless it was replaced meanwhile, and ends every session but one. */
export function replacePassword(
  db: Database,
  given: {
    readonly userId: string;
    readonly formerHash: string;
    readonly passwordHash: string;
    readonly keepSession: Buffer;
  },
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const written = await tx.execute({
      text: `UPDATE users SET password_hash = $3, invitation_hash = NULL, invitation_expires_at = NULL,
          updated_at = clock_timestamp() WHERE id = $1 AND password_hash = $2`,
      values: [given.userId, given.formerHash, given.passwordHash],
    });
    if (written === 0) return false;
    await tx.execute({
      text: 'DELETE FROM sessions WHERE user_id = $1 AND secret_hash <> $2',
      values: [given.userId, given.keepSession],
    });
    return true;
  });
}

function toPerson(row: PersonRow | undefined): Person | null {
  if (row === undefined || row.roles.length === 0) return null;
  const roles = row.workspace_ids.map((id, at) => [id, row.roles[at] as Role] as const);
  return { userId: row.id, email: fromStorableText(row.email), roles: new Map(roles) };
}
