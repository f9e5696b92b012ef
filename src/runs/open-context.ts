import type { AgentDefinition } from '../core/agent.ts';
import type { Run } from '../core/run.ts';
import type { RunContext } from '../core/run-context.ts';
import type { OfferedSkill } from '../core/skill.ts';
import type { Queryable } from '../store/connect.ts';
import { offeredSkills } from '../store/skills.ts';

/** Of all skills that a run is offered, together: the trace shows them in one entry. */
const maxDescriptions = 24_000;

/** What the run is given when it begins; null is nothing. */
export async function openContext(
  db: Queryable,
  run: Run,
  definition: AgentDefinition,
): Promise<RunContext | null> {
  const skills = await offeredSkills(db, run.workspaceId, definition.skill_ids);
  if (skills.length === 0) return null;
  return { skills: shortened(skills), memories: [] };
}

function shortened(skills: readonly OfferedSkill[]): readonly OfferedSkill[] {
  const most = Math.floor(maxDescriptions / skills.length);
  return skills.map((skill) =>
    skill.description.length <= most
      ? skill
      : { ...skill, description: `${skill.description.slice(0, most - 1).toWellFormed()}…` },
  );
}
