import type { Embedder, NamedModel, Reranker } from '../core/knowledge.ts';
import { ModelError } from '../core/model.ts';
import { isModelName, type ModelEntry } from '../core/model-entry.ts';
import type { CallTarget } from '../models/client.ts';
import { embedAt, type ServerEmbedder, whyNoEmbeddings } from '../models/embedder.ts';
import { rerankAt, rerankByAsking } from '../models/rerank.ts';
import { estimateUsage } from '../models/usage.ts';
import {
  findEntry,
  type RegistryClient,
  targetOf,
  type WorkspaceModelDeps,
} from './workspace-models.ts';

// Models that knowledge is searched with: those of the server, and those that a workspace names at `/v1/models`,
// with its keys, addresses and limits, through the guard.

export interface KnowledgeModelDeps extends WorkspaceModelDeps {
  readonly embedder: ServerEmbedder;
  readonly models: Pick<RegistryClient, 'call' | 'whyUnusable' | 'registry'>;
}

const orElse = 'name another model';

/** Server's models by `provider/model` and `local/name`, a workspace's by their names. */
export function createKnowledgeModels(deps: KnowledgeModelDeps): {
  readonly embedder: Embedder;
  readonly reranker: Reranker;
} {
  const { db, client, embedder, models } = deps;
  const find = ({ workspaceId, model }: NamedModel) => findEntry(db, workspaceId, model, orElse);
  return {
    embedder: {
      whyUnusable: async (named) => {
        if (!isModelName(named.model)) return embedder.whyUnusable(named.model);
        return await whyNot(async () => {
          const entry = await find(named);
          await targetOf(deps, entry);
          return whyNoEmbeddings(entry.provider);
        });
      },
      embed: async (request) => {
        const { model, texts, signal } = request;
        if (!isModelName(model)) return await embedder.embed(model, request);
        const entry = await find(request);
        return await admitted(deps, entry, { texts, signal }, (target) => embedAt(target, request));
      },
    },
    reranker: {
      whyUnusable: async ({ workspaceId, model }) =>
        isModelName(model)
          ? await models.registry.whyUnusable(workspaceId, model)
          : models.whyUnusable(model),
      rerank: async (request) => {
        const { workspaceId, model, query, texts, signal } = request;
        const entry = isModelName(model) ? await find(request) : null;
        if (entry?.provider === 'openai-compatible') {
          const said = { texts: [...texts, query], signal };
          return await admitted(deps, entry, said, (target) => rerankAt(target, request));
        }
        const own = entry === null ? client.targetOf(model) : null;
        if (own?.provider === 'openai-compatible') return await rerankAt(own, request);
        return await rerankByAsking(
          (asked) => models.call({ ...asked, model, workspaceId }),
          request,
        );
      },
    },
  };
}

/** Calls at the entry's target within the limits that all processes keep for it. */
async function admitted<T>(
  deps: WorkspaceModelDeps,
  entry: ModelEntry,
  said: { readonly texts: readonly string[]; readonly signal: AbortSignal },
  call: (target: CallTarget) => Promise<T>,
): Promise<T> {
  const target = await targetOf(deps, entry);
  const messages = said.texts.map((text) => ({ role: 'user' as const, text }));
  const { inputTokens } = estimateUsage({ messages, tools: [], answer: '' });
  const admission = await deps.limiter.admit(entry, inputTokens, said.signal);
  let tokens: number | null = null;
  try {
    const made = await call(target);
    tokens = inputTokens;
    return made;
  } finally {
    await admission.end(tokens);
  }
}

async function whyNot(look: () => Promise<string | null>): Promise<string | null> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof ModelError) return error.message;
    throw error;
  }
}
