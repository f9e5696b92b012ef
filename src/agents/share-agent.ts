import type { Agent } from '../core/agent.ts';
import { ApiError } from '../core/errors.ts';
import { hashTokenSecret } from '../core/token-secret.ts';
import { deleteAgentShare, findSharedAgentId, putAgentShare } from '../store/agent-shares.ts';
import { getAgent } from '../store/agents.ts';
import type { Database } from '../store/connect.ts';
import { newHookKey } from './plan-triggers.ts';

// A link to an agent: who has it may look, without any credential. It is in force while the agent is enabled.

/** A new token for the agent's link, shown once; the one before is void. */
export async function shareAgent(db: Database, agent: Pick<Agent, 'id'>): Promise<string> {
  const token = newHookKey();
  await putAgentShare(db, { agentId: agent.id, tokenHash: hashTokenSecret(token) });
  return token;
}

export async function unshareAgent(db: Database, agent: Pick<Agent, 'id'>): Promise<void> {
  await deleteAgentShare(db, agent.id);
}

/** The agent as it is now. Throws `not_found` for an unknown link, and for a disabled or deleted agent. */
export async function getSharedAgent(db: Database, token: string): Promise<Agent> {
  const id = await findSharedAgentId(db, hashTokenSecret(token));
  const agent = id === null ? null : await getAgent(db, 'all', id);
  if (agent?.enabled === true) return agent;
  throw new ApiError('not_found', 'There is no shared agent at this link.');
}
