import { ApiError } from '../core/errors.ts';
import { isId, newId } from '../core/ids.ts';
import { type Page, type PageRequest, toPage } from '../core/page.ts';
import { fromStorableText, toStorableText } from '../core/storable-text.ts';
import type { Credential, Token, TokenAccess, TokenLimits } from '../core/token.ts';
import { unlimited } from '../core/token.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Database, Queryable } from './connect.ts';
import { Conditions } from './page-sql.ts';
import { type InTransaction, requireWorkspace } from './workspaces.ts';

// Only hashes of secrets are here. Expiry is judged by the database's clock.

type CredentialRow = Pick<
  TokenRow,
  'id' | 'name' | 'access' | 'scopes' | 'agent_ids' | 'workspace_ids'
>;

interface TokenRow {
  readonly id: string;
  readonly name: string;
  readonly access: TokenAccess;
  readonly scopes: string[] | null;
  readonly agent_ids: string[] | null;
  readonly workspace_ids: string[];
  readonly hint: string;
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly last_used_at: Date | null;
}

const workspaceIds = `ARRAY(
  SELECT w.id FROM token_workspaces tw JOIN workspaces w ON w.id = tw.workspace_id
  WHERE tw.token_id = t.id AND w.deleted_at IS NULL ORDER BY w.id) AS workspace_ids`;
const credentialColumns = `t.id, t.name, coalesce(t.base_access, t.access) AS access, t.scopes, t.agent_ids,
  ${workspaceIds}`;
const columns = `${credentialColumns}, t.hint, t.created_at, t.expires_at, t.last_used_at`;
const adminTokenLock = 7_364_002;

export interface NewToken {
  readonly name: string;
  readonly access: 'read' | 'write';
  readonly workspaceIds: readonly string[];
  /** Default: none. */
  readonly limits?: TokenLimits;
  readonly expiresAt: Date | null;
  /** SHA-256 of the secret (`hashTokenSecret`). */
  readonly secretHash: Buffer;
  readonly hint: string;
}

/**
 * Stores a token. Throws `invalid_workspace` for an unknown workspace, `forbidden` for one out of scope,
 * `validation_error` without workspaces, with an expiry that has passed, or with agents of others.
 */
export function createToken(
  db: Database,
  scope: WorkspaceScope,
  input: NewToken,
  inTransaction?: InTransaction<Token>,
): Promise<Token> {
  const ids = [...new Set(input.workspaceIds)].sort();
  if (ids.length === 0) {
    throw new ApiError('validation_error', 'A token needs at least one workspace.', {
      details: { workspace_ids: 'Name at least one workspace.' },
    });
  }
  return db.transaction(async (tx) => {
    for (const id of ids) await requireWorkspace(tx, scope, id);
    const { scopes, agentIds } = input.limits ?? unlimited;
    if (agentIds !== null) await requireAgents(tx, ids, agentIds);
    const isLimited = scopes !== null || agentIds !== null;
    const id = newId('token');
    const written = await tx.execute({
      text: `INSERT INTO tokens (id, name, access, secret_hash, hint, expires_at, base_access, scopes, agent_ids)
        SELECT $1, $2, $3, $4, $5, $6::timestamptz, $7, $8::text[], $9::text[]
        WHERE $6::timestamptz IS NULL OR $6::timestamptz > clock_timestamp()`,
      values: [
        id,
        toStorableText(input.name),
        isLimited ? 'limited' : input.access,
        input.secretHash,
        toStorableText(input.hint),
        input.expiresAt,
        isLimited ? input.access : null,
        scopes,
        agentIds,
      ],
    });
    if (written === 0) {
      throw new ApiError('validation_error', 'The expiry of the token has passed already.', {
        details: { expires_at: 'Give a time in the future, or null for no expiry.' },
      });
    }
    await tx.execute({
      text: 'INSERT INTO token_workspaces (token_id, workspace_id) SELECT $1, unnest($2::text[])',
      values: [id, ids],
    });
    const token = await readToken(tx, id);
    await inTransaction?.(tx, token);
    return token;
  });
}

/** Whom the hash of a secret stands for; null when unknown, expired or revoked. */
export async function findTokenByHash(
  db: Queryable,
  secretHash: Buffer,
): Promise<Credential | null> {
  const rows = await db.query<CredentialRow>({
    name: 'find_token_by_hash',
    text: `SELECT ${credentialColumns} FROM tokens t
      WHERE t.secret_hash = $1 AND t.revoked_at IS NULL
        AND (t.expires_at IS NULL OR t.expires_at > clock_timestamp())`,
    values: [secretHash],
  });
  const row = rows[0];
  if (row === undefined) return null;
  return toCredential(row);
}

/** What a token stands for, by its id; null when unknown, expired or revoked. */
export async function readCredential(db: Queryable, id: string): Promise<Credential | null> {
  const [row] = await db.query<CredentialRow>({
    name: 'read_credential',
    text: `SELECT ${credentialColumns} FROM tokens t
      WHERE t.id = $1 AND t.revoked_at IS NULL
        AND (t.expires_at IS NULL OR t.expires_at > clock_timestamp())`,
    values: [id],
  });
  if (row === undefined) return null;
  return toCredential(row);
}

/**
 * A page of tokens that are not revoked, newest first; expired ones are shown. A scope sees the tokens
 * that reach nothing outside it, and only `all` sees the admin's.
 */
export async function listTokens(
  db: Queryable,
  scope: WorkspaceScope,
  page: PageRequest,
): Promise<Page<Token>> {
  const conditions = new Conditions();
  if (scope !== 'all') conditions.add(scope, withinScope);
  const tail = conditions.pageOf(page, ['t.revoked_at IS NULL'], 't');
  const rows = await db.query<TokenRow>({
    text: `SELECT ${columns} FROM tokens t ${tail}`,
    values: conditions.values,
  });
  return toPage(rows.map(toToken), page.limit, (token) => token);
}

/** A token that is not revoked, expired or not; null when there is none in scope. */
export async function getToken(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<Token | null> {
  if (!isId(id)) return null;
  const conditions = new Conditions().add(id, (placeholder) => `t.id = ${placeholder}`);
  if (scope !== 'all') conditions.add(scope, withinScope);
  const [row] = await db.query<TokenRow>({
    text: `SELECT ${columns} FROM tokens t ${conditions.where('t.revoked_at IS NULL')}`,
    values: conditions.values,
  });
  return row === undefined ? null : toToken(row);
}

/** Those of the ids that are tokens which may write in the workspace now, or its members but viewers. */
export async function listWriters(
  db: Queryable,
  workspaceId: string,
  ids: readonly string[],
): Promise<readonly string[]> {
  const rows = await db.query<{ id: string }>({
    text: `SELECT t.id FROM tokens t WHERE t.id = ANY ($1) AND t.revoked_at IS NULL
      AND (t.expires_at IS NULL OR t.expires_at > clock_timestamp())
      AND (t.access = 'admin' OR t.access = 'write' AND EXISTS (
        SELECT 1 FROM token_workspaces tw WHERE tw.token_id = t.id AND tw.workspace_id = $2))
      UNION ALL SELECT m.user_id FROM members m
      WHERE m.user_id = ANY ($1) AND m.workspace_id = $2 AND m.role <> 'viewer'`,
    values: [ids.map(toStorableText), workspaceId],
  });
  return rows.map(({ id }) => id);
}

/** Ends a token at once. Null when there is none in scope. The admin token is refused with `conflict`. */
export async function revokeToken(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<Token | null> {
  if (!isId(id)) return null;
  const conditions = new Conditions().add(id, (placeholder) => `t.id = ${placeholder}`);
  if (scope !== 'all') conditions.add(scope, withinScope);
  const rows = await db.query<TokenRow>({
    text: `UPDATE tokens t SET revoked_at = CASE WHEN t.access = 'admin' THEN NULL ELSE clock_timestamp() END
      ${conditions.where('t.revoked_at IS NULL')} RETURNING ${columns}`,
    values: conditions.values,
  });
  const token = rows[0] === undefined ? null : toToken(rows[0]);
  if (token?.access === 'admin') {
    throw new ApiError(
      'conflict',
      'The admin token cannot be revoked. Replace it by setting SIGNALBOX_ADMIN_TOKEN and restarting.',
    );
  }
  return token;
}

/** Notes that a token was used, at most once a minute. */
export async function touchToken(db: Queryable, id: string): Promise<void> {
  await db.execute({
    name: 'touch_token',
    text: `UPDATE tokens SET last_used_at = clock_timestamp() WHERE id = $1
      AND (last_used_at IS NULL OR last_used_at < clock_timestamp() - interval '1 minute')`,
    values: [id],
  });
}

/**
 * The secret whose hash is given is the admin token from now on, and no other one is. With `onlyIfNone`
 * it is stored only when there is no admin token yet. True when it was stored or was there already.
 */
export function ensureAdminToken(
  db: Database,
  input: { readonly secretHash: Buffer; readonly hint: string; readonly onlyIfNone?: boolean },
): Promise<boolean> {
  return db.transaction(async (tx) => {
    await tx.query({ text: 'SELECT pg_advisory_xact_lock($1)', values: [adminTokenLock] });
    if (input.onlyIfNone === true && (await hasAdminToken(tx))) return false;
    await tx.execute({
      text: `UPDATE tokens SET revoked_at = clock_timestamp()
        WHERE access = 'admin' AND revoked_at IS NULL AND secret_hash <> $1`,
      values: [input.secretHash],
    });
    // A secret that was a token before becomes the admin's: the operator says so by configuring it.
    const [row] = await tx.query<{ id: string }>({
      text: `INSERT INTO tokens (id, name, access, secret_hash, hint) VALUES ($1, 'Admin', 'admin', $2, $3)
        ON CONFLICT (secret_hash) DO UPDATE SET access = 'admin', base_access = NULL, scopes = NULL, agent_ids = NULL,
          expires_at = NULL, revoked_at = NULL
        RETURNING id`,
      values: [newId('token'), input.secretHash, toStorableText(input.hint)],
    });
    await tx.execute({
      text: 'DELETE FROM token_workspaces WHERE token_id = $1',
      values: [row?.id],
    });
    return true;
  });
}

/** Whether an admin token is stored: when not, the first start mints one. */
export async function hasAdminToken(db: Queryable): Promise<boolean> {
  const rows = await db.query(
    `SELECT 1 FROM tokens WHERE access = 'admin' AND revoked_at IS NULL LIMIT 1`,
  );
  return rows.length > 0;
}

const withinScope = (placeholder: string): string => `t.access <> 'admin'
  AND EXISTS (SELECT 1 FROM token_workspaces tw WHERE tw.token_id = t.id)
  AND NOT EXISTS (SELECT 1 FROM token_workspaces tw
    WHERE tw.token_id = t.id AND tw.workspace_id <> ALL (${placeholder}))`;

async function requireAgents(
  tx: Queryable,
  workspaces: readonly string[],
  agentIds: readonly string[],
): Promise<void> {
  const found = await tx.query<{ id: string }>({
    text: `SELECT id FROM agents WHERE id = ANY ($1) AND workspace_id = ANY ($2) AND deleted_at IS NULL`,
    values: [agentIds, workspaces],
  });
  const known = new Set(found.map(({ id }) => id));
  const unknown = agentIds.find((id) => !known.has(id));
  if (unknown === undefined) return;
  throw new ApiError('validation_error', 'A token names an agent that is not in its workspaces.', {
    details: { agent_ids: `${unknown} is not an agent of these workspaces` },
  });
}

async function readToken(tx: Queryable, id: string): Promise<Token> {
  const [row] = await tx.query<TokenRow>({
    text: `SELECT ${columns} FROM tokens t WHERE t.id = $1`,
    values: [id],
  });
  if (row === undefined) throw new Error('The token that was just written is not there.');
  return toToken(row);
}

function scopeOf(row: CredentialRow): WorkspaceScope {
  return row.access === 'admin' ? 'all' : row.workspace_ids;
}

function toCredential(row: CredentialRow): Credential {
  return {
    tokenId: row.id,
    name: fromStorableText(row.name),
    access: row.access,
    workspaces: scopeOf(row),
    limits: { scopes: row.scopes, agentIds: row.agent_ids },
  };
}

function toToken(row: TokenRow): Token {
  return {
    id: row.id,
    name: fromStorableText(row.name),
    access: row.access,
    workspaces: scopeOf(row),
    limits: { scopes: row.scopes, agentIds: row.agent_ids },
    hint: fromStorableText(row.hint),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  };
}
