import { chmod, mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { CliError } from '../cli-error.ts';
import { codeFiles } from './folder.ts';
import { nameAbove, textEndings } from './knowledge-folder.ts';
import {
  type Fields,
  type FileObject,
  type Folder,
  homes,
  isSame,
  type Kind,
  keyOf,
  kinds,
  type PlacedObject,
} from './objects.ts';
import { isMissing } from './read-files.ts';
import { isFileField, skillFilesOf, usualExtras } from './skill-folders.ts';
import { toYaml } from './yaml-text.ts';

interface FileToWrite {
  readonly path: string;
  readonly content: string | Uint8Array;
  readonly executable?: boolean;
}

/** Writes objects, each where it is in the folder or where its name puts it. */
export async function writeObjects(
  root: string,
  folder: Folder,
  objects: readonly FileObject[],
): Promise<void> {
  const places = new Map([...folder].map(([key, { place }]) => [key, place]));
  const taken = new Set(places.values());
  // What stands below others (tests, knowledge) comes after them.
  for (const object of objects.toSorted(byKindAndName)) {
    const key = keyOf(object);
    const place = places.get(key) ?? freePlace(object, { places, taken });
    places.set(key, place);
    taken.add(place);
    const files = filesOf(object, place);
    for (const file of files) await writeIfOther(root, file);
    const before = folder.get(key);
    if (before === undefined) continue;
    const kept = new Set(files.map(({ path }) => path));
    for (const { path } of filesOf(before, place)) {
      if (!kept.has(path)) await rm(join(root, path), { force: true });
    }
  }
}

/** Takes an object's files away; a directory of knowledge only when nothing else is in it. */
export async function removeObject(root: string, object: PlacedObject): Promise<void> {
  const { kind, place } = object;
  if (kind !== 'knowledge') await rm(join(root, place), { recursive: true, force: true });
  if (kind === 'skill') await rm(join(root, `${place}.yaml`), { force: true });
  for (const { path } of filesOf(object, place)) await rm(join(root, path), { force: true });
  if (kind === 'knowledge' && object.fields.is_directory === true) {
    await rmdir(join(root, place)).catch(() => undefined);
  }
}

async function writeIfOther(root: string, file: FileToWrite): Promise<void> {
  const path = join(root, file.path);
  const content = Buffer.from(file.content as string);
  const before = await readFile(path).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (before === null || !before.equals(content)) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
  if (file.executable !== undefined) await chmod(path, file.executable ? 0o755 : 0o644);
}

function filesOf(object: FileObject, place: string): FileToWrite[] {
  const { fields } = object;
  switch (object.kind) {
    case 'model':
    case 'channel':
    case 'test':
      return [{ path: place, content: toYaml(fields) }];
    case 'agent': {
      const { instructions, ...others } = fields;
      return [
        { path: join(place, 'agent.yaml'), content: toYaml(others) },
        { path: join(place, 'instructions.md'), content: `${String(instructions)}\n` },
      ];
    }
    case 'tool': {
      const { code, language, ...others } = fields;
      const codeFile = codeFiles[language as keyof typeof codeFiles];
      if (codeFile === undefined) throw new CliError(`No file holds code in ${String(language)}.`);
      return [
        { path: join(place, 'tool.yaml'), content: toYaml(others) },
        { path: join(place, codeFile), content: String(code) },
      ];
    }
    case 'skill':
      return skillFiles(fields, place);
    case 'knowledge': {
      const { body, source_type: type, ...others } = fields;
      const ending = textEndings[type as keyof typeof textEndings];
      const text = { path: `${place}${ending}`, content: String(body) };
      return [
        { path: `${place}.yaml`, content: toYaml(others) },
        ...(ending === undefined ? [] : [text]),
      ];
    }
  }
}

function skillFiles(fields: Fields, place: string): FileToWrite[] {
  const extras = Object.entries(fields).filter(
    ([name, value]) => !isFileField(name) && !isSame(value, usualExtras[name]),
  );
  const files = skillFilesOf(fields).map(({ path, content, encoding, executable }) => {
    // These names are the server's.
    if (!resolve(place, path).startsWith(resolve(place) + sep)) {
      throw new CliError(`The path ${path} leads out of ${place}.`);
    }
    return { path: join(place, path), content: Buffer.from(content, encoding), executable };
  });
  if (extras.length === 0) return files;
  const beside = { path: `${place}.yaml`, content: toYaml(Object.fromEntries(extras)) };
  return [beside, ...files];
}

function freePlace(
  object: FileObject,
  given: { readonly places: ReadonlyMap<string, string>; readonly taken: ReadonlySet<string> },
): string {
  const base = baseOf(object, given.places);
  const ending = ['test', 'model', 'channel'].includes(object.kind) ? '.yaml' : '';
  const slug = slugOf(object);
  for (let count = 1; ; count++) {
    const place = join(base, `${slug}${count === 1 ? '' : `-${count}`}${ending}`);
    if (!given.taken.has(place)) return place;
  }
}

function baseOf({ kind, agent, name, fields }: FileObject, places: ReadonlyMap<string, string>) {
  if (kind === 'knowledge') {
    const above = nameAbove(name, fields.title);
    if (above === null) return homes.knowledge;
    const place = places.get(keyOf({ kind, name: above, agent: null }));
    if (place === undefined) throw new CliError(`There is no directory for knowledge ${name}.`);
    return place;
  }
  if (kind !== 'test') return homes[kind];
  const place = places.get(keyOf({ kind: 'agent', name: agent ?? '', agent: null }));
  if (place === undefined) throw new CliError(`There is no agent ${agent} for its test.`);
  return join(place, 'tests');
}

function slugOf({ kind, name, fields }: FileObject): string {
  const words = (kind === 'knowledge' ? String(fields.title) : name)
    .normalize('NFKD')
    .toLowerCase()
    .match(/[a-z0-9]+/g) ?? [kind];
  return words.join('-').slice(0, 80);
}

function byKindAndName(a: FileObject, b: FileObject): number {
  const order = ({ kind }: { kind: Kind }) => kinds.indexOf(kind);
  return order(a) - order(b) || (keyOf(a) < keyOf(b) ? -1 : 1);
}
