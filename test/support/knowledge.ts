import type { FoundPassage, KnowledgeNode } from '../../src/core/knowledge.ts';
import type { Workspace } from '../../src/core/workspace.ts';
import { Indexer, type IndexerOptions } from '../../src/knowledge/indexer.ts';
import { createNode, type KnowledgeDeps, type NewNode } from '../../src/knowledge/nodes.ts';
import { Readers } from '../../src/knowledge/reading/readers.ts';
import {
  type SearchDeps,
  type SearchOptions,
  searchKnowledge,
} from '../../src/knowledge/search.ts';
import { createWorkspace } from '../../src/store/workspaces.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { letterEmbedder, searchDeps } from './embedder.ts';

export interface KnowledgeBench extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly deps: KnowledgeDeps & SearchDeps;
  readonly indexer: Indexer;
  readonly workspace: Workspace;
  readonly otherWorkspace: Workspace;
  readonly warnings: string[];
  /** A node of the workspace, unless told otherwise. */
  add(given: Partial<NewNode>): Promise<KnowledgeNode>;
  /** All that is due has been indexed. */
  settled(): Promise<void>;
  search(query: string, given?: Partial<SearchOptions>): Promise<readonly FoundPassage[]>;
}

export interface RunningIndexer extends AsyncDisposable {
  readonly indexer: Indexer;
}

/** Indexes by processes, as in the server. */
export function startIndexer(
  given: Pick<IndexerOptions, 'db' | 'logger'> & Partial<IndexerOptions>,
): RunningIndexer {
  const readers = new Readers();
  const openOutlet = () => {
    throw new Error('These tests reach nothing.');
  };
  const userAgent = 'Signalbox/test';
  const usual = { readers, openOutlet, userAgent, embedder: letterEmbedder, pollMs: 50 };
  const indexer = new Indexer({ ...usual, ...given });
  indexer.start();
  return {
    indexer,
    [Symbol.asyncDispose]: async () => {
      await indexer[Symbol.asyncDispose]();
      await readers[Symbol.asyncDispose]();
    },
  };
}

/** Knowledge over a fresh database, indexed by processes as in the server. */
export async function createKnowledgeBench(
  change: Partial<IndexerOptions> = {},
  given: { readonly database?: TestDatabase; readonly hasPgvector?: boolean } = {},
): Promise<KnowledgeBench> {
  const database = given.database ?? (await createTestDatabase());
  const { db } = database;
  const warnings: string[] = [];
  const quiet = () => undefined;
  const warn = (_: unknown, message?: string) => void warnings.push(message ?? '');
  const logger = { debug: quiet, info: quiet, warn, error: warn };
  const searching = { ...searchDeps(db), hasPgvector: given.hasPgvector ?? false };
  const indexing = startIndexer({ db, logger, ...change });
  const { indexer } = indexing;
  const deps = { ...searching, nudge: () => indexer.nudge() };
  const workspace = await createWorkspace(db, { name: 'Own', rateLimit: null });
  const otherWorkspace = await createWorkspace(db, { name: 'Other', rateLimit: null });
  return {
    database,
    deps,
    indexer,
    workspace,
    otherWorkspace,
    warnings,
    add: (given) => createNode(deps, { ...plainNode, workspaceId: workspace.id, ...given }),
    settled: () => indexer.settled(),
    search: async (query, given = {}) => {
      const { passages } = await searchKnowledge(deps, {
        scope: { workspaceId: workspace.id, entityIds: null, withUnscoped: false },
        query,
        maxResults: 10,
        runId: null,
        ...given,
      });
      return passages;
    },
    [Symbol.asyncDispose]: async () => {
      await indexing[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

const plainNode: Omit<NewNode, 'workspaceId'> = {
  title: 'Node',
  isDirectory: false,
  body: '',
  file: null,
  sourceType: 'markdown',
  parentId: null,
  chunkBody: true,
  entityIds: [],
  tags: [],
  metadataJson: '{}',
  enabled: true,
  language: null,
  source: 'manual',
  sourceId: null,
  createdBy: null,
};
