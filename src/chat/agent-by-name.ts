import type { Agent } from '../core/agent.ts';
import { ApiError } from '../core/errors.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import { findAgentIdsCalled, getAgent } from '../store/agents.ts';
import type { Queryable } from '../store/connect.ts';

/**
 * The agent that somebody calls by its id, its number, its name, or its name as a slug (`order-desk`). Throws
 * `not_found`, and `validation_error` when several are called so.
 */
export async function findAgentCalled(
  db: Queryable,
  scope: WorkspaceScope,
  called: string,
): Promise<Agent> {
  const named = await getAgent(db, scope, called);
  if (named !== null) return named;
  const [id, another] = await findAgentIdsCalled(db, scope, called);
  if (another !== undefined) {
    throw new ApiError(
      'validation_error',
      `Several agents are called "${called}". Name one by its id.`,
      { details: { model: 'names several agents' } },
    );
  }
  const found = id === undefined ? null : await getAgent(db, scope, id);
  if (found !== null) return found;
  throw new ApiError('not_found', `There is no agent "${called}".`, {
    details: { model: 'is the id, the slug or the name of an agent' },
  });
}
