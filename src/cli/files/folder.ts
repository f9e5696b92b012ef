import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CliError } from '../cli-error.ts';
import { unreadable } from '../unreadable.ts';
import { type Fields, type FileObject, type Kind, keyOf } from './objects.ts';
import { fromYaml, toYaml } from './yaml-text.ts';

// A workspace as a folder:
//
//   agents/<name>/agent.yaml, instructions.md, tests/<name>.yaml
//   tools/<name>/tool.yaml, tool.py or tool.js

/** An object and where it is: the folder of an agent or a tool, the file of a test; relative. */
export interface PlacedObject extends FileObject {
  readonly place: string;
}

export type Folder = ReadonlyMap<string, PlacedObject>;

const codeFiles = { python: 'tool.py', javascript: 'tool.js' } as const;

/** Reads a folder; one that does not exist is empty. Throws `CliError` that names the file at fault. */
export async function readFolder(root: string): Promise<Folder> {
  const objects = new Map<string, PlacedObject>();
  const add = (object: Omit<PlacedObject, 'name'>, file: string) => {
    const { name } = object.fields;
    if (typeof name !== 'string' || name === '') throw new CliError(`${file} has no name.`);
    const placed = { ...object, name };
    const other = objects.get(keyOf(placed));
    if (other !== undefined) {
      throw new CliError(`${object.place} and ${other.place} both are ${keyOf(placed)}.`);
    }
    objects.set(keyOf(placed), placed);
    return name;
  };
  for (const folder of await namesIn(join(root, 'tools'))) {
    const place = join('tools', folder);
    const file = join(root, place, 'tool.yaml');
    const text = await readIfThere(file);
    if (text === null) continue;
    const fields = { ...fromYaml(text, file), ...(await readCode(join(root, place))) };
    add({ kind: 'tool', agent: null, fields, place }, file);
  }
  for (const folder of await namesIn(join(root, 'agents'))) {
    const place = join('agents', folder);
    const file = join(root, place, 'agent.yaml');
    const text = await readIfThere(file);
    if (text === null) continue;
    const instructions = await readIfThere(join(root, place, 'instructions.md'));
    const fields = {
      ...fromYaml(text, file),
      ...(instructions !== null && { instructions: instructions.replace(/\n$/, '') }),
    };
    const agent = add({ kind: 'agent', agent: null, fields, place }, file);
    for (const name of await namesIn(join(root, place, 'tests'))) {
      if (!name.endsWith('.yaml')) continue;
      const testPlace = join(place, 'tests', name);
      const testText = (await readIfThere(join(root, testPlace))) ?? '';
      const testFields = fromYaml(testText, join(root, testPlace));
      add({ kind: 'test', agent, fields: testFields, place: testPlace }, testPlace);
    }
  }
  return objects;
}

/** Writes objects, each where it is in the folder or where its name puts it. */
export async function writeObjects(
  root: string,
  folder: Folder,
  objects: readonly FileObject[],
): Promise<void> {
  const places = new Map([...folder].map(([key, { place }]) => [key, place]));
  const taken = new Set(places.values());
  // Tests stand below their agents, so those get their places first.
  for (const object of objects.toSorted(byKindAndName)) {
    const place = places.get(keyOf(object)) ?? freePlace(object, { places, taken });
    places.set(keyOf(object), place);
    taken.add(place);
    for (const [file, content] of filesOf(object, place)) {
      const path = join(root, file);
      if ((await readIfThere(path)) === content) continue;
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
    }
  }
}

/** Takes an object's files away. */
export async function removeObject(root: string, { place }: PlacedObject): Promise<void> {
  await rm(join(root, place), { recursive: true, force: true });
}

function filesOf(object: FileObject, place: string): [file: string, content: string][] {
  const { code, instructions, language, ...fields } = object.fields;
  if (object.kind === 'test') return [[place, toYaml(object.fields)]];
  if (object.kind === 'agent') {
    return [
      [join(place, 'agent.yaml'), toYaml(fields)],
      [join(place, 'instructions.md'), `${String(instructions)}\n`],
    ];
  }
  const codeFile = codeFiles[language as keyof typeof codeFiles];
  if (codeFile === undefined) throw new CliError(`No file holds code in ${String(language)}.`);
  return [
    [join(place, 'tool.yaml'), toYaml(fields)],
    [join(place, codeFile), String(code)],
  ];
}

async function readCode(folder: string): Promise<Fields> {
  for (const [language, file] of Object.entries(codeFiles)) {
    const code = await readIfThere(join(folder, file));
    if (code !== null) return { language, code };
  }
  throw new CliError(`${folder} has no code: it takes ${Object.values(codeFiles).join(' or ')}.`);
}

function freePlace(
  object: FileObject,
  given: { readonly places: ReadonlyMap<string, string>; readonly taken: ReadonlySet<string> },
): string {
  const base = baseOf(object, given.places);
  const ending = object.kind === 'test' ? '.yaml' : '';
  const slug = slugOf(object.name, object.kind);
  for (let count = 1; ; count++) {
    const place = join(base, `${slug}${count === 1 ? '' : `-${count}`}${ending}`);
    if (!given.taken.has(place)) return place;
  }
}

function baseOf({ kind, agent }: FileObject, places: ReadonlyMap<string, string>): string {
  if (kind !== 'test') return `${kind}s`;
  const place = places.get(keyOf({ kind: 'agent', name: agent ?? '', agent: null }));
  if (place === undefined) throw new CliError(`There is no agent ${agent} for its test.`);
  return join(place, 'tests');
}

function slugOf(name: string, kind: Kind): string {
  const words = name
    .normalize('NFKD')
    .toLowerCase()
    .match(/[a-z0-9]+/g) ?? [kind];
  return words.join('-').slice(0, 80);
}

function byKindAndName(a: FileObject, b: FileObject): number {
  const order = (object: FileObject) => `${object.kind === 'test' ? 1 : 0} ${keyOf(object)}`;
  return order(a) < order(b) ? -1 : 1;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => !name.startsWith('.')).toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw unreadable(folder, error);
  }
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unreadable(file, error);
  }
}
