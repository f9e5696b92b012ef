import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { getCACertificates } from 'node:tls';
import type { Embedder, Reranker } from './core/knowledge.ts';
import type { Logger } from './core/logger.ts';
import type { SecretBox } from './core/secret-box.ts';
import type { Env } from './env.ts';
import { createModelFetch } from './model-registry/guarded-fetch.ts';
import {
  createKnowledgeModels,
  type KnowledgeModelDeps,
} from './model-registry/knowledge-models.ts';
import type { ModelReach } from './model-registry/model-input.ts';
import { ModelLimiter } from './model-registry/model-limiter.ts';
import { createWorkspaceModels, type RegistryClient } from './model-registry/workspace-models.ts';
import { createModelClient } from './models/client.ts';
import { createEmbedder } from './models/embedder.ts';
import { createLocalEmbeddings } from './models/local-embeddings.ts';
import { privateReach } from './private-reach.ts';
import { createGuard } from './sandbox/egress/guard.ts';
import type { Database } from './store/connect.ts';

/** The models of the server and of its workspaces. Throws `InvalidEnv`. */
export function openModels(
  given: {
    readonly env: Env;
    readonly db: Database;
    readonly secretBox: SecretBox;
    readonly logger: Logger;
  } & Pick<KnowledgeModelDeps, 'whySpent' | 'onCall'>,
  undo: AsyncDisposableStack,
): {
  readonly models: RegistryClient;
  readonly reach: ModelReach;
  readonly embedder: Embedder;
  readonly reranker: Reranker;
} {
  const { env, db, secretBox, logger, whySpent, onCall } = given;
  const reach = privateReach('SIGNALBOX_MODEL_PRIVATE_NETWORKS', env.modelPrivateNetworks);
  const onError = (error: unknown) =>
    logger.warn({ err: error }, 'A limit of a model was not kept up');
  const settings = modelSettings(env);
  const embedder = createEmbedder({
    providers: settings.providers,
    local: createLocalEmbeddings(join(env.dataDir, 'models')),
  });
  const deps = {
    db,
    secretBox,
    client: createModelClient({ ...settings, logger }),
    fetch: createModelFetch({
      guard: createGuard({
        isAllowedAddress: (at) => reach.isPublic(at) || reach.isPrivateAllowed(at),
      }),
      plainGuard: createGuard({ isAllowedAddress: reach.isPrivateAllowed }),
      authorities: getCACertificates('default'),
    }),
    limiter: undo.use(new ModelLimiter({ db, onError })),
  };
  const models = createWorkspaceModels(deps);
  const counting = {
    ...{ ...deps, embedder, models },
    ...(whySpent === undefined ? {} : { whySpent }),
    ...(onCall === undefined ? {} : { onCall }),
  };
  return { models, reach, ...createKnowledgeModels(counting) };
}

function modelSettings(env: Env) {
  const settings = (provider: Env['openAi']) => ({
    ...(provider.apiKey === null ? {} : { apiKey: provider.apiKey }),
    ...(provider.baseUrl === null ? {} : { baseUrl: provider.baseUrl }),
  });
  return {
    providers: {
      openai: settings(env.openAi),
      anthropic: settings(env.anthropic),
      'openai-compatible': settings(env.openAiCompatible),
      google: settings(env.google),
      mistral: settings(env.mistral),
      groq: settings(env.groq),
      openrouter: settings(env.openRouter),
      azure: {
        ...settings(env.azure),
        ...(env.azure.resourceName === null ? {} : { resource_name: env.azure.resourceName }),
        ...(env.azure.apiVersion === null ? {} : { api_version: env.azure.apiVersion }),
      },
      bedrock: {
        ...settings(env.bedrock),
        ...(env.bedrock.region === null ? {} : { region: env.bedrock.region }),
      },
    },
    ...(env.scriptsDir !== null && existsSync(env.scriptsDir)
      ? { scriptsDir: env.scriptsDir }
      : {}),
  };
}
