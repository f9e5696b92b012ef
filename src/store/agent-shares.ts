import type { Queryable } from './connect.ts';

/** The agent's link from now on; one that it had leads nowhere any more. */
export async function putAgentShare(
  db: Queryable,
  share: { readonly agentId: string; readonly tokenHash: Buffer },
): Promise<void> {
  await db.execute({
    name: 'agent_share_put',
    text: `INSERT INTO agent_shares (agent_id, token_hash) VALUES ($1, $2)
      ON CONFLICT (agent_id) DO UPDATE
        SET token_hash = excluded.token_hash, created_at = clock_timestamp()`,
    values: [share.agentId, share.tokenHash],
  });
}

export async function deleteAgentShare(db: Queryable, agentId: string): Promise<void> {
  await db.execute({
    name: 'agent_share_delete',
    text: 'DELETE FROM agent_shares WHERE agent_id = $1',
    values: [agentId],
  });
}

/** Id of the agent that the link shows; null for an unknown link. */
export async function findSharedAgentId(db: Queryable, tokenHash: Buffer): Promise<string | null> {
  const [row] = await db.query<{ agent_id: string }>({
    name: 'agent_share_find',
    text: 'SELECT agent_id FROM agent_shares WHERE token_hash = $1',
    values: [tokenHash],
  });
  return row?.agent_id ?? null;
}
