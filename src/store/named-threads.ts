import { fromStorableText, toStorableText } from '../core/storable-text.ts';
import type { Queryable } from './connect.ts';

// Names that clients have for threads, each within a space of its workspace.

export interface ThreadName {
  readonly workspaceId: string;
  readonly space: string;
  readonly name: string;
}

export interface NamedThread extends ThreadName {
  /** Null: nothing was said yet. */
  readonly sessionId: string | null;
  /** JSON text of an object, the client's own. */
  readonly metadataJson: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

interface Row {
  readonly workspace_id: string;
  readonly space: string;
  readonly name: string;
  readonly session_id: string | null;
  readonly metadata: string;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const columns = 'workspace_id, space, name, session_id, metadata, created_at, updated_at';
const isNamed = 'workspace_id = $1 AND space = $2 AND name = $3';

/** Null: nobody has used the name. */
export async function getNamedThread(
  db: Queryable,
  named: ThreadName,
): Promise<NamedThread | null> {
  const [row] = await db.query<Row>({
    name: 'named_thread_get',
    text: `SELECT ${columns} FROM named_threads WHERE ${isNamed}`,
    values: valuesOf(named),
  });
  return row === undefined ? null : toThread(row);
}

/** Threads of the space, the latest first. */
export async function listNamedThreads(
  db: Queryable,
  of: Omit<ThreadName, 'name'> & { readonly limit: number; readonly offset: number },
): Promise<readonly NamedThread[]> {
  const rows = await db.query<Row>({
    text: `SELECT ${columns} FROM named_threads WHERE workspace_id = $1 AND space = $2
      ORDER BY created_at DESC, name DESC LIMIT $3 OFFSET $4`,
    values: [of.workspaceId, toStorableText(of.space), of.limit, of.offset],
  });
  return rows.map(toThread);
}

/** False: the name is in use. */
export async function insertNamedThread(
  db: Queryable,
  named: ThreadName,
  metadataJson: string,
): Promise<boolean> {
  const count = await db.execute({
    name: 'named_thread_insert',
    text: `INSERT INTO named_threads (workspace_id, space, name, metadata) VALUES ($1, $2, $3, $4)
      ON CONFLICT (workspace_id, space, name) DO NOTHING`,
    values: [...valuesOf(named), toStorableText(metadataJson)],
  });
  return count === 1;
}

/** What it meant goes on without the name. */
export async function deleteNamedThread(db: Queryable, named: ThreadName): Promise<void> {
  await db.execute({
    name: 'named_thread_delete',
    text: `DELETE FROM named_threads WHERE ${isNamed}`,
    values: valuesOf(named),
  });
}

/** Gives the session the name. False: the name means another one by now. */
export async function nameSession(
  tx: Queryable,
  named: ThreadName,
  sessionId: string,
): Promise<boolean> {
  const count = await tx.execute({
    name: 'named_thread_bind',
    text: `INSERT INTO named_threads AS t (workspace_id, space, name, session_id) VALUES ($1, $2, $3, $4)
      ON CONFLICT (workspace_id, space, name) DO UPDATE
        SET session_id = excluded.session_id, updated_at = clock_timestamp()
        WHERE t.session_id IS NULL`,
    values: [...valuesOf(named), sessionId],
  });
  return count === 1;
}

function valuesOf({ workspaceId, space, name }: ThreadName): readonly string[] {
  return [workspaceId, toStorableText(space), toStorableText(name)];
}

function toThread(row: Row): NamedThread {
  return {
    workspaceId: row.workspace_id,
    space: fromStorableText(row.space),
    name: fromStorableText(row.name),
    sessionId: row.session_id,
    metadataJson: fromStorableText(row.metadata),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
