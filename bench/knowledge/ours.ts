import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Embedder, Reranker } from '../../src/core/knowledge.ts';
import { Indexer } from '../../src/knowledge/indexer.ts';
import { createNode } from '../../src/knowledge/nodes.ts';
import { Readers } from '../../src/knowledge/reading/readers.ts';
import { type SearchOptions, searchKnowledge } from '../../src/knowledge/search.ts';
import { changeSettings } from '../../src/knowledge/settings.ts';
import { VectorIndex } from '../../src/knowledge/vector-index.ts';
import { createEmbedder } from '../../src/models/embedder.ts';
import { createLocalEmbeddings } from '../../src/models/local-embeddings.ts';
import { type Database, openDatabase } from '../../src/store/connect.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createWorkspace } from '../../src/store/workspaces.ts';
import { type BenchPostgres, createDatabase, dropDatabase } from '../support/postgres.ts';
import type { Ranker } from './scores.ts';
import type { SetDocument } from './sets.ts';

// The product's own knowledge as a server has it: nodes, chunks made by processes that read, the index in
// Postgres. Nothing is set for the sake of the bench; the language of texts is found out by itself.

export interface Ours extends AsyncDisposable {
  readonly db: Database;
  readonly workspaceId: string;
  readonly vectors: VectorIndex;
  /** Makes nodes of documents and waits until all are found. Seconds. */
  add(
    documents: readonly (SetDocument & { readonly entityIds?: readonly string[] })[],
  ): Promise<number>;
  /** Waits until every chunk has a vector of the model. Seconds. */
  embedWith(model: string): Promise<number>;
  search(query: string, given?: Partial<SearchOptions>): ReturnType<typeof searchKnowledge>;
  /** Documents, by the best of their passages. */
  ranker(by?: 'text' | 'vectors'): Ranker;
}

/** `weights`: a folder of static embeddings, which become the model `local/static`. */
export async function openOurs(given: {
  readonly postgres: BenchPostgres;
  readonly weights: string | null;
  readonly embeddingsUrl: string | null;
}): Promise<Ours> {
  await using undo = new AsyncDisposableStack();
  const connection = await createDatabase(given.postgres.connection);
  undo.defer(() => dropDatabase(given.postgres.connection, connection.database));
  const db = undo.use(openDatabase({ kind: 'embedded', connection }));
  await migrate(db);
  const modelsDir = await mkdtemp(join(tmpdir(), 'signalbox-models-'));
  undo.defer(() => rm(modelsDir, { recursive: true, force: true }));
  if (given.weights !== null) {
    await mkdir(modelsDir, { recursive: true });
    await cp(given.weights, join(modelsDir, 'static'), { recursive: true });
  }
  const server = createEmbedder({
    providers:
      given.embeddingsUrl === null ? {} : { 'openai-compatible': { baseUrl: given.embeddingsUrl } },
    local: createLocalEmbeddings(modelsDir),
  });
  const embedder: Embedder = {
    embed: ({ model, ...texts }) => server.embed(model, texts),
    whyUnusable: async ({ model }) => server.whyUnusable(model),
  };
  const reranker: Reranker = {
    rerank: () => Promise.reject(new Error('Nothing is ordered anew here.')),
    whyUnusable: async () => 'Nothing is ordered anew here.',
  };
  const readers = undo.use(new Readers());
  const quiet = () => undefined;
  const logger = { debug: quiet, info: quiet, warn: console.warn, error: console.error };
  const openOutlet = () => {
    throw new Error('Nothing is fetched here.');
  };
  const indexer = undo.use(
    new Indexer({ db, logger, readers, openOutlet, userAgent: 'bench', embedder }),
  );
  indexer.start();
  const vectors = new VectorIndex(2 ** 29);
  const hasPgvector = false;
  const deps = { db, embedder, reranker, vectors, hasPgvector, nudge: () => indexer.nudge() };
  const workspace = await createWorkspace(db, { name: 'Bench', rateLimit: null });
  const scope = { workspaceId: workspace.id, entityIds: null, withUnscoped: false };
  const names = new Map<string, string>();
  const search = (query: string, options: Partial<SearchOptions> = {}) =>
    searchKnowledge(deps, { scope, query, maxResults: 10, runId: null, ...options });
  const seconds = (since: number) => (performance.now() - since) / 1_000;
  const owned = undo.move();
  return {
    ...{ db, vectors, search, workspaceId: workspace.id },
    add: async (documents) => {
      const startedAt = performance.now();
      const waiting = documents[Symbol.iterator]();
      const sender = async () => {
        for (const { id, title, text, entityIds = [] } of waiting) {
          const node = await createNode(deps, {
            ...{ workspaceId: workspace.id, title: title.slice(0, 300) || 'Document', body: text },
            ...{ isDirectory: false, file: null, sourceType: 'markdown', parentId: null },
            ...{ entityIds, tags: [], metadataJson: '{}', enabled: true, language: null },
            ...{ chunkBody: true, source: 'bench', sourceId: id, createdBy: null },
          });
          names.set(node.id, id);
        }
      };
      await Promise.all([sender(), sender(), sender(), sender()]);
      await indexer.settled();
      return seconds(startedAt);
    },
    embedWith: async (embeddingModel) => {
      const startedAt = performance.now();
      await changeSettings(deps, workspace.id, { embeddingModel });
      await indexer.settled();
      const [left] = await db.query<{ n: number }>({
        text: 'SELECT count(*) AS n FROM kb_chunks WHERE vector_model IS DISTINCT FROM $1',
        values: [embeddingModel],
      });
      if (left?.n !== 0) throw new Error(`${left?.n} chunks have no vector of ${embeddingModel}.`);
      return seconds(startedAt);
    },
    ranker: (by) => async (query) => {
      const { passages, degraded } = await search(query, {
        maxResults: 40,
        ...(by === undefined ? {} : { by }),
      });
      if (degraded !== null) throw new Error(degraded);
      return [...new Set(passages.map(({ nodeId }) => names.get(nodeId) ?? ''))].slice(0, 10);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
