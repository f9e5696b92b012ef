import { z } from 'zod';
import { type SkillFileContent, skillMaxima } from '../core/skill.ts';
import { type FieldOf, textOf } from './skill-files.ts';
import { allowedToolForm, skillNameForm } from './skill-md.ts';

// What may be written of a skill.

const words = (most: number) => z.string().min(1).max(most).regex(/\S/, 'must not be blank');

export const skillFields = {
  name: z
    .string()
    .min(1)
    .max(skillMaxima.nameLength)
    .regex(skillNameForm, 'must be lower-case letters, digits and single hyphens in between'),
  display_name: words(skillMaxima.displayNameLength).nullable(),
  description: words(skillMaxima.descriptionLength),
  body: z.string().min(1).max(skillMaxima.textBytes),
  allowed_tools: z
    .array(
      z
        .string()
        .max(200)
        .regex(allowedToolForm, 'must be the name of a tool, without blanks and commas'),
    )
    .max(skillMaxima.allowedTools),
  tags: z.array(words(100)).max(skillMaxima.tags),
  enabled: z.boolean(),
} as const;

export const fileEncodings = ['utf8', 'base64'] as const;

/** A file in JSON: text, or bytes in base64. */
export const fileInput = z
  .object({
    path: z.string(),
    content: z.string(),
    encoding: z.enum(fileEncodings).default('utf8'),
    executable: z.boolean().default(false),
  })
  .refine(({ content, encoding }) => encoding === 'utf8' || z.base64().safeParse(content).success, {
    path: ['content'],
    message: 'must be base64, as "encoding" says',
  });

export const filesInput = z.array(fileInput).min(1).max(skillMaxima.files);

export function toFileContent(file: z.output<typeof fileInput>): SkillFileContent {
  const { path, content, encoding, executable } = file;
  return { path, content: Buffer.from(content, encoding), isExecutable: executable };
}

/** How a problem with a file in JSON names it. */
export const fieldOfInput: FieldOf = (index, part) => `files[${index}].${part}`;

/** A file's content as JSON holds it. */
export function showContent(content: Uint8Array): {
  readonly content: string;
  readonly encoding: (typeof fileEncodings)[number];
} {
  const text = textOf(content);
  return text === null
    ? { content: Buffer.from(content).toString('base64'), encoding: 'base64' }
    : { content: text, encoding: 'utf8' };
}
