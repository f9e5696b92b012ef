import { givenFields } from '../core/given-fields.ts';
import type { Embedder, Reranker } from '../core/knowledge.ts';
import { refusal } from '../core/validate.ts';
import type { Database } from '../store/connect.ts';
import { lockSpace } from '../store/kb-nodes.ts';
import { getSpaceSettings, putSpaceSettings, type SpaceSettings } from '../store/kb-spaces.ts';
import { requireWorkspace } from '../store/workspaces.ts';

export interface SettingsDeps {
  readonly db: Database;
  readonly embedder: Embedder;
  readonly reranker: Reranker;
  readonly nudge: () => void;
}

/** Throws `validation_error` for a model that cannot be used. */
export async function changeSettings(
  deps: SettingsDeps,
  workspaceId: string,
  patch: { readonly [Field in keyof SpaceSettings]?: SpaceSettings[Field] | undefined },
): Promise<SpaceSettings> {
  await requireUsable(deps.embedder, 'embedding_model', workspaceId, patch.embeddingModel);
  await requireUsable(deps.reranker, 'rerank_model', workspaceId, patch.rerankModel);
  const settings = await deps.db.transaction(async (tx) => {
    await requireWorkspace(tx, 'all', workspaceId);
    await lockSpace(tx, workspaceId);
    const before = await getSpaceSettings(tx, workspaceId);
    const after = { ...before, ...givenFields(patch) };
    await putSpaceSettings(tx, workspaceId, after);
    return after;
  });
  deps.nudge();
  return settings;
}

async function requireUsable(
  models: Pick<Embedder | Reranker, 'whyUnusable'>,
  field: string,
  workspaceId: string,
  model: string | null | undefined,
): Promise<void> {
  const why = model == null ? null : await models.whyUnusable({ workspaceId, model });
  if (why === null) return;
  throw refusal(new Map([[field, `cannot be used: ${why.replace(/\.$/, '')}`]]));
}
