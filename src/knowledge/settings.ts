import type { Embedder } from '../core/knowledge.ts';
import { refusal } from '../core/validate.ts';
import type { Database } from '../store/connect.ts';
import { lockSpace } from '../store/kb-nodes.ts';
import { getSpaceSettings, putSpaceSettings, type SpaceSettings } from '../store/kb-spaces.ts';
import { requireWorkspace } from '../store/workspaces.ts';

export interface SettingsDeps {
  readonly db: Database;
  readonly embedder: Embedder;
  readonly nudge: () => void;
}

/** Throws `validation_error` for a model that cannot be used. */
export async function changeSettings(
  deps: SettingsDeps,
  workspaceId: string,
  patch: { readonly [Field in keyof SpaceSettings]?: SpaceSettings[Field] | undefined },
): Promise<SpaceSettings> {
  const model = patch.embeddingModel ?? null;
  const why = model === null ? null : deps.embedder.whyUnusable(model);
  if (why !== null) {
    throw refusal(new Map([['embedding_model', `cannot be used: ${why.replace(/\.$/, '')}`]]));
  }
  const settings = await deps.db.transaction(async (tx) => {
    await requireWorkspace(tx, 'all', workspaceId);
    await lockSpace(tx, workspaceId);
    const before = await getSpaceSettings(tx, workspaceId);
    const after = {
      language: patch.language ?? before.language,
      embeddingModel:
        patch.embeddingModel === undefined ? before.embeddingModel : patch.embeddingModel,
    };
    await putSpaceSettings(tx, workspaceId, after);
    return after;
  });
  deps.nudge();
  return settings;
}
