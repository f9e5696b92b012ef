// Knowledge: a tree of nodes (files and directories) and the chunks of them that search returns.

export const indexStatuses = [
  'pending',
  'processing',
  'embedding',
  'ready',
  'failed',
  /** A directory: there is nothing to index. */
  'none',
] as const;
export type IndexStatus = (typeof indexStatuses)[number];

export const sourceTypes = [
  'markdown',
  'text',
  'html',
  'pdf',
  'docx',
  'csv',
  'web_page',
  'directory',
] as const;
export type SourceType = (typeof sourceTypes)[number];

export interface KnowledgeNode {
  /** 24 hex characters. */
  readonly id: string;
  readonly workspaceId: string;
  readonly parentId: string | null;
  /** Ids from the root down to the parent. */
  readonly ancestors: readonly string[];
  readonly title: string;
  readonly isDirectory: boolean;
  /** Markdown; null for directories, until a file or page has been read, and where it was not asked for. */
  readonly body: string | null;
  readonly chunkBody: boolean;
  /** What it is about; empty is the whole workspace. */
  readonly entityIds: readonly string[];
  readonly tags: readonly string[];
  /** JSON text of an object, as it was given (I9). */
  readonly metadataJson: string;
  readonly enabled: boolean;
  /** Where it came from: `manual`, `file`, `web`, `run`, or what a client says. */
  readonly source: string;
  readonly sourceType: SourceType;
  /** What the client calls it; at most one node of a source has it. */
  readonly sourceId: string | null;
  /** Of a web page. */
  readonly url: string | null;
  /** Of the file that it was read from last, in hex. */
  readonly fileSha256: string | null;
  /** As given; null is the workspace's. */
  readonly language: string | null;
  readonly version: number;
  readonly createdBy: string | null;
  /** The version that is found by search; null before the first. */
  readonly indexedVersion: number | null;
  readonly indexStatus: IndexStatus;
  readonly indexError: string | null;
  readonly chunkCount: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface KnowledgeChunk {
  readonly id: string;
  readonly nodeId: string;
  readonly position: number;
  /** Titles and headings above it, outermost first. */
  readonly context: string;
  readonly text: string;
}

/** A chunk before it is stored. */
export interface ChunkText {
  /** Headings above it within the body, outermost first. */
  readonly headings: readonly string[];
  readonly text: string;
}

/** A passage that answers a question, perhaps. */
export interface FoundPassage extends KnowledgeChunk {
  readonly nodeTitle: string;
  readonly nodeVersion: number;
  readonly source: string;
  readonly sourceType: SourceType;
  readonly url: string | null;
  /** 0 to 1; passages of one question can be compared. */
  readonly score: number;
  /** How much of what the question asks for (by weight of its words) the passage has; 0 to 1. */
  readonly coverage: number;
  /** Cosine of question and passage; null without embeddings. */
  readonly similarity: number | null;
}

/** What a run asks of the knowledge of its workspace. */
export interface AskKnowledge {
  ask(question: KnowledgeQuestion): Promise<KnowledgeAnswer>;
}

export interface KnowledgeQuestion {
  readonly workspaceId: string;
  readonly runId: string;
  readonly agentId: string;
  /** What the run is about: only knowledge of it and of the whole workspace is looked at. */
  readonly entityId: string | null;
  /** Stable over repeats of the same call. */
  readonly callKey: string;
  readonly query: string;
  readonly maxResults: number;
  /** A dry run: an unanswered question is not noted. */
  readonly isDry: boolean;
  readonly signal: AbortSignal;
}

export interface KnowledgeAnswer {
  /** Whether the passages are likely to hold the answer. */
  readonly isAnswered: boolean;
  readonly passages: readonly FoundPassage[];
  /** What search had to do without, in a sentence. */
  readonly degraded: string | null;
}

/** A question of a run that found no answer. */
export interface KnowledgeGap {
  readonly id: string;
  readonly workspaceId: string;
  readonly runId: string;
  readonly agentId: string;
  readonly query: string;
  readonly entityId: string | null;
  /** The node that was made of it. */
  readonly nodeId: string | null;
  readonly createdAt: Date;
  readonly answeredAt: Date | null;
}

/** How a passage is cited in a reply: short, and the same wherever it is found again. */
export function citationOf(chunkId: string): string {
  return `[kc:${chunkId.slice(-6)}]`;
}

/** A model of the server (`provider/model`, `local/name`), or a name of the workspace's own at `/v1/models`. */
export interface NamedModel {
  readonly workspaceId: string;
  readonly model: string;
}

/** What is asked of a model for knowledge is counted to whom it is asked for. */
export interface AskedFor {
  /** The run that asks; null: indexing, or somebody who searches. That counts to the workspace alone. */
  readonly runId: string | null;
}

/** A budget of the workspace is used up: what no run asks for waits. */
export class BudgetSpent extends Error {
  override readonly name = 'BudgetSpent';
}

/** Turns texts into vectors. */
export interface Embedder {
  /** The vectors, in order. Throws when the provider fails, and `BudgetSpent`. */
  embed(
    request: NamedModel &
      AskedFor & { readonly texts: readonly string[]; readonly signal: AbortSignal },
  ): Promise<readonly Float32Array[]>;
  /** Why the model cannot be used, or null. */
  whyUnusable(named: NamedModel): Promise<string | null>;
}

/** Says how well texts answer a question. */
export interface Reranker {
  /**
   * For each text how well it answers, 0 to 1. Throws when the provider fails or says something else, and
   * `BudgetSpent`.
   */
  rerank(
    request: NamedModel &
      AskedFor & {
        readonly query: string;
        readonly texts: readonly string[];
        readonly signal: AbortSignal;
      },
  ): Promise<readonly number[]>;
  /** Why the model cannot be used, or null. */
  whyUnusable(named: NamedModel): Promise<string | null>;
}
