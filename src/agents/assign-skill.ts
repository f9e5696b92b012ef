import { ApiError } from '../core/errors.ts';
import { saveAgentVersion } from '../store/agents.ts';
import { listAgentsWithoutSkill } from '../store/agents-naming.ts';
import type { Queryable } from '../store/connect.ts';
import { agentMaxima } from './agent-input.ts';
import { keptTrigger } from './plan-triggers.ts';
import { lockAgentForChange } from './save-agent.ts';

/**
 * Gives the skill to every agent of the workspace, each as a new version. Throws `conflict` when one has as
 * many as an agent may have.
 */
export async function assignSkillToAgents(
  tx: Queryable,
  skill: { readonly workspaceId: string; readonly id: string },
): Promise<void> {
  for (const agentId of await listAgentsWithoutSkill(tx, skill.workspaceId, skill.id)) {
    const { agent, existing } = await lockAgentForChange(tx, [skill.workspaceId], agentId);
    const { definition, enabled } = agent;
    if (definition.skill_ids.length >= agentMaxima.skills) {
      throw new ApiError(
        'conflict',
        `The agent "${definition.name}" has ${agentMaxima.skills} skills already. Take one out, or assign this one by hand.`,
      );
    }
    await saveAgentVersion(tx, agent.id, {
      definition: { ...definition, skill_ids: [...definition.skill_ids, skill.id] },
      triggers: existing.map(keptTrigger),
      enabled,
    });
  }
}
