import type { JournalEntry } from '../core/journal.ts';
import type { LoadedSkill } from '../core/skill.ts';
import { runScriptName } from '../skills/run-script.ts';
import { loadSkillName, readSkillFileName } from '../skills/skill-tools.ts';
import { readOutputName } from '../tools/read-output.ts';
import { readAttachmentToolName } from './read-attachment.ts';

// `allowed_tools` of the skills that a run has loaded, by its journal alone, so that it holds after a restart
// too. Skills stay in force until the run ends. As soon as one of them restricts the tools, only those can be
// called which one of them names: a skill without a restriction lifts none.

const alwaysAllowed: readonly string[] = [
  loadSkillName,
  readSkillFileName,
  runScriptName,
  readOutputName,
  readAttachmentToolName,
];

/** Why the tool cannot be called now, in words for the model; null when it can. */
export type WhyNotAllowed = (toolName: string) => string | null;

/** Null: no loaded skill restricts the tools. */
export function toolsAllowedBy(entries: readonly JournalEntry[]): WhyNotAllowed | null {
  const restricting = new Map<string, LoadedSkill>();
  for (const entry of entries) {
    if (entry.type !== 'tool' || entry.state !== 'done') continue;
    const { skill } = entry.data;
    if (skill !== undefined && skill.allowedTools !== null) restricting.set(skill.id, skill);
  }
  if (restricting.size === 0) return null;
  const skills = [...restricting.values()];
  const allowed = new Set(skills.flatMap(({ allowedTools }) => allowedTools ?? []));
  return (name) => {
    if (allowed.has(name) || alwaysAllowed.includes(name)) return null;
    const names = skills.map((skill) => skill.name).join(', ');
    const which = allowed.size === 0 ? 'no tools' : `only ${[...allowed].join(', ')}`;
    return `"${name}" cannot be called while the skill ${names} is in force, which allows ${which}.`;
  };
}
