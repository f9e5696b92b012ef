import { isId } from '../core/ids.ts';
import { type Page, type PageRequest, toPage } from '../core/page.ts';
import type { OfferedSkill, Skill } from '../core/skill.ts';
import {
  fromStorableOrNull,
  fromStorableText,
  storableOrNull,
  toStorableText,
} from '../core/storable-text.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Queryable } from './connect.ts';
import { fromJsonColumn, toJsonColumn } from './json-column.ts';
import { Conditions, inScopeSql, scopeValue } from './page-sql.ts';

interface SkillRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly name: string;
  readonly display_name: string | null;
  readonly description: string;
  readonly allowed_tools: string | null;
  readonly tags: string | null;
  readonly enabled: boolean;
  readonly source_run_id: string | null;
  readonly version: number;
  readonly hash: string;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const columns = `id, workspace_id, name, display_name, description, allowed_tools, tags, enabled,
  source_run_id, version, hash, created_at, updated_at`;

/** A skill as it is to be, without its files. */
export type SkillSave = Omit<Skill, 'id' | 'workspaceId' | 'createdAt' | 'updatedAt'>;

/** The skill; null when there is none in scope, or it was deleted. */
export function getSkill(db: Queryable, scope: WorkspaceScope, id: string): Promise<Skill | null> {
  return readOne(db, { scope, id, lock: false });
}

/** The same, locked until the transaction ends. */
export function lockSkill(tx: Queryable, scope: WorkspaceScope, id: string): Promise<Skill | null> {
  return readOne(tx, { scope, id, lock: true });
}

/** The workspace's skill of that name; null when there is none. */
export async function findSkillByName(
  db: Queryable,
  workspaceId: string,
  name: string,
): Promise<Skill | null> {
  const rows = await db.query<SkillRow>({
    text: `SELECT ${columns} FROM skills
      WHERE workspace_id = $1 AND name = $2 AND deleted_at IS NULL`,
    values: [workspaceId, toStorableText(name)],
  });
  return rows[0] === undefined ? null : toSkill(rows[0]);
}

/** A page of skills, newest first. */
export async function listSkills(
  db: Queryable,
  filter: { readonly scope: WorkspaceScope; readonly enabled?: boolean | undefined },
  page: PageRequest,
): Promise<Page<Skill>> {
  const conditions = new Conditions().inScope(filter.scope, 'workspace_id');
  if (filter.enabled !== undefined) {
    conditions.add(filter.enabled, (placeholder) => `enabled = ${placeholder}`);
  }
  const rows = await db.query<SkillRow>({
    text: `SELECT ${columns} FROM skills ${conditions.pageOf(page, ['deleted_at IS NULL'])}`,
    values: conditions.values,
  });
  return toPage(rows.map(toSkill), page.limit, (skill) => skill);
}

/** Writes a new skill; null when the name is taken. */
export async function insertSkill(
  tx: Queryable,
  skill: SkillSave & { readonly id: string; readonly workspaceId: string },
): Promise<Skill | null> {
  const rows = await tx.query<SkillRow>({
    text: `INSERT INTO skills (id, workspace_id, name, display_name, description, allowed_tools, tags,
        enabled, source_run_id, version, hash)
      VALUES ($1, $11, $2, $3, $4, $5, $6, $7, $8, $9, $10)
      ON CONFLICT (workspace_id, name) WHERE deleted_at IS NULL DO NOTHING
      RETURNING ${columns}`,
    values: [skill.id, ...savedValues(skill), skill.workspaceId],
  });
  return rows[0] === undefined ? null : toSkill(rows[0]);
}

/** Writes a locked skill. The name must be free. */
export async function saveSkill(tx: Queryable, id: string, skill: SkillSave): Promise<Skill> {
  const rows = await tx.query<SkillRow>({
    text: `UPDATE skills SET name = $2, display_name = $3, description = $4, allowed_tools = $5, tags = $6,
        enabled = $7, source_run_id = $8, version = $9, hash = $10, updated_at = clock_timestamp()
      WHERE id = $1 RETURNING ${columns}`,
    values: [id, ...savedValues(skill)],
  });
  if (rows[0] === undefined) throw new Error(`The skill ${id} is not there to be updated.`);
  return toSkill(rows[0]);
}

/** Whether a write failed because another skill of the workspace has the name. */
export function isSkillNameTaken(error: unknown): boolean {
  return error instanceof Error && 'constraint' in error && error.constraint === 'skills_by_name';
}

/** Deletes (softly) a locked skill; its name is free again, and runs that began with it go on. */
export async function deleteSkillRow(tx: Queryable, id: string): Promise<void> {
  await tx.execute({
    text: 'UPDATE skills SET deleted_at = clock_timestamp() WHERE id = $1 AND deleted_at IS NULL',
    values: [id],
  });
}

/** Whether the workspace has the skill. It is not deleted until the transaction ends. */
export async function holdSkill(tx: Queryable, workspaceId: string, id: string): Promise<boolean> {
  if (!isId(id)) return false;
  const rows = await tx.query({
    text: `SELECT 1 FROM skills WHERE id = $1 AND workspace_id = $2 AND deleted_at IS NULL
      FOR SHARE`,
    values: [id, workspaceId],
  });
  return rows.length === 1;
}

/** Those of the skills that runs may use now, in the order of the ids. */
export async function offeredSkills(
  db: Queryable,
  workspaceId: string,
  ids: readonly string[],
): Promise<readonly OfferedSkill[]> {
  if (ids.length === 0) return [];
  const rows = await db.query<SkillRow>({
    name: 'offered_skills',
    text: `SELECT ${columns} FROM skills
      WHERE id = ANY ($1) AND workspace_id = $2 AND enabled AND deleted_at IS NULL`,
    values: [ids, workspaceId],
  });
  return rows
    .map(toSkill)
    .toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id))
    .map(({ id, name, version, description, allowedTools }) => {
      return { id, name, version, description, allowedTools };
    });
}

async function readOne(
  db: Queryable,
  key: { readonly scope: WorkspaceScope; readonly id: string; readonly lock: boolean },
): Promise<Skill | null> {
  if (!isId(key.id)) return null;
  const rows = await db.query<SkillRow>({
    name: key.lock ? 'lock_skill' : 'get_skill',
    text: `SELECT ${columns} FROM skills
      WHERE id = $1 AND deleted_at IS NULL AND ${inScopeSql('workspace_id', '$2')}
      ${key.lock ? 'FOR UPDATE' : ''}`,
    values: [key.id, scopeValue(key.scope)],
  });
  return rows[0] === undefined ? null : toSkill(rows[0]);
}

function savedValues(skill: SkillSave): unknown[] {
  const { allowedTools, tags, displayName, sourceRunId } = skill;
  return [
    skill.name,
    storableOrNull(displayName),
    toStorableText(skill.description),
    allowedTools === null ? null : toJsonColumn(allowedTools),
    tags === null ? null : toJsonColumn(tags),
    skill.enabled,
    storableOrNull(sourceRunId),
    skill.version,
    skill.hash,
  ];
}

function toSkill(row: SkillRow): Skill {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    name: row.name,
    displayName: fromStorableOrNull(row.display_name),
    description: fromStorableText(row.description),
    allowedTools: row.allowed_tools === null ? null : fromJsonColumn(row.allowed_tools),
    tags: row.tags === null ? null : fromJsonColumn(row.tags),
    enabled: row.enabled,
    sourceRunId: fromStorableOrNull(row.source_run_id),
    version: row.version,
    hash: row.hash,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
