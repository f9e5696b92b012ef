import { type SkillFileContent, skillFileName } from '../core/skill.ts';
import { refusal } from '../core/validate.ts';
import { type FieldOf, textOf } from './skill-files.ts';
import { readSkillMd, writeSkillMd } from './skill-md.ts';

/**
 * The files with a SKILL.md that says name and description, where they are given: one that has no front
 * matter gets some. Throws `validation_error` for one that says another name and may not be renamed.
 */
export function withFrontMatter(
  files: readonly SkillFileContent[],
  wanted: {
    readonly name: string | null;
    readonly mayRename?: boolean;
    readonly description: string | null;
    /** The description of one that has none. */
    readonly otherwise: string;
    readonly fieldOf: FieldOf;
  },
): readonly SkillFileContent[] {
  const { name, description, otherwise } = wanted;
  return files.map((file, index) => {
    const text = file.path === skillFileName ? textOf(file.content) : null;
    if (text === null) return file;
    const read = readSkillMd(text);
    if (!read.ok) {
      if (name === null || /^\uFEFF?---[ \t]*\r?\n/.test(text)) return file;
      const words = description ?? otherwise;
      const md = { name, description: words, allowedTools: null, body: text };
      return { ...file, content: Buffer.from(writeSkillMd(null, md)) };
    }
    if (name !== null && read.name !== name && wanted.mayRename !== true) {
      const field = wanted.fieldOf(index, 'content');
      throw refusal(
        new Map([[field, `has the name "${read.name}", which is not the slug "${name}"`]]),
      );
    }
    const md = {
      ...read,
      name: name ?? read.name,
      description: description ?? read.description,
    };
    return { ...file, content: Buffer.from(writeSkillMd(text, md)) };
  });
}
