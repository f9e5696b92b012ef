import { newId } from '../core/ids.ts';
import { type Page, type PageRequest, toPage } from '../core/page.ts';
import {
  type Skill,
  type SkillFile,
  type SkillFileContent,
  type SkillVersion,
  skillFileName,
} from '../core/skill.ts';
import { fromStorableText, toStorableText } from '../core/storable-text.ts';
import type { Queryable } from './connect.ts';
import { Conditions } from './page-sql.ts';

// Files of skills, over their versions: nothing that was part of a version is ever changed or taken away.

interface FileRow {
  readonly id: string;
  readonly version: number;
  readonly path: string;
  readonly content: Buffer;
  readonly is_executable: boolean;
}

interface VersionRow {
  readonly skill_id: string;
  readonly version: number;
  readonly name: string;
  readonly description: string;
  readonly hash: string;
  readonly created_at: Date;
}

interface SkillAt {
  readonly skillId: string;
  /** Of the skill. */
  readonly version: number;
}

const inVersion = 'skill_id = $1 AND since <= $2 AND (until IS NULL OR until > $2)';

/** All files of that version of the skill, by path. */
export async function readSkillFiles(
  db: Queryable,
  { skillId, version }: SkillAt,
): Promise<readonly SkillFile[]> {
  const rows = await db.query<FileRow>({
    name: 'read_skill_files',
    text: `SELECT id, version, path, content, is_executable FROM skill_files
      WHERE ${inVersion} ORDER BY path`,
    values: [skillId, version],
  });
  return rows.map(toFile);
}

/** The file at that path; null when the version has none there. */
export async function readSkillFile(
  db: Queryable,
  { skillId, version, path }: SkillAt & { readonly path: string },
): Promise<SkillFile | null> {
  const rows = await db.query<FileRow>({
    name: 'read_skill_file',
    text: `SELECT id, version, path, content, is_executable FROM skill_files
      WHERE ${inVersion} AND path = $3`,
    values: [skillId, version, toStorableText(path)],
  });
  return rows[0] === undefined ? null : toFile(rows[0]);
}

/** The SKILL.md of the latest version of each skill, by the skill's id. */
export async function readSkillTexts(
  db: Queryable,
  skillIds: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const rows = await db.query<{ skill_id: string; content: Buffer }>({
    name: 'read_skill_texts',
    text: `SELECT skill_id, content FROM skill_files
      WHERE skill_id = ANY ($1) AND path = $2 AND until IS NULL`,
    values: [skillIds, skillFileName],
  });
  return new Map(rows.map((row) => [row.skill_id, row.content]));
}

/** Paths and sizes of that version's files, by path. */
export async function listSkillPaths(
  db: Queryable,
  { skillId, version }: SkillAt,
): Promise<readonly { readonly path: string; readonly sizeBytes: number }[]> {
  const rows = await db.query<{ path: string; size: number }>({
    name: 'list_skill_paths',
    text: `SELECT path, length(content) AS size FROM skill_files WHERE ${inVersion} ORDER BY path`,
    values: [skillId, version],
  });
  return rows.map(({ path, size }) => ({ path: fromStorableText(path), sizeBytes: size }));
}

/**
 * Makes these the files of the skill's version, which is saved and new, and its skill locked. Files that are
 * as they were in `before` stay; one at a path that was there before is a new version of that file.
 */
export async function writeSkillFiles(
  tx: Queryable,
  skill: Skill,
  change: { readonly before: readonly SkillFile[]; readonly files: readonly SkillFileContent[] },
): Promise<void> {
  await tx.execute({
    text: `INSERT INTO skill_versions (skill_id, version, name, description, hash, created_at)
      VALUES ($1, $2, $3, $4, $5, $6)`,
    values: [
      skill.id,
      skill.version,
      skill.name,
      toStorableText(skill.description),
      skill.hash,
      skill.updatedAt,
    ],
  });
  const { before, files } = change;
  const kept = new Set(files.flatMap((file) => before.find((old) => isSame(old, file)) ?? []));
  const gone = before.filter((file) => !kept.has(file)).map(({ id }) => id);
  if (gone.length > 0) {
    await tx.execute({
      text: 'UPDATE skill_files SET until = $2 WHERE id = ANY ($1) AND until IS NULL',
      values: [gone, skill.version],
    });
  }
  for (const file of files) {
    const old = before.find(({ path }) => path === file.path);
    if (old !== undefined && kept.has(old)) continue;
    await tx.execute({
      text: `INSERT INTO skill_files (id, version, skill_id, path, content, is_executable, since)
        VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      values: [
        old?.id ?? newId('skillFile'),
        (old?.version ?? 0) + 1,
        skill.id,
        toStorableText(file.path),
        Buffer.from(file.content),
        file.isExecutable,
        skill.version,
      ],
    });
  }
}

/** A page of the skill's versions, newest first. The position's `id` is the version's number. */
export async function listSkillVersions(
  db: Queryable,
  skillId: string,
  page: PageRequest,
): Promise<Page<SkillVersion>> {
  const conditions = new Conditions().add(skillId, (placeholder) => `skill_id = ${placeholder}`);
  if (page.after !== null) {
    conditions.add(Number(page.after.id), (placeholder) => `version < ${placeholder}`);
  }
  const rows = await db.query<VersionRow>({
    text: `SELECT skill_id, version, name, description, hash, created_at FROM skill_versions
      ${conditions.where()} ORDER BY version DESC LIMIT ${page.limit + 1}`,
    values: conditions.values,
  });
  return toPage(rows.map(toVersion), page.limit, ({ version, createdAt }) => ({
    createdAt,
    id: String(version),
  }));
}

/** The version; null when the skill has none of that number. */
export async function getSkillVersion(
  db: Queryable,
  { skillId, version }: SkillAt,
): Promise<SkillVersion | null> {
  const rows = await db.query<VersionRow>({
    text: `SELECT skill_id, version, name, description, hash, created_at FROM skill_versions
      WHERE skill_id = $1 AND version = $2`,
    values: [skillId, version],
  });
  return rows[0] === undefined ? null : toVersion(rows[0]);
}

function isSame(one: SkillFileContent, other: SkillFileContent): boolean {
  return (
    one.path === other.path &&
    one.isExecutable === other.isExecutable &&
    Buffer.compare(one.content, other.content) === 0
  );
}

function toFile(row: FileRow): SkillFile {
  return {
    id: row.id,
    version: row.version,
    path: fromStorableText(row.path),
    content: row.content,
    isExecutable: row.is_executable,
  };
}

function toVersion(row: VersionRow): SkillVersion {
  return {
    skillId: row.skill_id,
    version: row.version,
    name: row.name,
    description: fromStorableText(row.description),
    hash: row.hash,
    createdAt: row.created_at,
  };
}
