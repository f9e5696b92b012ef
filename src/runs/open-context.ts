import type { AgentDefinition } from '../core/agent.ts';
import { type Memory, memoryMaxima } from '../core/memory.ts';
import type { Run } from '../core/run.ts';
import type { GivenMemory, RunContext } from '../core/run-context.ts';
import type { OfferedSkill } from '../core/skill.ts';
import { reachOf } from '../memory/memory-tools.ts';
import type { Queryable } from '../store/connect.ts';
import { pinnedMemories, recallMemories } from '../store/memories.ts';
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
  const memories = definition.memory === null ? [] : await givenMemories(db, run);
  if (skills.length === 0 && memories.length === 0) return null;
  return { skills: shortened(skills), memories };
}

/** Pinned ones, and those that fit what the run begins with. A test's runs all begin alike: with none. */
async function givenMemories(db: Queryable, run: Run): Promise<readonly GivenMemory[]> {
  if (run.testRunId !== null) return [];
  const reach = reachOf(run);
  const text = `${run.additionalInstructions ?? ''}\n${run.payloadJson}`;
  const [pinned, recalled] = await Promise.all([
    pinnedMemories(db, reach),
    recallMemories(db, reach, { text, limit: memoryMaxima.recalled, pinnedToo: false }),
  ]);
  return [
    ...fitting(pinned, memoryMaxima.givenPinned),
    ...fitting(recalled, memoryMaxima.givenRecalled),
  ].map(({ id, content, entityId, pinned }) => ({ id, content, entityId, pinned }));
}

/** The first ones that have no more characters together. */
function fitting(memories: readonly Memory[], most: number): readonly Memory[] {
  let length = 0;
  return memories.filter(({ content }) => {
    if (length + content.length > most) return false;
    length += content.length;
    return true;
  });
}

function shortened(skills: readonly OfferedSkill[]): readonly OfferedSkill[] {
  const most = Math.floor(maxDescriptions / Math.max(1, skills.length));
  return skills.map((skill) =>
    skill.description.length <= most
      ? skill
      : { ...skill, description: `${skill.description.slice(0, most - 1).toWellFormed()}…` },
  );
}
