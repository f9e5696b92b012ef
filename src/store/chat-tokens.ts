import type { ChatCredential } from '../core/chat.ts';
import { fromStorableOrNull, storableOrNull } from '../core/storable-text.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Queryable } from './connect.ts';
import { inScopeSql, scopeValue } from './page-sql.ts';

// Tokens of people outside. Only hashes of secrets are here; expiry is judged by the database's clock. A closed session has none.

interface Row {
  readonly id: string;
  readonly session_id: string;
  readonly workspace_id: string;
  readonly end_user: string | null;
  readonly end_user_email: string | null;
  readonly expires_at: Date;
}

const columns = 't.id, t.session_id, t.workspace_id, t.end_user, t.end_user_email, t.expires_at';
const isGood = `t.revoked_at IS NULL AND t.expires_at > clock_timestamp() AND EXISTS (
    SELECT 1 FROM chat_sessions s JOIN workspaces w ON w.id = s.workspace_id
    WHERE s.id = t.session_id AND s.archived_at IS NULL AND w.deleted_at IS NULL)`;

export interface NewChatToken {
  readonly id: string;
  readonly sessionId: string;
  readonly workspaceId: string;
  readonly secretHash: Buffer;
  readonly endUser: string | null;
  readonly endUserEmail: string | null;
  readonly endCompanyId: string | null;
  readonly ttlS: number;
}

/** Stores a token; who it is for becomes the name of a contact that has none. */
export async function insertChatToken(tx: Queryable, token: NewChatToken): Promise<ChatCredential> {
  const rows = await tx.query<Row>({
    name: 'chat_token_insert',
    text: `INSERT INTO chat_tokens AS t (id, session_id, workspace_id, secret_hash, end_user, end_user_email,
        end_company_id, expires_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, clock_timestamp() + make_interval(secs => $8)) RETURNING ${columns}`,
    values: [
      token.id,
      token.sessionId,
      token.workspaceId,
      token.secretHash,
      storableOrNull(token.endUser),
      storableOrNull(token.endUserEmail),
      storableOrNull(token.endCompanyId),
      token.ttlS,
    ],
  });
  await tx.execute({
    name: 'chat_token_names_contact',
    text: `UPDATE contacts c SET first_name = $2, updated_at = clock_timestamp() FROM conversations v
      WHERE v.id = $1 AND c.id = v.contact_id AND c.first_name IS NULL AND $2::text IS NOT NULL`,
    values: [token.sessionId, storableOrNull(token.endUser)],
  });
  if (rows[0] === undefined) throw new Error('The token was not stored.');
  return toCredential(rows[0]);
}

/** Whom the hash of a secret stands for; null when unknown, expired, revoked, or of a closed session. */
export async function findChatToken(
  db: Queryable,
  secretHash: Buffer,
): Promise<ChatCredential | null> {
  const rows = await db.query<Row>({
    name: 'chat_token_find',
    text: `SELECT ${columns} FROM chat_tokens t WHERE t.secret_hash = $1 AND ${isGood}`,
    values: [secretHash],
  });
  return rows[0] === undefined ? null : toCredential(rows[0]);
}

/** Whether the token still stands for somebody. */
export async function isChatTokenGood(db: Queryable, id: string): Promise<boolean> {
  const rows = await db.query({
    name: 'chat_token_is_good',
    text: `SELECT 1 FROM chat_tokens t WHERE t.id = $1 AND ${isGood}`,
    values: [id],
  });
  return rows.length > 0;
}

/** Ends a token at once; false: there is none in scope that was not ended before. */
export async function revokeChatToken(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<boolean> {
  const changed = await db.execute({
    name: 'chat_token_revoke',
    text: `UPDATE chat_tokens t SET revoked_at = clock_timestamp()
      WHERE t.id = $1 AND t.revoked_at IS NULL AND ${inScopeSql('t.workspace_id', '$2')}`,
    values: [id, scopeValue(scope)],
  });
  return changed > 0;
}

/** Removes what expired more than a day ago. */
export function sweepChatTokens(db: Queryable): Promise<number> {
  return db.execute(
    `DELETE FROM chat_tokens WHERE expires_at <= clock_timestamp() - interval '1 day'`,
  );
}

function toCredential(row: Row): ChatCredential {
  return {
    id: row.id,
    sessionId: row.session_id,
    workspaceId: row.workspace_id,
    endUser: fromStorableOrNull(row.end_user),
    endUserEmail: fromStorableOrNull(row.end_user_email),
    expiresAt: row.expires_at,
  };
}
