import { ApiError } from '../core/errors.ts';
import { givenFields } from '../core/given-fields.ts';
import { newId } from '../core/ids.ts';
import { type Skill, type SkillFile, type SkillFileContent, skillFileName } from '../core/skill.ts';
import { refusal } from '../core/validate.ts';
import type { ScopedKey, WorkspaceScope } from '../core/workspace-scope.ts';
import { listAgentsNamingSkill } from '../store/agents-naming.ts';
import type { Database, Queryable } from '../store/connect.ts';
import { getSkillVersion, readSkillFiles, writeSkillFiles } from '../store/skill-files.ts';
import {
  deleteSkillRow,
  findSkillByName,
  getSkill,
  insertSkill,
  isSkillNameTaken,
  lockSkill,
  saveSkill,
} from '../store/skills.ts';
import { type InTransaction, requireWorkspace } from '../store/workspaces.ts';
import { checkSkillFiles, type FieldOf, hashSkillFiles, textOf } from './skill-files.ts';
import { readSkillMd, type SkillMd, writeSkillMd } from './skill-md.ts';

// The rules of skills. The files are the skill: what its SKILL.md says is what the skill's fields say.

export interface SkillDeps {
  readonly db: Database;
}

/** What a skill has beside its files. */
export interface SkillExtras {
  readonly displayName: string | null;
  readonly tags: readonly string[] | null;
  readonly enabled: boolean;
  readonly sourceRunId: string | null;
}

export const plainExtras: SkillExtras = {
  displayName: null,
  tags: null,
  enabled: true,
  sourceRunId: null,
};

export interface NewSkill extends SkillExtras {
  readonly scope: WorkspaceScope;
  readonly workspaceId: string;
  readonly files: readonly SkillFileContent[];
  readonly fieldOf?: FieldOf;
}

/**
 * Creates a skill of its files. Throws `validation_error`, `conflict` for a name that is taken,
 * `invalid_workspace`, `forbidden`.
 */
export async function createSkill(
  deps: SkillDeps,
  given: NewSkill,
  inTransaction?: InTransaction<Skill>,
): Promise<Skill> {
  const md = checkSkillFiles(given.files, given.fieldOf);
  return deps.db.transaction(async (tx) => {
    await requireWorkspace(tx, given.scope, given.workspaceId);
    const created = await insertWithFiles(tx, given, md);
    if (created === null) throw nameTaken(md.name);
    await inTransaction?.(tx, created);
    return created;
  });
}

/**
 * Creates the skill, or makes these the files of the one that has its name, where `replace` says so. Throws
 * like `createSkill`.
 */
export async function importSkill(
  deps: SkillDeps,
  given: NewSkill & { readonly replace: boolean },
): Promise<{ readonly skill: Skill; readonly isNew: boolean }> {
  const md = checkSkillFiles(given.files, given.fieldOf);
  return deps.db.transaction(async (tx) => {
    await requireWorkspace(tx, given.scope, given.workspaceId);
    const created = await insertWithFiles(tx, given, md);
    if (created !== null) return { skill: created, isNew: true };
    const found = await findSkillByName(tx, given.workspaceId, md.name);
    const before = found && (await lockSkill(tx, [given.workspaceId], found.id));
    if (before?.name !== md.name || !given.replace) throw nameTaken(md.name);
    const { files } = given;
    return { skill: await saveChange(tx, before, { files, extras: before }), isNew: false };
  });
}

type Changeable = SkillExtras & SkillMd;

/** What may be changed of a skill in one go; what is undefined stays. */
export type SkillPatch = {
  readonly [Field in keyof Changeable]?: Changeable[Field] | undefined;
};

/** Changes what is given, in the SKILL.md too. Throws `not_found`, `validation_error`, `conflict`. */
export function patchSkill(deps: SkillDeps, key: ScopedKey, patch: SkillPatch): Promise<Skill> {
  return changing(deps, key, async (tx, before) => {
    const files = await readSkillFiles(tx, { skillId: before.id, version: before.version });
    const changed = files.map((file) => {
      if (file.path !== skillFileName) return file;
      const text = textOf(file.content) ?? '';
      const read = readSkillMd(text);
      if (!read.ok) throw new Error(`The SKILL.md of ${before.id} ${read.problem}.`);
      const { name, description, allowedTools, body } = { ...read, ...givenFields(patch) };
      const md: SkillMd = { name, description, allowedTools, body };
      return { ...file, content: Buffer.from(writeSkillMd(text, md)) };
    });
    return { files: changed, extras: { ...before, ...givenFields(patch) } };
  });
}

/** Makes these its files. Throws `not_found`, `validation_error`, `conflict`. */
export function replaceSkillFiles(
  deps: SkillDeps,
  key: ScopedKey,
  change: {
    readonly files: readonly SkillFileContent[];
    readonly extras?: Partial<SkillExtras>;
    readonly baseHash?: string | null;
    readonly fieldOf?: FieldOf;
  },
): Promise<Skill> {
  return changing(deps, key, async (_tx, before) => {
    requireBase(before, change.baseHash ?? null);
    const { files, fieldOf } = change;
    const extras = { ...before, ...change.extras };
    return { files, extras, ...(fieldOf === undefined ? {} : { fieldOf }) };
  });
}

export interface SkillEdit {
  readonly fileId: string;
  readonly oldString: string;
  readonly newString: string;
  /** Everywhere; otherwise the text must be there once. */
  readonly replaceAll: boolean;
}

/**
 * Replaces pieces of text in files, one edit after the other, all or none. Throws `not_found`,
 * `validation_error` that names the edit, and `conflict` when the files are not those of `baseHash`.
 */
export function editSkill(
  deps: SkillDeps,
  key: ScopedKey,
  change: { readonly edits: readonly SkillEdit[]; readonly baseHash: string | null },
): Promise<Skill> {
  return changing(deps, key, async (tx, before) => {
    requireBase(before, change.baseHash);
    const files = await readSkillFiles(tx, { skillId: before.id, version: before.version });
    const texts = new Map<string, string>();
    for (const [index, edit] of change.edits.entries()) {
      const problem = applyEdit(files, texts, edit);
      if (problem === null) continue;
      const [field, what] = problem;
      throw refusal(new Map([[`edits[${index}].${field}`, what]]));
    }
    const edited = files.map((file) => {
      const text = texts.get(file.id);
      return text === undefined ? file : { ...file, content: Buffer.from(text) };
    });
    return { files: edited, extras: before };
  });
}

/** Brings the files of an earlier version back, as a new one. Throws `not_found`, `conflict`. */
export function rollbackSkill(deps: SkillDeps, key: ScopedKey, version: number): Promise<Skill> {
  return changing(deps, key, async (tx, before) => {
    const earlier = await getSkillVersion(tx, { skillId: before.id, version });
    if (earlier === null) throw new ApiError('not_found', `The skill has no version ${version}.`);
    const files = await readSkillFiles(tx, { skillId: before.id, version });
    return { files, extras: before };
  });
}

/** Deletes (softly). Throws `not_found`, and `conflict` while agents name the skill. */
export function deleteSkill(deps: SkillDeps, key: ScopedKey): Promise<void> {
  return deps.db.transaction(async (tx) => {
    const skill = await lockSkill(tx, key.scope, key.id);
    if (skill === null) throw noSkill(key.id);
    const agents = await listAgentsNamingSkill(tx, skill.workspaceId, skill.id);
    if (agents.length > 0) {
      const names = agents.map((name) => `"${name}"`).join(', ');
      throw new ApiError(
        'conflict',
        `The skill "${skill.name}" cannot be deleted: it is in "skill_ids" of the agents ${names}. Take it out there first, or disable the skill.`,
      );
    }
    await deleteSkillRow(tx, skill.id);
  });
}

/** Throws `not_found`. */
export async function requireSkill(db: Queryable, { scope, id }: ScopedKey): Promise<Skill> {
  const skill = await getSkill(db, scope, id);
  if (skill === null) throw noSkill(id);
  return skill;
}

interface Change {
  readonly files: readonly SkillFileContent[];
  readonly extras: SkillExtras;
  readonly fieldOf?: FieldOf;
}

async function changing(
  deps: SkillDeps,
  key: ScopedKey,
  decide: (tx: Queryable, before: Skill) => Promise<Change>,
): Promise<Skill> {
  return deps.db.transaction(async (tx) => {
    const before = await lockSkill(tx, key.scope, key.id);
    if (before === null) throw noSkill(key.id);
    return saveChange(tx, before, await decide(tx, before));
  });
}

/** Other files are a new version; everything else of a skill is not. */
async function saveChange(tx: Queryable, before: Skill, change: Change): Promise<Skill> {
  const { files, extras } = change;
  const { name, description, allowedTools } = checkSkillFiles(files, change.fieldOf);
  const hash = hashSkillFiles(files);
  const isSame = hash === before.hash;
  const { displayName, tags, enabled, sourceRunId } = extras;
  const fields = { name, description, allowedTools, displayName, tags, enabled, sourceRunId };
  const version = before.version + (isSame ? 0 : 1);
  try {
    const saved = await saveSkill(tx, before.id, { ...fields, version, hash });
    if (isSame) return saved;
    const written = await readSkillFiles(tx, { skillId: before.id, version: before.version });
    await writeSkillFiles(tx, saved, { before: written, files });
    return saved;
  } catch (error) {
    if (isSkillNameTaken(error)) throw nameTaken(name);
    throw error;
  }
}

async function insertWithFiles(
  tx: Queryable,
  skill: NewSkill,
  { name, description, allowedTools }: SkillMd,
): Promise<Skill | null> {
  const { workspaceId, files, displayName, tags, enabled, sourceRunId } = skill;
  const id = newId('skill');
  const fields = { name, description, allowedTools, displayName, tags, enabled, sourceRunId };
  const hash = hashSkillFiles(files);
  const created = await insertSkill(tx, { ...fields, id, workspaceId, version: 1, hash });
  if (created !== null) await writeSkillFiles(tx, created, { before: [], files });
  return created;
}

function applyEdit(
  files: readonly SkillFile[],
  texts: Map<string, string>,
  edit: SkillEdit,
): readonly [field: string, problem: string] | null {
  const file = files.find(({ id, path }) => id === edit.fileId || path === edit.fileId);
  if (file === undefined) return ['file_id', 'is no file of this skill'];
  const text = texts.get(file.id) ?? textOf(file.content);
  if (text === null) return ['file_id', `is no text file ("${file.path}")`];
  const parts = text.split(edit.oldString);
  const count = parts.length - 1;
  if (count === 0) return ['old_string', `is not in "${file.path}"`];
  if (count > 1 && !edit.replaceAll) {
    return [
      'old_string',
      `is in "${file.path}" ${count} times; give more of the text around it, or "replace_all"`,
    ];
  }
  texts.set(file.id, parts.join(edit.newString));
  return null;
}

function requireBase(skill: Skill, baseHash: string | null): void {
  if (baseHash === null || baseHash === skill.hash) return;
  throw new ApiError(
    'conflict',
    `The skill was changed meanwhile: its hash is ${skill.hash}. Read it again and repeat the change.`,
    { details: { base_hash: 'is not the hash of the skill as it is now' } },
  );
}

function nameTaken(name: string): ApiError {
  return new ApiError('conflict', `There is a skill named "${name}" in the workspace already.`, {
    details: { name: 'is taken in this workspace; choose another' },
  });
}

function noSkill(id: string): ApiError {
  return new ApiError('not_found', `There is no skill ${id}.`);
}
