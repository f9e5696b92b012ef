import { z } from '@hono/zod-openapi';
import { type Skill, type SkillFile, type SkillVersion, skillFileName } from '../../core/skill.ts';
import { fileEncodings, showContent } from '../../skills/skill-input.ts';
import { readSkillMd } from '../../skills/skill-md.ts';
import type { Queryable } from '../../store/connect.ts';
import { readSkillTexts } from '../../store/skill-files.ts';
import { iso } from './times.ts';

export const skillShape = z.object({
  id: z.string(),
  workspace_id: z.string(),
  name: z.string(),
  display_name: z.string().nullable(),
  description: z.string(),
  body: z.string().openapi({ description: `What follows the front matter of ${skillFileName}.` }),
  allowed_tools: z.array(z.string()).nullable(),
  tags: z.array(z.string()).nullable(),
  enabled: z.boolean(),
  version: z.number().int().openapi({ description: 'Of the files; runs keep to one.' }),
  hash: z.string().openapi({ description: '`sha256:…` over paths and bytes of the files.' }),
  created_at: z.string(),
  updated_at: z.string(),
});

/** Skills with their bodies, which are read for all at once. */
export async function showSkills(
  db: Queryable,
  skills: readonly Skill[],
): Promise<z.output<typeof skillShape>[]> {
  const texts = await readSkillTexts(
    db,
    skills.map(({ id }) => id),
  );
  return skills.map((skill) => showWithText(skill, texts.get(skill.id)));
}

export async function showSkill(db: Queryable, skill: Skill): Promise<z.output<typeof skillShape>> {
  const texts = await readSkillTexts(db, [skill.id]);
  return showWithText(skill, texts.get(skill.id));
}

function showWithText(skill: Skill, content: Uint8Array | undefined): z.output<typeof skillShape> {
  const read = content === undefined ? null : readSkillMd(Buffer.from(content).toString());
  return {
    id: skill.id,
    workspace_id: skill.workspaceId,
    name: skill.name,
    display_name: skill.displayName,
    description: skill.description,
    body: read?.ok === true ? read.body : '',
    allowed_tools: skill.allowedTools === null ? null : [...skill.allowedTools],
    tags: skill.tags === null ? null : [...skill.tags],
    enabled: skill.enabled,
    version: skill.version,
    hash: skill.hash,
    created_at: iso(skill.createdAt),
    updated_at: iso(skill.updatedAt),
  };
}

export const skillFileShape = z.object({
  id: z.string(),
  path: z.string(),
  version: z.number().int().openapi({ description: 'Of the file.' }),
  size_bytes: z.number().int(),
  executable: z.boolean(),
  content: z.string(),
  encoding: z.enum(fileEncodings).openapi({ description: '`base64` for what is no text.' }),
});

export function showSkillFile(file: SkillFile): z.output<typeof skillFileShape> {
  return {
    id: file.id,
    path: file.path,
    version: file.version,
    size_bytes: file.content.byteLength,
    executable: file.isExecutable,
    ...showContent(file.content),
  };
}

export const skillVersionShape = z.object({
  version: z.number().int(),
  name: z.string(),
  description: z.string(),
  hash: z.string(),
  created_at: z.string(),
});

export function showSkillVersion(version: SkillVersion): z.output<typeof skillVersionShape> {
  const { name, description, hash } = version;
  return { version: version.version, name, description, hash, created_at: iso(version.createdAt) };
}
