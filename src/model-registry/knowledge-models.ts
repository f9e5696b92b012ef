import type { Embedder, NamedModel, Reranker } from '../core/knowledge.ts';
import { type ModelAnswer, ModelError } from '../core/model.ts';
import { isModelName, type ModelEntry } from '../core/model-entry.ts';
import type { CallTarget } from '../models/client.ts';
import { embedAt, type ServerEmbedder, whyNoEmbeddings } from '../models/embedder.ts';
import { localModelPrefix } from '../models/local-embeddings.ts';
import { rerankAt, rerankByAsking } from '../models/rerank.ts';
import { type CountDeps, counted, estimateTokens, type Meter } from './count-calls.ts';
import {
  findEntry,
  type RegistryClient,
  targetOf,
  type WorkspaceModelDeps,
} from './workspace-models.ts';

// Models that knowledge is searched with: those of the server, and those that a workspace names at `/v1/models`,
// with its keys, addresses and limits, through the guard.

export interface KnowledgeModelDeps
  extends WorkspaceModelDeps,
    Pick<CountDeps, 'whySpent' | 'onCall'> {
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
  const counting: CountDeps = { ...deps, registry: models.registry };
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
        // Weights on this machine are nobody's to pay.
        if (model.startsWith(localModelPrefix)) return await embedder.embed(model, request);
        return await counted(counting, { ...request, operation: 'embeddings' }, async (meter) => {
          const used = { ...request, onUsed: meter.tokens.bind(meter) };
          if (!isModelName(model)) return await embedder.embed(model, used);
          const entry = await find(request);
          return await admitted(deps, entry, { texts, signal }, (target) => embedAt(target, used));
        });
      },
    },
    reranker: {
      whyUnusable: async ({ workspaceId, model }) =>
        isModelName(model)
          ? await models.registry.whyUnusable(workspaceId, model)
          : models.whyUnusable(model),
      rerank: async (request) => {
        const { workspaceId, model, query, texts, signal } = request;
        return await counted(counting, { ...request, operation: 'rerank' }, async (meter) => {
          const entry = isModelName(model) ? await find(request) : null;
          const said = { texts: [...texts, query], signal };
          const used = {
            ...request,
            onUsed: (tokens: number | null) => meter.tokens(tokens, said.texts),
          };
          if (entry?.provider === 'openai-compatible') {
            return await admitted(deps, entry, said, (target) => rerankAt(target, used));
          }
          const own = entry === null ? client.targetOf(model) : null;
          if (own?.provider === 'openai-compatible') return await rerankAt(own, used);
          return await rerankByAsking(
            (asked) => metered(meter, () => models.call({ ...asked, model, workspaceId })),
            request,
          );
        });
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
  const inputTokens = estimateTokens(said.texts);
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

/** A call of a language model, whose answer and broken attempts say what they cost. */
async function metered(meter: Meter, call: () => Promise<ModelAnswer>): Promise<ModelAnswer> {
  try {
    const answer = await call();
    meter.answer(answer);
    for (const attempt of answer.failedAttempts) meter.answer(attempt);
    return answer;
  } catch (error) {
    if (error instanceof ModelError) {
      for (const attempt of error.failedAttempts) meter.answer(attempt);
    }
    throw error;
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
