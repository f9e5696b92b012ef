import { ApiError } from '../core/errors.ts';
import { givenFields } from '../core/given-fields.ts';
import { newId } from '../core/ids.ts';
import { type ModelAnswer, ModelError, type ModelErrorKind } from '../core/model.ts';
import { isModelName, type ModelEntry } from '../core/model-entry.ts';
import { type Problems, refuse } from '../core/validate.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';
import type { Database, Queryable } from '../store/connect.ts';
import {
  deleteModel,
  findUsesOfModel,
  getModel,
  getModelsByName,
  insertModel,
  lockModel,
  type ModelFields,
  updateModel,
} from '../store/models.ts';
import { getSecret } from '../store/secrets.ts';
import { type InTransaction, requireWorkspace } from '../store/workspaces.ts';
import { checkAddress, type ModelReach, modelMaxima } from './model-input.ts';
import type { RegistryClient } from './workspace-models.ts';

// The rules of a workspace's models.

export interface ModelRegistryDeps {
  readonly db: Database;
  readonly reach: ModelReach;
  readonly client: Pick<RegistryClient, 'callEntry' | 'whyUnusable'>;
}

export interface ModelKey {
  readonly scope: WorkspaceScope;
  /** Or its name, where the scope is one workspace. */
  readonly id: string;
}

/** Throws `validation_error`, and `conflict` when the name is taken or there are too many. */
export async function createModel(
  deps: ModelRegistryDeps,
  input: ModelFields & { readonly workspaceId: string },
  inTransaction?: InTransaction<ModelEntry>,
): Promise<ModelEntry> {
  const { workspaceId } = input;
  return await deps.db.transaction(async (tx) => {
    await requireWorkspace(tx, 'all', workspaceId);
    await check(deps, tx, { workspaceId, fields: input, before: null });
    const id = newId('model');
    const maxCount = modelMaxima.perWorkspace;
    const model = await insertModel(tx, { ...input, id, maxCount });
    if (model === 'taken') {
      throw new ApiError('conflict', `The workspace has a model "${input.name}" already.`);
    }
    if (model === null) {
      throw new ApiError('conflict', `The workspace has ${maxCount} models already. Delete some.`);
    }
    await inTransaction?.(tx, model);
    return model;
  });
}

/** Changes what is given. Throws `not_found`, `validation_error`. */
export async function patchModel(
  deps: ModelRegistryDeps,
  key: ModelKey,
  patch: { readonly [Field in keyof ModelFields]?: ModelFields[Field] | undefined },
): Promise<ModelEntry> {
  return await deps.db.transaction(async (tx) => {
    const before = await lockModel(tx, key.scope, key.id);
    if (before === null) throw noModel(key.id);
    const given = givenFields(patch);
    const fields: ModelFields = { ...before, ...given };
    if (fields.name !== before.name) await requireUnused(tx, before, 'renamed');
    await check(deps, tx, { workspaceId: before.workspaceId, fields, before });
    if (fields.name !== before.name) {
      const taken = await getModelsByName(tx, before.workspaceId, [fields.name]);
      if (taken.length > 0) {
        throw new ApiError('conflict', `The workspace has a model "${fields.name}" already.`);
      }
    }
    return await updateModel(tx, before.id, fields);
  });
}

/** Gives its id. Throws `not_found`, and `conflict` while agents or other models name it. */
export async function removeModel(deps: ModelRegistryDeps, key: ModelKey): Promise<string> {
  return await deps.db.transaction(async (tx) => {
    const model = await lockModel(tx, key.scope, key.id);
    if (model === null) throw noModel(key.id);
    await requireUnused(tx, model, 'deleted');
    await deleteModel(tx, model.id);
    return model.id;
  });
}

/** Throws `not_found`. */
export async function requireModel(db: Queryable, { scope, id }: ModelKey): Promise<ModelEntry> {
  const model = await getModel(db, scope, id);
  if (model === null) throw noModel(id);
  return model;
}

export interface ModelTest {
  readonly ok: boolean;
  readonly durationMs: number;
  readonly answer: ModelAnswer | null;
  readonly error: { readonly kind: ModelErrorKind; readonly message: string } | null;
}

const testWithinMs = 60_000;

/** Asks the model for one word, once. What goes wrong is the answer, not an error. Throws `not_found`. */
export async function testModel(
  deps: ModelRegistryDeps,
  key: ModelKey,
  signal: AbortSignal,
): Promise<ModelTest> {
  const entry = await requireModel(deps.db, key);
  const startedAt = performance.now();
  const durationMs = () => Math.round(performance.now() - startedAt);
  const limit = AbortSignal.timeout(testWithinMs);
  try {
    const answer = await deps.client.callEntry(
      entry,
      {
        model: entry.name,
        workspaceId: entry.workspaceId,
        messages: [{ role: 'user', text: 'Answer with the word pong and nothing else.' }],
        tools: [],
        signal: AbortSignal.any([signal, limit]),
      },
      { attempts: 1 },
    );
    return { ok: true, durationMs: durationMs(), answer, error: null };
  } catch (error) {
    signal.throwIfAborted();
    const isLate = limit.aborted;
    if (!isLate && !(error instanceof ModelError)) throw error;
    const failed: ModelTest['error'] =
      isLate || !(error instanceof ModelError)
        ? { kind: 'timeout', message: `No answer came within ${testWithinMs / 1_000} s.` }
        : { kind: error.kind, message: error.message };
    return { ok: false, durationMs: durationMs(), answer: null, error: failed };
  }
}

async function check(
  deps: ModelRegistryDeps,
  tx: Queryable,
  given: {
    readonly workspaceId: string;
    readonly fields: ModelFields;
    readonly before: ModelEntry | null;
  },
): Promise<void> {
  const { workspaceId, fields, before } = given;
  const problems: Problems = new Map();
  checkAddress(fields, deps.reach, problems);
  const { secret } = fields;
  if (secret !== null && secret !== before?.secret) {
    const found = await getSecret(tx, { workspaceId, name: secret });
    if (found === null) {
      problems.set(
        'secret',
        `names no secret of this workspace; set it by PUT /v1/secrets/${secret}`,
      );
    }
  }
  const named = fields.fallbacks.filter(isModelName);
  const there = await getModelsByName(tx, workspaceId, named);
  for (const [index, fallback] of fields.fallbacks.entries()) {
    const field = `fallbacks[${index}]`;
    if (fallback === fields.name) problems.set(field, 'is the model itself');
    else if (fields.fallbacks.indexOf(fallback) !== index) problems.set(field, 'is there twice');
    else if (isModelName(fallback) && !there.some(({ name }) => name === fallback)) {
      problems.set(field, `names no model of this workspace ("${fallback}")`);
    } else if (!isModelName(fallback) && before?.fallbacks.includes(fallback) !== true) {
      const why = deps.client.whyUnusable(fallback);
      if (why !== null) problems.set(field, `cannot be used: ${why.replace(/\.$/, '')}`);
    }
  }
  refuse(problems);
}

async function requireUnused(tx: Queryable, model: ModelEntry, how: string): Promise<void> {
  const { agents, models } = await findUsesOfModel(tx, model);
  const users = [
    ...agents.map((name) => `agent "${name}"`),
    ...models.filter((name) => name !== model.name).map((name) => `model "${name}"`),
  ];
  if (users.length === 0) return;
  throw new ApiError(
    'conflict',
    `The model "${model.name}" cannot be ${how} while it is named by ${users.slice(0, 5).join(', ')}. Change them first.`,
  );
}

function noModel(id: string): ApiError {
  return new ApiError('not_found', `There is no model ${id.slice(0, 64)}.`);
}
