import type { Database } from '../../src/store/connect.ts';

/** What a workspace may have no more of. The oldest is left: tests of many objects share the first ones. */
const full = [
  'UPDATE budgets SET deleted_at = clock_timestamp() WHERE workspace_id = $1',
  'DELETE FROM memories WHERE workspace_id = $1',
  `DELETE FROM models WHERE workspace_id = $1 AND name = 'fast'`,
  `DELETE FROM models WHERE workspace_id = $1
    AND (SELECT count(*) FROM models WHERE workspace_id = $1) >= 100
    AND id <> (SELECT min(id) FROM models WHERE workspace_id = $1)`,
  `DELETE FROM alert_rules WHERE workspace_id = $1
    AND (SELECT count(*) FROM alert_rules WHERE workspace_id = $1) >= 50
    AND id <> (SELECT min(id) FROM alert_rules WHERE workspace_id = $1)`,
  `DELETE FROM model_prices WHERE workspace_id = $1
    AND (SELECT count(*) FROM model_prices WHERE workspace_id = $1) >= 500
    AND id <> (SELECT min(id) FROM model_prices WHERE workspace_id = $1)`,
  `UPDATE webhooks SET deleted_at = clock_timestamp() WHERE workspace_id = $1 AND deleted_at IS NULL
    AND (SELECT count(*) FROM webhooks WHERE workspace_id = $1 AND deleted_at IS NULL) >= 500
    AND id <> (SELECT min(id) FROM webhooks WHERE workspace_id = $1 AND deleted_at IS NULL)`,
];

/** Takes objects of the workspace away, so that one more of every kind can be made. */
export async function makeRoom(db: Database, workspaceId: string): Promise<void> {
  for (const text of full) await db.execute({ text, values: [workspaceId] });
}
