import {
  type ChainLink,
  type ModelAnswer,
  type ModelClient,
  ModelError,
  type ModelRequest,
  type WorkspaceModels,
} from '../core/model.ts';
import { isModelName, type ModelEntry } from '../core/model-entry.ts';
import type { SecretBox } from '../core/secret-box.ts';
import type { CallTarget, RemoteModelClient } from '../models/client.ts';
import type { PriceTable } from '../models/prices.ts';
import { costOfUsage } from '../models/prices.ts';
import { whyNotConfigured } from '../models/provider-model.ts';
import type { RetryPolicy } from '../models/retry.ts';
import { estimateUsage } from '../models/usage.ts';
import type { Fetch } from '../models/watched-fetch.ts';
import type { Queryable } from '../store/connect.ts';
import { getPricesOf } from '../store/model-prices.ts';
import { getModelsByName } from '../store/models.ts';
import { openSecrets } from '../tools/secrets.ts';
import type { ModelLimiter } from './model-limiter.ts';

// The model client with what workspaces add to it: names, chains, keys and addresses of their own, limits and
// prices. What they say is read for every call, so a change of it is in force at once, in every process.

export interface WorkspaceModelDeps {
  readonly db: Queryable;
  readonly secretBox: SecretBox;
  /** Calls with the server's own settings, and at any target. */
  readonly client: RemoteModelClient;
  /** The way out for what a workspace names: guarded, for models alone. */
  readonly fetch: Fetch;
  readonly limiter: ModelLimiter;
}

export interface RegistryClient extends ModelClient {
  readonly registry: WorkspaceModels;
  /** Calls an entry once, without its fallbacks. Throws `ModelError`. */
  callEntry(
    entry: ModelEntry,
    request: ModelRequest,
    retry?: Partial<RetryPolicy>,
  ): Promise<ModelAnswer>;
}

/** How deep chains of names may go; a name that comes again is not asked again. */
const maxChain = 16;

export function createWorkspaceModels(deps: WorkspaceModelDeps): RegistryClient {
  const { client, db } = deps;

  const callEntry: RegistryClient['callEntry'] = async (entry, request, retry) => {
    const { workspaceId } = entry;
    const [target, prices] = await Promise.all([
      targetOf(deps, entry),
      pricesOf(db, workspaceId, `${entry.provider}/${entry.model}`),
    ]);
    const { messages, tools } = request;
    const estimated = estimateUsage({ messages, tools, answer: '' }).inputTokens;
    const admission = await deps.limiter.admit(entry, estimated, request.signal);
    let tokens: number | null = null;
    try {
      const answer = await client.callAt(
        { ...target, prices: { ...target.prices, ...prices }, ...(retry && { retry }) },
        request,
      );
      tokens = answer.usage.inputTokens + answer.usage.outputTokens;
      return answer;
    } finally {
      await admission.end(tokens);
    }
  };

  const find = (workspaceId: string | undefined, name: string) =>
    findEntry(db, workspaceId, name, "set the agent's model to another");

  const registry: WorkspaceModels = {
    chainOf: (workspaceId, model) => chainOf(db, workspaceId, model),
    costOf: async (workspaceId, model, usage) => {
      const id = isModelName(model) ? await idOf(db, workspaceId, model) : model;
      if (id === null) return null;
      const known = client.cost(id, usage);
      if (id.startsWith('scripted/')) return known;
      const prices = await pricesOf(db, workspaceId, id);
      return id in prices ? costOfUsage(id, usage, prices) : known;
    },
    whyUnusable: async (workspaceId, model) => {
      if (!isModelName(model)) return client.whyUnusable(model);
      try {
        const entry = await find(workspaceId, model);
        await targetOf(deps, entry);
        return null;
      } catch (error) {
        if (error instanceof ModelError) return error.message;
        throw error;
      }
    },
  };

  return {
    registry,
    callEntry,
    cost: (model, usage) => client.cost(model, usage),
    // A name is looked up by whoever knows the workspace; until its call nothing speaks against it.
    whyUnusable: (model) => (isModelName(model) ? null : client.whyUnusable(model)),
    whyIncomplete: (request) => (isModelName(request.model) ? null : client.whyIncomplete(request)),
    call: async (request) => {
      const { model, workspaceId } = request;
      if (isModelName(model)) return await callEntry(await find(workspaceId, model), request);
      const target = workspaceId === undefined ? null : client.targetOf(model);
      if (target === null || workspaceId === undefined) return await client.call(request);
      const missing = whyNotConfigured(target.provider, target.settings);
      if (missing !== null) throw new ModelError('unauthorized', `${model}: ${missing}`);
      const prices = await pricesOf(db, workspaceId, model);
      return await client.callAt({ ...target, prices: { ...target.prices, ...prices } }, request);
    },
  };
}

/** The workspace's model of that name. Throws `ModelError`, which says what else can be done: `orElse`. */
export async function findEntry(
  db: Queryable,
  workspaceId: string | undefined,
  name: string,
  orElse: string,
): Promise<ModelEntry> {
  const [entry] = workspaceId === undefined ? [] : await getModelsByName(db, workspaceId, [name]);
  if (entry !== undefined) return entry;
  throw new ModelError(
    'unknown_model',
    `The workspace has no model "${name}". Add it at /v1/models, or ${orElse}.`,
  );
}

/** How the entry is reached now. Throws `ModelError` when something is missing. */
export async function targetOf(
  deps: Pick<WorkspaceModelDeps, 'db' | 'secretBox' | 'client' | 'fetch'>,
  entry: ModelEntry,
): Promise<CallTarget> {
  const { provider, model: name, baseUrl, secret, settings, workspaceId } = entry;
  const { max_output_tokens, temperature, reasoning_effort, ...reach } = settings;
  const callSettings = { max_output_tokens, temperature, reasoning_effort };
  const own = deps.client.targetOf(`${provider}/${name}`);
  if (own === null) throw new Error('A script is no entry of a registry.');
  if (secret === null && provider !== 'openai-compatible') {
    const missing = whyNotConfigured(provider, own.settings);
    if (missing !== null) {
      throw new ModelError(
        'unauthorized',
        `The model "${entry.name}" names no secret, and the server has no key of its own for ${provider}. Set its "secret".`,
      );
    }
    return { ...own, settings: { ...own.settings, ...reach }, callSettings };
  }
  const { values, missing } = await openSecrets(deps, {
    workspaceId,
    names: secret === null ? [] : [secret],
  });
  if (missing.length > 0) {
    throw new ModelError(
      'unauthorized',
      `The model "${entry.name}" needs the secret ${secret}, which the workspace does not have. Set it by PUT /v1/secrets/${secret}.`,
    );
  }
  const apiKey = secret === null ? undefined : values[secret];
  return {
    provider,
    name,
    settings: { ...reach, apiKey, ...(baseUrl === null ? {} : { baseUrl }) },
    callSettings,
    fetch: deps.fetch,
    prices: own.prices,
  };
}

/** The entry, then its fallbacks with theirs, depth first, each once. */
async function chainOf(db: Queryable, workspaceId: string, model: string): Promise<ChainLink[]> {
  const links = new Map<string, ChainLink>();
  const visit = async (name: string, inherited: ChainLink['fallbackOn']): Promise<void> => {
    if (links.has(name) || links.size >= maxChain) return;
    const [entry] = isModelName(name) ? await getModelsByName(db, workspaceId, [name]) : [];
    const fallbackOn = entry?.fallbackOn ?? inherited;
    links.set(name, { model: name, fallbackOn });
    for (const next of entry?.fallbacks ?? []) await visit(next, fallbackOn);
  };
  await visit(model, 'all');
  return [...links.values()];
}

async function idOf(db: Queryable, workspaceId: string, name: string): Promise<string | null> {
  const [entry] = await getModelsByName(db, workspaceId, [name]);
  return entry === undefined ? null : `${entry.provider}/${entry.model}`;
}

async function pricesOf(db: Queryable, workspaceId: string, model: string): Promise<PriceTable> {
  const prices = await getPricesOf(db, workspaceId, [model]);
  return Object.fromEntries(prices.map((entry) => [entry.model, entry.price]));
}
