import { toStorableText } from '../core/storable-text.ts';
import type { Queryable } from './connect.ts';

// Names that clients have for threads, each within a space of its workspace.

export interface ThreadName {
  readonly workspaceId: string;
  readonly space: string;
  readonly name: string;
}

/** The session that the name means; null: there is none yet. */
export async function findNamedSession(db: Queryable, named: ThreadName): Promise<string | null> {
  const [row] = await db.query<{ session_id: string | null }>({
    name: 'named_thread_session',
    text: 'SELECT session_id FROM named_threads WHERE workspace_id = $1 AND space = $2 AND name = $3',
    values: valuesOf(named),
  });
  return row?.session_id ?? null;
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
