import { z } from 'zod';
import { type ToolLanguage, toolDefaults } from '../core/custom-tool.ts';
import { type Sandbox, SandboxBusy, SandboxUnavailable } from '../core/sandbox.ts';
import type { OfferedSkill, SkillFile } from '../core/skill.ts';
import type { Queryable } from '../store/connect.ts';
import { readSkillFiles } from '../store/skill-files.ts';
import { builtIn } from '../tools/built-in.ts';
import { checkedBy } from '../tools/checked-by.ts';
import { failedCall } from '../tools/failed-call.ts';
import type { AgentTool } from '../tools/tool.ts';
import { inForce, named, namesOf } from './offered-skills.ts';
import { scriptRunners } from './script-runners.ts';

// Scripts of skills, in the sandbox and nowhere else: a process of its own that reaches no host and sees a
// copy of the skill's files. What it writes is gone with it; what it prints is what comes back.

export const runScriptName = 'run_skill_script';

const languages: Readonly<Record<string, ToolLanguage>> = {
  py: 'python',
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
};
const timeoutMs = 60_000;

const schema = (skills: readonly OfferedSkill[]) =>
  z.strictObject({
    skill: z.enum(namesOf(skills)),
    path: z.string().min(1).max(300),
    args: z.array(z.string().max(20_000)).max(100).default([]),
    stdin: z.string().max(200_000).default(''),
  });

export function runScriptTool(
  deps: { readonly db: Queryable; readonly sandbox: Pick<Sandbox, 'check' | 'run'> },
  skills: readonly OfferedSkill[],
): AgentTool {
  const argumentsSchema = schema(skills);
  return {
    ...builtIn,
    name: runScriptName,
    description:
      'Runs a script of a skill (.py, .js, .mjs or .cjs) in a sandbox without network, in a copy of the skill’s folder, and gives what it prints.',
    inputSchema: {
      type: 'object',
      properties: {
        skill: { type: 'string', enum: namesOf(skills) },
        path: { type: 'string', description: 'As the skill names it: scripts/check.py.' },
        args: { type: 'array', items: { type: 'string' }, description: 'Its arguments.' },
        stdin: { type: 'string', description: 'Its standard input.' },
      },
      required: ['skill', 'path'],
      additionalProperties: false,
    },
    check: checkedBy(argumentsSchema),
    call: async ({ inputJson, key, signal, mayStart }) => {
      const { path: given, args, stdin, ...rest } = argumentsSchema.parse(JSON.parse(inputJson));
      const path = given.replace(/^(\.\/)+/, '');
      const skill = named(skills, rest.skill);
      const at = { skillId: skill.id, version: skill.version };
      const files = await readSkillFiles(deps.db, at);
      const script = files.find((file) => file.path === path);
      const language = languages[path.split('.').at(-1) ?? ''];
      const why = whyNotScript(skill, { path, script, language, files });
      if (why !== null || script === undefined || language === undefined) {
        return failedCall(why ?? '');
      }
      const packages = await packagesOf(deps.sandbox, language, script);
      const outcome = await deps.sandbox.run({
        ...{ language, code: scriptRunners[language], timeoutMs, key, signal },
        memoryMb: toolDefaults.memoryMb,
        parametersJson: JSON.stringify({
          files: files.map(toParameter),
          script: path,
          args,
          stdin,
        }),
        ...(packages.length === 0 ? {} : { packages }),
        ...(mayStart === undefined ? {} : { mayStart }),
      });
      const { logs, runTimeMs } = outcome;
      if (!outcome.ok) {
        const error = `The script could not be run: ${outcome.error}`;
        return { ...failedCall(error, runTimeMs), logs };
      }
      return {
        ...{ ok: true, outputJson: outcome.resultJson, modelText: outcome.resultJson },
        ...{ logs, runTimeMs, skill: inForce(skill) },
      };
    },
  };
}

function whyNotScript(
  skill: OfferedSkill,
  given: {
    readonly path: string;
    readonly script: SkillFile | undefined;
    readonly language: ToolLanguage | undefined;
    readonly files: readonly SkillFile[];
  },
): string | null {
  const { path, script, language, files } = given;
  if (script === undefined) {
    const known = files.map((file) => file.path).join(', ');
    return `The skill ${skill.name} has no file "${path}". Its files: ${known}.`;
  }
  return language === undefined
    ? `"${path}" is not a script that can be run here: those are .py, .js, .mjs and .cjs.`
    : null;
}

/** What the script imports of the packages that there are. Whatever else is wrong with it, its run will say. */
async function packagesOf(
  sandbox: Pick<Sandbox, 'check'>,
  language: ToolLanguage,
  script: SkillFile,
): Promise<readonly string[]> {
  try {
    const code = Buffer.from(script.content).toString();
    return (await sandbox.check(language, code)).packages;
  } catch (error) {
    if (error instanceof SandboxUnavailable || error instanceof SandboxBusy) throw error;
    return [];
  }
}

function toParameter({ path, content }: SkillFile) {
  return { path, content: Buffer.from(content).toString('base64') };
}
