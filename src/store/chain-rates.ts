import type { Queryable } from './connect.ts';

/** Runs that chains have started within the last minute: of the workspace, and of each agent that has any. */
export async function readChainRates(
  db: Queryable,
  of: { readonly workspaceId: string; readonly agentIds: readonly string[] },
): Promise<{ readonly workspace: number; readonly agents: ReadonlyMap<string, number> }> {
  const rows = await db.query<{ agent_id: string | null; n: number }>({
    name: 'chain-rates',
    text: `
      SELECT NULL AS agent_id, count(*)::integer AS n FROM trigger_verdicts
      WHERE chained AND verdict = 'ran' AND workspace_id = $1
        AND created_at > clock_timestamp() - interval '1 minute'
      UNION ALL
      SELECT agent_id, count(*)::integer FROM trigger_verdicts
      WHERE chained AND verdict = 'ran' AND agent_id = ANY ($2)
        AND created_at > clock_timestamp() - interval '1 minute'
      GROUP BY agent_id`,
    values: [of.workspaceId, of.agentIds],
  });
  return {
    workspace: rows.find((row) => row.agent_id === null)?.n ?? 0,
    agents: new Map(rows.flatMap((row) => (row.agent_id === null ? [] : [[row.agent_id, row.n]]))),
  };
}
