import type { Trigger } from '../core/agent.ts';
import type { Queryable } from './connect.ts';
import { fromJsonColumn } from './json-column.ts';

/** A trigger as far as an event is held against it. */
export type EventTrigger = Pick<Trigger, 'id' | 'agentId' | 'type' | 'enabled' | 'config'>;

/** Triggers of a workspace that listen to one of the names, disabled ones too, the oldest first. */
export async function findEventTriggers(
  db: Queryable,
  of: {
    readonly workspaceId: string;
    readonly names: readonly string[];
    /** Only of this agent; null: of all. */
    readonly agentId: string | null;
    readonly limit: number;
  },
): Promise<readonly EventTrigger[]> {
  const rows = await db.query<{ id: string; agent_id: string; enabled: boolean; config: string }>({
    name: 'triggers-by-event',
    text: `SELECT id, agent_id, enabled, config FROM triggers
           WHERE workspace_id = $1 AND event = ANY ($2) AND event IS NOT NULL AND deleted_at IS NULL
             AND ($4::text IS NULL OR agent_id = $4)
           ORDER BY id LIMIT $3`,
    values: [of.workspaceId, of.names, of.limit, of.agentId],
  });
  return rows.map((row) => ({
    id: row.id,
    agentId: row.agent_id,
    type: 'event',
    enabled: row.enabled,
    config: fromJsonColumn<Record<string, unknown>>(row.config),
  }));
}
