import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { skillFileName } from '../../core/skill.ts';
import { CliError } from '../cli-error.ts';
import { readSkillFolder, type SkillFileView } from '../skill-folder.ts';
import { type Fields, homes, type PlacedObject } from './objects.ts';
import { namesIn, readIfThere } from './read-files.ts';
import { fromYaml } from './yaml-text.ts';

// A skill is its files: each is a field, so that edits of two people to different files go together. What a
// skill has beside its files is in a file beside its folder, where it is not as usual.

/** What a field of a file is called: no other field has a blank. */
const prefix = 'file ';
export const usualExtras: Fields = { display_name: null, enabled: true, tags: null };
const frontMatter = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)^---[ \t]*\r?$/m;

export async function readSkillFolders(root: string): Promise<PlacedObject[]> {
  const found: PlacedObject[] = [];
  for (const folder of await namesIn(join(root, homes.skill))) {
    const place = join(homes.skill, folder);
    if (!(await stat(join(root, place))).isDirectory()) continue;
    const files = skillFields(await readSkillFolder(join(root, place)));
    const file = join(root, `${place}.yaml`);
    const extras = await readIfThere(file);
    const fields = { ...usualExtras, ...(extras !== null && fromYaml(extras, file)), ...files };
    const name = nameIn(fields, join(root, place, skillFileName));
    found.push({ kind: 'skill', agent: null, name, fields, place });
  }
  return found;
}

/** Files of a skill as fields: text as text, all else with what it needs beside. */
export function skillFields(files: readonly SkillFileView[]): Fields {
  const named = files.map(({ path, content, encoding, executable }): [string, unknown] => {
    const bytes = Buffer.from(content, encoding);
    const text = bytes.toString();
    const isText = Buffer.from(text).equals(bytes) && !text.includes('\0');
    if (isText && !executable) return [`${prefix}${path}`, text];
    return [
      `${prefix}${path}`,
      isText ? { text, executable } : { base64: bytes.toString('base64'), executable },
    ];
  });
  return Object.fromEntries(named.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The files that such fields are. */
export function skillFilesOf(fields: Fields): readonly SkillFileView[] {
  return Object.entries(fields).flatMap(([field, value]): SkillFileView[] => {
    if (!isFileField(field) || value === undefined) return [];
    const path = field.slice(prefix.length);
    if (typeof value === 'string') {
      return [{ path, content: value, encoding: 'utf8', executable: false }];
    }
    const { text, base64, executable } = value as {
      readonly text?: string;
      readonly base64?: string;
      readonly executable: boolean;
    };
    return text === undefined
      ? [{ path, content: base64 ?? '', encoding: 'base64', executable }]
      : [{ path, content: text, encoding: 'utf8', executable }];
  });
}

export function isFileField(field: string): boolean {
  return field.startsWith(prefix);
}

function nameIn(fields: Fields, file: string): string {
  const text = fields[`${prefix}${skillFileName}`];
  if (typeof text !== 'string') {
    throw new CliError(`${file} is missing: a skill is a folder with one.`);
  }
  const [, yaml] = frontMatter.exec(text) ?? [];
  const { name } = yaml === undefined ? {} : fromYaml(yaml, file);
  if (typeof name === 'string' && name !== '') return name;
  throw new CliError(`${file} has no "name" in its front matter.`);
}
