import type { ChatSession } from '../core/chat.ts';
import { type Page, type PageRequest, toPage } from '../core/page.ts';
import { fromStorableOrNull, storableOrNull } from '../core/storable-text.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Queryable } from './connect.ts';
import { Conditions, inScopeSql, scopeValue } from './page-sql.ts';

interface Row {
  readonly id: string;
  readonly workspace_id: string;
  readonly agent_id: string;
  readonly agent_number: number;
  readonly channel_id: string;
  readonly title: string | null;
  readonly shows_progress: boolean;
  readonly instructions: string | null;
  readonly archived_at: Date | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const selected = `SELECT s.id, s.workspace_id, s.agent_id, a.number AS agent_number, v.channel_id, s.title,
    s.shows_progress, s.instructions, s.archived_at, s.created_at, s.updated_at
  FROM chat_sessions s JOIN agents a ON a.id = s.agent_id JOIN conversations v ON v.id = s.id`;

/** Makes the conversation a session with the agent. */
export async function insertChatSession(
  tx: Queryable,
  session: {
    readonly conversationId: string;
    readonly workspaceId: string;
    readonly agentId: string;
    readonly title: string | null;
    readonly showsProgress: boolean;
  },
): Promise<ChatSession> {
  await tx.execute({
    name: 'chat_session_insert',
    text: `INSERT INTO chat_sessions (id, workspace_id, agent_id, title, shows_progress)
      VALUES ($1, $2, $3, $4, $5)`,
    values: [
      session.conversationId,
      session.workspaceId,
      session.agentId,
      storableOrNull(session.title),
      session.showsProgress,
    ],
  });
  const made = await getChatSession(tx, 'all', session.conversationId);
  if (made === null) throw new Error('The session that was just made is not there.');
  return made;
}

/** The session; null when there is none in scope. */
export async function getChatSession(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<ChatSession | null> {
  const rows = await db.query<Row>({
    name: 'chat_session_get',
    text: `${selected} WHERE s.id = $1 AND ${inScopeSql('s.workspace_id', '$2')}`,
    values: [id, scopeValue(scope)],
  });
  return rows[0] === undefined ? null : toSession(rows[0]);
}

export interface ChatSessionFilter {
  readonly scope: WorkspaceScope;
  readonly agentId?: string | undefined;
  /** Those that are closed, or those that are not. */
  readonly archived?: boolean | undefined;
}

/** A page of sessions, newest first. */
export async function listChatSessions(
  db: Queryable,
  filter: ChatSessionFilter,
  page: PageRequest,
): Promise<Page<ChatSession>> {
  const conditions = new Conditions().inScope(filter.scope, 's.workspace_id');
  if (filter.agentId !== undefined) conditions.add(filter.agentId, (p) => `s.agent_id = ${p}`);
  if (filter.archived !== undefined) {
    conditions.add(filter.archived, (p) => `(s.archived_at IS NOT NULL) = ${p}`);
  }
  const rows = await db.query<Row>({
    text: `${selected} ${conditions.pageOf(page, [], 's')}`,
    values: conditions.values,
  });
  return toPage(rows.map(toSession), page.limit, (session) => session);
}

/** Closes the session, whose conversation the caller has locked; false: it was closed before. */
export async function archiveChatSession(tx: Queryable, id: string): Promise<boolean> {
  const changed = await tx.execute({
    name: 'chat_session_archive',
    text: `UPDATE chat_sessions SET archived_at = clock_timestamp(), updated_at = clock_timestamp()
      WHERE id = $1 AND archived_at IS NULL`,
    values: [id],
  });
  return changed > 0;
}

/** A message came in, with what its sender asks of the agent; false: the session is closed. */
export async function touchChatSession(
  tx: Queryable,
  of: { readonly id: string; readonly instructions: string | null },
): Promise<boolean> {
  const changed = await tx.execute({
    name: 'chat_session_touch',
    text: `UPDATE chat_sessions SET instructions = $2, updated_at = clock_timestamp()
      WHERE id = $1 AND archived_at IS NULL`,
    values: [of.id, storableOrNull(of.instructions)],
  });
  return changed > 0;
}

function toSession(row: Row): ChatSession {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    agent: { id: row.agent_id, number: row.agent_number },
    channelId: row.channel_id,
    title: fromStorableOrNull(row.title),
    showsProgress: row.shows_progress,
    instructions: fromStorableOrNull(row.instructions),
    archivedAt: row.archived_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
