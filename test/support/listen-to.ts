import { newId } from '../../src/core/ids.ts';
import type { Database } from '../../src/store/connect.ts';
import { readStoredTriggers } from '../../src/store/triggers.ts';

/** Another agent of the workspace, like the first one, that listens to an event. */
export async function listenTo(
  db: Database,
  workspaceId: string,
  event: string,
  filter: readonly unknown[] = [],
): Promise<{ readonly agentId: string; readonly triggerId: string }> {
  const id = newId('agent');
  const triggerId = newId('trigger');
  await db.execute({
    text: `INSERT INTO agents (id, workspace_id, name, version, definition)
           SELECT $1, workspace_id, name, 1, definition FROM agents WHERE workspace_id = $2 LIMIT 1`,
    values: [id, workspaceId],
  });
  await db.execute({
    text: `INSERT INTO triggers (id, workspace_id, agent_id, position, name, description, type, config, enabled)
           VALUES ($1, $2, $3, 0, 'On it', '', 'event', $4, true)`,
    values: [triggerId, workspaceId, id, JSON.stringify({ event, filter })],
  });
  const [trigger] = await readStoredTriggers(db, id);
  await db.execute({
    text: `INSERT INTO agent_versions (agent_id, version, definition, triggers)
           SELECT id, 1, definition, $2 FROM agents WHERE id = $1`,
    values: [id, JSON.stringify([trigger])],
  });
  return { agentId: id, triggerId };
}
