import { z } from 'zod';
import type { Sandbox } from '../core/sandbox.ts';
import { type OfferedSkill, skillFileName } from '../core/skill.ts';
import type { Queryable } from '../store/connect.ts';
import { listSkillPaths, readSkillFile } from '../store/skill-files.ts';
import { builtIn } from '../tools/built-in.ts';
import { checkedBy } from '../tools/checked-by.ts';
import { failedCall } from '../tools/failed-call.ts';
import type { AgentTool } from '../tools/tool.ts';
import { headOf, inForce, named, namesOf } from './offered-skills.ts';
import { runScriptTool } from './run-script.ts';
import { textOf } from './skill-files.ts';
import { readSkillMd } from './skill-md.ts';

// How a run uses the skills that it was offered, in the versions that it was offered. Whatever it takes of a
// skill puts that skill in force: its `allowed_tools` cannot be passed by reading SKILL.md as a file.

export const loadSkillName = 'load_skill';
export const readSkillFileName = 'read_skill_file';

export interface SkillToolDeps {
  readonly db: Queryable;
  readonly sandbox: Pick<Sandbox, 'check' | 'run'>;
}

/** The tools of a run that was offered these skills; none without any. */
export function skillTools(
  deps: SkillToolDeps,
  skills: readonly OfferedSkill[],
): readonly AgentTool[] {
  if (skills.length === 0) return [];
  return [loadSkillTool(deps, skills), readFileTool(deps, skills), runScriptTool(deps, skills)];
}

function loadSkillTool({ db }: SkillToolDeps, skills: readonly OfferedSkill[]): AgentTool {
  const schema = z.strictObject({ name: z.enum(namesOf(skills)) });
  return {
    ...builtIn,
    name: loadSkillName,
    description:
      'Loads the instructions of a skill. Follow them from then on; they may restrict which tools you can call.',
    inputSchema: {
      type: 'object',
      properties: { name: { type: 'string', enum: namesOf(skills) } },
      required: ['name'],
      additionalProperties: false,
    },
    check: checkedBy(schema),
    call: async ({ inputJson }) => {
      const startedAt = performance.now();
      const skill = named(skills, schema.parse(JSON.parse(inputJson)).name);
      const at = { skillId: skill.id, version: skill.version };
      const file = await readSkillFile(db, { ...at, path: skillFileName });
      const read = file === null ? null : readSkillMd(textOf(file.content) ?? '');
      if (read?.ok !== true) throw new Error(`Skill ${skill.id} has no readable ${skillFileName}.`);
      const files = (await listSkillPaths(db, at)).filter(({ path }) => path !== skillFileName);
      const { text, isWhole } = headOf(read.body);
      const modelText = [
        `# Skill ${skill.name} (version ${skill.version})`,
        ...(isWhole
          ? [text]
          : [text, `[The rest: ${readSkillFileName}, path "${skillFileName}", from its end on.]`]),
        ...(files.length === 0
          ? []
          : [`Files of the skill:\n${files.map(({ path }) => `- ${path}`).join('\n')}`]),
        ...(skill.allowedTools === null ? [] : [restriction(skill)]),
      ].join('\n\n');
      const { name, version, allowedTools: allowed_tools } = skill;
      const outputJson = JSON.stringify({
        message: `Loaded the skill ${name}, version ${version}.`,
        rawData: { ...{ id: skill.id, name, version, allowed_tools, body: text }, files },
      });
      const runTimeMs = Math.round(performance.now() - startedAt);
      return {
        ...{ ok: true, outputJson, modelText, logs: null, runTimeMs },
        skill: inForce(skill),
      };
    },
  };
}

function readFileTool({ db }: SkillToolDeps, skills: readonly OfferedSkill[]): AgentTool {
  const schema = z.strictObject({
    skill: z.enum(namesOf(skills)),
    path: z.string().min(1).max(300),
    offset: z.int().min(0).default(0),
  });
  return {
    ...builtIn,
    name: readSkillFileName,
    description: 'Reads a text file of a skill that its instructions refer to.',
    inputSchema: {
      type: 'object',
      properties: {
        skill: { type: 'string', enum: namesOf(skills) },
        path: { type: 'string', description: 'As the skill names it: references/rates.md.' },
        offset: { type: 'integer', minimum: 0, description: 'First character; default 0.' },
      },
      required: ['skill', 'path'],
      additionalProperties: false,
    },
    check: checkedBy(schema),
    call: async ({ inputJson }) => {
      const startedAt = performance.now();
      const given = schema.parse(JSON.parse(inputJson));
      const skill = named(skills, given.skill);
      const at = { skillId: skill.id, version: skill.version };
      const path = given.path.replace(/^(\.\/)+/, '');
      const file = await readSkillFile(db, { ...at, path });
      const runTimeMs = () => Math.round(performance.now() - startedAt);
      if (file === null) {
        const paths = (await listSkillPaths(db, at)).map((each) => each.path).join(', ');
        return failedCall(
          `The skill ${skill.name} has no file "${path}". Its files: ${paths}.`,
          runTimeMs(),
        );
      }
      const whole = textOf(file.content);
      if (whole === null) {
        const size = file.content.byteLength;
        return failedCall(`"${path}" is no text file: it has ${size} bytes.`, runTimeMs());
      }
      const { text, isWhole } = headOf(whole.slice(given.offset));
      const end = given.offset + text.length;
      const next = isWhole ? null : end;
      const outputJson = JSON.stringify({
        message: `Characters ${given.offset} to ${end} of ${whole.length}.`,
        rawData: { skill: skill.name, path, next_offset: next, text },
      });
      const more = next === null ? '' : `\n[There is more: offset ${next}.]`;
      return {
        ...{ ok: true, outputJson, modelText: text + more, logs: null, runTimeMs: runTimeMs() },
        skill: inForce(skill),
      };
    },
  };
}

function restriction({ name, allowedTools }: OfferedSkill): string {
  return allowedTools === null || allowedTools.length === 0
    ? `While ${name} is in force you can call no tools but those of skills, and finish.`
    : `While ${name} is in force you can call only these tools: ${allowedTools.join(', ')}.`;
}
