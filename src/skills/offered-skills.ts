import type { LoadedSkill, OfferedSkill } from '../core/skill.ts';

// What the tools of skills share.

/** What one call shows at most, as JSON, so that it is not kept apart. */
const maxAnswerBytes = 50_000;

export function namesOf(skills: readonly OfferedSkill[]): [string, ...string[]] {
  return skills.map(({ name }) => name) as [string, ...string[]];
}

export function named(skills: readonly OfferedSkill[], name: string): OfferedSkill {
  const skill = skills.find((each) => each.name === name);
  if (skill === undefined) throw new Error(`The run was not offered a skill "${name}".`);
  return skill;
}

export function inForce({ id, name, version, allowedTools }: OfferedSkill): LoadedSkill {
  return { id, name, version, allowedTools };
}

/** As much of the text as one call may show. */
export function headOf(text: string): { readonly text: string; readonly isWhole: boolean } {
  let head = text.slice(0, maxAnswerBytes);
  while (Buffer.byteLength(JSON.stringify(head)) > maxAnswerBytes) {
    head = head.slice(0, Math.floor(head.length * 0.8));
  }
  // A pair of surrogates stays together.
  if (/[\uD800-\uDBFF]$/.test(head) && head.length < text.length) head = head.slice(0, -1);
  return { text: head, isWhole: head.length === text.length };
}
