import { ApiError } from '../core/errors.ts';
import { isId, newId } from '../core/ids.ts';
import { type Page, type PageRequest, toPage } from '../core/page.ts';
import { fromStorableText, toStorableText } from '../core/storable-text.ts';
import type { Workspace } from '../core/workspace.ts';
import { isInScope, type WorkspaceScope } from '../core/workspace-scope.ts';
import type { Database, Queryable } from './connect.ts';
import { Conditions } from './page-sql.ts';

interface WorkspaceRow {
  readonly id: string;
  readonly name: string;
  readonly rate_limit: number | null;
  readonly max_running: number | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const columns = 'id, name, rate_limit, max_running, created_at, updated_at';
/** One lock for the first start of several servers at once. */
const firstStartLock = 7_364_001;

export interface NewWorkspace {
  readonly name: string;
  /** Requests a minute; null takes the server's setting, 0 is off. */
  readonly rateLimit: number | null;
  readonly maxRunning?: number | null;
}

/** Runs in the transaction that creates the object; what it throws undoes both. */
export type InTransaction<T> = (tx: Queryable, created: T) => Promise<void>;

/** Creates `Default` when there is no workspace at all. Safe for servers that start at once. */
export function ensureDefaultWorkspace(db: Database): Promise<void> {
  return db.transaction(async (tx) => {
    await tx.query({ text: 'SELECT pg_advisory_xact_lock($1)', values: [firstStartLock] });
    const found = await tx.query('SELECT 1 FROM workspaces WHERE deleted_at IS NULL LIMIT 1');
    if (found.length === 0) await insertWorkspace(tx, { name: 'Default', rateLimit: null });
  });
}

/** A page of the workspaces in scope, newest first. */
export async function listWorkspaces(
  db: Queryable,
  scope: WorkspaceScope,
  page: PageRequest,
): Promise<Page<Workspace>> {
  const conditions = new Conditions().inScope(scope, 'id');
  const tail = conditions.pageOf(page, ['deleted_at IS NULL']);
  const rows = await db.query<WorkspaceRow>({
    text: `SELECT ${columns} FROM workspaces ${tail}`,
    values: conditions.values,
  });
  return toPage(rows.map(toWorkspace), page.limit, (workspace) => workspace);
}

/** The workspace; null when it does not exist, was deleted or is out of scope. */
export async function getWorkspace(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<Workspace | null> {
  if (!isId(id) || !isInScope(scope, id)) return null;
  const rows = await db.query<WorkspaceRow>({
    name: 'get_workspace',
    text: `SELECT ${columns} FROM workspaces WHERE id = $1 AND deleted_at IS NULL`,
    values: [id],
  });
  return rows[0] === undefined ? null : toWorkspace(rows[0]);
}

/** Creates a workspace with the inbox type `guest`. */
export function createWorkspace(
  db: Database,
  input: NewWorkspace,
  inTransaction?: InTransaction<Workspace>,
): Promise<Workspace> {
  return db.transaction(async (tx) => {
    const workspace = await insertWorkspace(tx, input);
    await inTransaction?.(tx, workspace);
    return workspace;
  });
}

/** Changes what is given; null when there is no such workspace in scope. */
export async function updateWorkspace(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
  patch: {
    readonly name?: string | undefined;
    readonly rateLimit?: number | null | undefined;
    readonly maxRunning?: number | null | undefined;
  },
): Promise<Workspace | null> {
  if (!isId(id) || !isInScope(scope, id)) return null;
  const rows = await db.query<WorkspaceRow>({
    text: `UPDATE workspaces SET name = coalesce($2, name),
        rate_limit = CASE WHEN $3 THEN $4::integer ELSE rate_limit END,
        max_running = CASE WHEN $5 THEN $6::integer ELSE max_running END,
        updated_at = clock_timestamp()
      WHERE id = $1 AND deleted_at IS NULL RETURNING ${columns}`,
    values: [
      id,
      patch.name === undefined ? null : toStorableText(patch.name),
      patch.rateLimit !== undefined,
      patch.rateLimit ?? null,
      patch.maxRunning !== undefined,
      patch.maxRunning ?? null,
    ],
  });
  return rows[0] === undefined ? null : toWorkspace(rows[0]);
}

/**
 * Deletes (softly); tokens lose their access to it. False when there is no such workspace in scope.
 * Throws `conflict` while it holds agents or custom tools.
 */
export async function deleteWorkspace(
  db: Database,
  scope: WorkspaceScope,
  id: string,
): Promise<boolean> {
  if (!isId(id) || !isInScope(scope, id)) return false;
  return db.transaction(async (tx) => {
    // Stronger than `lockWorkspace`: nothing is created in it while this decides.
    const found = await tx.query({
      text: 'SELECT 1 FROM workspaces WHERE id = $1 AND deleted_at IS NULL FOR UPDATE',
      values: [id],
    });
    if (found.length === 0) return false;
    const [held] = await tx.query<{ agents: number; tools: number }>({
      text: `SELECT
          (SELECT count(*) FROM agents WHERE workspace_id = $1 AND deleted_at IS NULL) AS agents,
          (SELECT count(*) FROM custom_tools WHERE workspace_id = $1 AND deleted_at IS NULL) AS tools`,
      values: [id],
    });
    if (held !== undefined && held.agents + held.tools > 0) {
      throw new ApiError(
        'conflict',
        `The workspace still holds ${held.agents} agents and ${held.tools} custom tools. Delete those first.`,
      );
    }
    await tx.execute({
      text: 'DELETE FROM token_workspaces WHERE workspace_id = $1',
      values: [id],
    });
    await tx.execute({ text: 'DELETE FROM members WHERE workspace_id = $1', values: [id] });
    await tx.execute(
      'DELETE FROM users u WHERE NOT EXISTS (SELECT 1 FROM members m WHERE m.user_id = u.id)',
    );
    await tx.execute({
      text: 'UPDATE webhooks SET deleted_at = clock_timestamp() WHERE workspace_id = $1 AND deleted_at IS NULL',
      values: [id],
    });
    await tx.execute({
      text: 'UPDATE workspaces SET deleted_at = clock_timestamp() WHERE id = $1',
      values: [id],
    });
    return true;
  });
}

/**
 * Holds the workspace against deletion until the transaction ends, for creating something in it.
 * False when there is no such workspace in scope.
 */
async function lockWorkspace(tx: Queryable, scope: WorkspaceScope, id: string): Promise<boolean> {
  if (!isId(id) || !isInScope(scope, id)) return false;
  const rows = await tx.query({
    name: 'lock_workspace',
    text: 'SELECT 1 FROM workspaces WHERE id = $1 AND deleted_at IS NULL FOR KEY SHARE',
    values: [id],
  });
  return rows.length === 1;
}

/** Keeps the workspace from others who hold it, until the transaction ends. False: there is none in scope. */
export async function holdWorkspace(
  tx: Queryable,
  scope: WorkspaceScope,
  workspaceId: string,
): Promise<boolean> {
  if (!isId(workspaceId) || !isInScope(scope, workspaceId)) return false;
  const rows = await tx.query({
    text: 'SELECT 1 FROM workspaces WHERE id = $1 AND deleted_at IS NULL FOR NO KEY UPDATE',
    values: [workspaceId],
  });
  return rows.length === 1;
}

/**
 * Holds the workspace that a create names against deletion. Throws `invalid_workspace` when there is none,
 * `forbidden` when it is out of scope.
 */
export async function requireWorkspace(
  tx: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<void> {
  if (!(await lockWorkspace(tx, 'all', id))) {
    throw new ApiError('invalid_workspace', 'Invalid workspace id');
  }
  if (!isInScope(scope, id)) {
    throw new ApiError('forbidden', `This credential has no access to the workspace ${id}.`);
  }
}

async function insertWorkspace(tx: Queryable, input: NewWorkspace): Promise<Workspace> {
  const [row] = await tx.query<WorkspaceRow>({
    text: `INSERT INTO workspaces (id, name, rate_limit, max_running)
      VALUES ($1, $2, $3, $4) RETURNING ${columns}`,
    values: [
      newId('workspace'),
      toStorableText(input.name),
      input.rateLimit,
      input.maxRunning ?? null,
    ],
  });
  if (row === undefined) throw new Error('The insert of a workspace returned no row.');
  await tx.execute({
    text: `INSERT INTO inbox_types (workspace_id, id, name) VALUES ($1, 'guest', 'Guest')`,
    values: [row.id],
  });
  return toWorkspace(row);
}

function toWorkspace(row: WorkspaceRow): Workspace {
  return {
    id: row.id,
    name: fromStorableText(row.name),
    rateLimit: row.rate_limit,
    maxRunning: row.max_running,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
