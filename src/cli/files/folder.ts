import { join } from 'node:path';
import { CliError } from '../cli-error.ts';
import { readKnowledgeFolder } from './knowledge-folder.ts';
import { type Fields, type Folder, homes, type Kind, keyOf, type PlacedObject } from './objects.ts';
import { namesIn, readIfThere } from './read-files.ts';
import { readSkillFolders } from './skill-folders.ts';
import { fromYaml } from './yaml-text.ts';

// A workspace as a folder:
//
//   agents/<name>/agent.yaml, instructions.md, tests/<name>.yaml
//   tools/<name>/tool.yaml, tool.py or tool.js
//   skills/<name>/SKILL.md and the skill's other files; <name>.yaml beside it for what is not in them
//   knowledge/<name>.md or .txt, <name>.yaml for what the text does not say; directories as directories
//   models/<name>.yaml, channels/<name>.yaml

export const codeFiles = { python: 'tool.py', javascript: 'tool.js' } as const;

/** Reads a folder; one that does not exist is empty. Throws `CliError` that names the file at fault. */
export async function readFolder(root: string, only: ReadonlySet<Kind>): Promise<Folder> {
  const objects = new Map<string, PlacedObject>();
  const found = [
    ...(await readPlain(root, 'model')),
    ...(await readPlain(root, 'channel')),
    ...(await readTools(root)),
    ...(await readSkillFolders(root)),
    ...(await readKnowledgeFolder(root)),
    ...(await readAgents(root)),
  ];
  for (const object of found) {
    if (!only.has(object.kind)) continue;
    const key = keyOf(object);
    const other = objects.get(key);
    if (other !== undefined) {
      throw new CliError(`${object.place} and ${other.place} both are ${key}.`);
    }
    objects.set(key, object);
  }
  return objects;
}

async function readTools(root: string): Promise<PlacedObject[]> {
  const found: PlacedObject[] = [];
  for (const folder of await namesIn(join(root, homes.tool))) {
    const place = join(homes.tool, folder);
    const file = join(root, place, 'tool.yaml');
    const text = await readIfThere(file);
    if (text === null) continue;
    const fields = { ...fromYaml(text, file), ...(await readCode(join(root, place))) };
    found.push({ kind: 'tool', agent: null, name: nameIn(fields, file), fields, place });
  }
  return found;
}

async function readAgents(root: string): Promise<PlacedObject[]> {
  const found: PlacedObject[] = [];
  for (const folder of await namesIn(join(root, homes.agent))) {
    const place = join(homes.agent, folder);
    const file = join(root, place, 'agent.yaml');
    const text = await readIfThere(file);
    if (text === null) continue;
    const instructions = await readIfThere(join(root, place, 'instructions.md'));
    const fields = {
      ...fromYaml(text, file),
      ...(instructions !== null && { instructions: instructions.replace(/\n$/, '') }),
    };
    const agent = nameIn(fields, file);
    found.push({ kind: 'agent', agent: null, name: agent, fields, place });
    for (const name of await namesIn(join(root, place, 'tests'))) {
      if (!name.endsWith('.yaml')) continue;
      found.push(await readYamlObject(root, join(place, 'tests', name), { kind: 'test', agent }));
    }
  }
  return found;
}

async function readPlain(root: string, kind: 'model' | 'channel'): Promise<PlacedObject[]> {
  const files = (await namesIn(join(root, homes[kind]))).filter((name) => name.endsWith('.yaml'));
  return await Promise.all(
    files.map((name) => readYamlObject(root, join(homes[kind], name), { kind, agent: null })),
  );
}

async function readYamlObject(
  root: string,
  place: string,
  of: Pick<PlacedObject, 'kind' | 'agent'>,
): Promise<PlacedObject> {
  const file = join(root, place);
  const fields = fromYaml((await readIfThere(file)) ?? '', file);
  return { ...of, name: nameIn(fields, file), fields, place };
}

async function readCode(folder: string): Promise<Fields> {
  for (const [language, file] of Object.entries(codeFiles)) {
    const code = await readIfThere(join(folder, file));
    if (code !== null) return { language, code };
  }
  throw new CliError(`${folder} has no code: it takes ${Object.values(codeFiles).join(' or ')}.`);
}

function nameIn({ name }: Fields, file: string): string {
  if (typeof name !== 'string' || name === '') throw new CliError(`${file} has no name.`);
  return name;
}
