import type { ModelErrorKind } from '../core/model.ts';
import type { ModelEntry, ModelLimits, ModelProvider, ModelSettings } from '../core/model-entry.ts';
import { type Page, type PageRequest, toPage } from '../core/page.ts';
import { fromStorableText, toStorableText } from '../core/storable-text.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Queryable } from './connect.ts';
import { readableJsonSql } from './json-column.ts';
import { Conditions, inScopeSql, scopeValue } from './page-sql.ts';

// The models of workspaces. Keys are not here: a row names a secret.

interface ModelRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly name: string;
  readonly description: string;
  readonly provider: string;
  readonly model: string;
  readonly base_url: string | null;
  readonly secret: string | null;
  readonly key_expires_at: Date | null;
  readonly settings: ModelSettings;
  readonly limits: ModelLimits;
  readonly fallbacks: readonly string[];
  readonly fallback_on: readonly string[];
  readonly created_at: Date;
  readonly updated_at: Date;
}

const columns = `id, workspace_id, name, description, provider, model, base_url, secret, key_expires_at,
  settings, limits, fallbacks, fallback_on, created_at, updated_at`;

export type ModelFields = Omit<ModelEntry, 'id' | 'workspaceId' | 'createdAt' | 'updatedAt'>;

/** A page of the workspace's models, newest first. */
export async function listModels(
  db: Queryable,
  workspaceId: string,
  page: PageRequest,
): Promise<Page<ModelEntry>> {
  const conditions = new Conditions().inScope([workspaceId], 'workspace_id');
  const rows = await db.query<ModelRow>({
    text: `SELECT ${columns} FROM models ${conditions.pageOf(page)}`,
    values: conditions.values,
  });
  return toPage(rows.map(toModel), page.limit, (model) => model);
}

/** The model by its id, or by a name that one workspace in scope has alone; null when there is none. */
export async function getModel(
  db: Queryable,
  scope: WorkspaceScope,
  idOrName: string,
): Promise<ModelEntry | null> {
  const rows = await db.query<ModelRow>({
    name: 'get_model',
    text: `SELECT ${columns} FROM models
      WHERE (id = $1 OR name = $1) AND ${inScopeSql('workspace_id', '$2')}
      ORDER BY (id = $1) DESC LIMIT 2`,
    values: [idOrName, scopeValue(scope)],
  });
  const [first, second] = rows;
  if (first === undefined || (second !== undefined && first.id !== idOrName)) return null;
  return toModel(first);
}

/** Those of the names that the workspace has. */
export async function getModelsByName(
  db: Queryable,
  workspaceId: string,
  names: readonly string[],
): Promise<readonly ModelEntry[]> {
  const rows = await db.query<ModelRow>({
    name: 'get_models_by_name',
    text: `SELECT ${columns} FROM models WHERE workspace_id = $1 AND name = ANY ($2)`,
    values: [workspaceId, names],
  });
  return rows.map(toModel);
}

/** Null when the workspace has `maxCount` already, `taken` when it has one of that name. */
export async function insertModel(
  tx: Queryable,
  model: ModelFields & {
    readonly id: string;
    readonly workspaceId: string;
    readonly maxCount: number;
  },
): Promise<ModelEntry | 'taken' | null> {
  const rows = await tx.query<ModelRow & { is_full: boolean }>({
    text: `WITH added AS (
        INSERT INTO models (id, workspace_id, name, description, provider, model, base_url, secret,
          key_expires_at, settings, limits, fallbacks, fallback_on)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13
        WHERE (SELECT count(*) FROM models WHERE workspace_id = $2) < $14
        ON CONFLICT (workspace_id, name) DO NOTHING RETURNING *)
      SELECT ${columns}, false AS is_full FROM added
      UNION ALL SELECT ${columns}, true FROM models WHERE workspace_id = $2 AND name = $3 LIMIT 1`,
    values: [model.id, model.workspaceId, ...fieldValues(model), model.maxCount],
  });
  const [row] = rows;
  if (row === undefined) return null;
  return row.is_full ? 'taken' : toModel(row);
}

/** Locks the model for the rest of the transaction; null when there is none in scope. */
export async function lockModel(
  tx: Queryable,
  scope: WorkspaceScope,
  idOrName: string,
): Promise<ModelEntry | null> {
  const found = await getModel(tx, scope, idOrName);
  if (found === null) return null;
  const rows = await tx.query<ModelRow>({
    text: `SELECT ${columns} FROM models WHERE id = $1 FOR UPDATE`,
    values: [found.id],
  });
  return rows[0] === undefined ? null : toModel(rows[0]);
}

/** Writes a locked model. Its name stays. */
export async function updateModel(
  tx: Queryable,
  id: string,
  fields: ModelFields,
): Promise<ModelEntry> {
  const rows = await tx.query<ModelRow>({
    text: `UPDATE models SET name = $2, description = $3, provider = $4, model = $5, base_url = $6,
        secret = $7, key_expires_at = $8, settings = $9, limits = $10, fallbacks = $11,
        fallback_on = $12, updated_at = clock_timestamp()
      WHERE id = $1 RETURNING ${columns}`,
    values: [id, ...fieldValues(fields)],
  });
  const [row] = rows;
  if (row === undefined) throw new Error('The model is not there to be updated.');
  return toModel(row);
}

/** Whether there was one. */
export async function deleteModel(tx: Queryable, id: string): Promise<boolean> {
  return (await tx.execute({ text: 'DELETE FROM models WHERE id = $1', values: [id] })) > 0;
}

/** What names the model in its workspace: living agents and other models, a few of each. */
export async function findUsesOfModel(
  tx: Queryable,
  model: { readonly workspaceId: string; readonly name: string },
): Promise<{ readonly agents: readonly string[]; readonly models: readonly string[] }> {
  const rows = await tx.query<{ kind: 'agent' | 'model'; name: string }>({
    text: `(SELECT 'agent' AS kind, name FROM agents
        WHERE workspace_id = $1 AND deleted_at IS NULL
          AND $2 IN (${readableJsonSql('definition')}->>'model', ${readableJsonSql('definition')}->>'fallback_model')
        LIMIT 5)
      UNION ALL
      (SELECT 'model', name FROM models WHERE workspace_id = $1 AND $2 = ANY (fallbacks) LIMIT 5)`,
    values: [model.workspaceId, model.name],
  });
  const namesOf = (kind: string) => rows.filter((row) => row.kind === kind).map((row) => row.name);
  return { agents: namesOf('agent'), models: namesOf('model') };
}

function fieldValues(fields: ModelFields): unknown[] {
  return [
    fields.name,
    toStorableText(fields.description),
    fields.provider,
    fields.model,
    fields.baseUrl,
    fields.secret,
    fields.keyExpiresAt,
    JSON.stringify(fields.settings),
    JSON.stringify(fields.limits),
    fields.fallbacks,
    fields.fallbackOn,
  ];
}

function toModel(row: ModelRow): ModelEntry {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    name: row.name,
    description: fromStorableText(row.description),
    provider: row.provider as ModelProvider,
    model: row.model,
    baseUrl: row.base_url,
    secret: row.secret,
    keyExpiresAt: row.key_expires_at,
    settings: row.settings,
    limits: row.limits,
    fallbacks: row.fallbacks,
    fallbackOn: row.fallback_on as readonly ModelErrorKind[],
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
