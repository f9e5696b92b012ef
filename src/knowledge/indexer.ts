import { newId } from '../core/ids.ts';
import { BudgetSpent, type Embedder } from '../core/knowledge.ts';
import type { Logger } from '../core/logger.ts';
import { ClaimLoop } from '../delivery/claim-loop.ts';
import type { HostPolicy } from '../sandbox/egress/allowed-hosts.ts';
import type { Outlet } from '../sandbox/egress/outlet.ts';
import type { Database } from '../store/connect.ts';
import {
  type ClaimedNode,
  claimNodes,
  extendClaim,
  failNode,
  nextDueMs,
  readNodeFile,
  retryNode,
} from '../store/kb-claims.ts';
import { publishChunks, purgeNode } from '../store/kb-index.ts';
import { type EmbedDeps, embedNode } from './embed-node.ts';
import { fetchPage } from './fetch-page.ts';
import type { ReadRequest } from './reading/read-request.ts';
import type { SourceFile } from './reading/read-source.ts';
import type { Readers } from './reading/readers.ts';
import { Unreadable } from './reading/unreadable.ts';

// Indexes nodes, from the table alone: any number of processes may do it side by side. Work that died with its
// process is done again when its claim has lapsed; what it published is one transaction, so it is there once.

export interface IndexerOptions {
  readonly db: Database;
  readonly logger: Logger;
  readonly readers: Readers;
  readonly openOutlet: (policy: HostPolicy) => Outlet;
  readonly userAgent: string;
  readonly embedder: Embedder;
  readonly pollMs?: number;
  /** Nodes of this process at once. */
  readonly atOnce?: number;
  readonly leaseMs?: number;
  /** Until it is asked again whether a budget has room. */
  readonly budgetWaitMs?: number;
}

const defaults = { pollMs: 1_000, atOnce: 4, leaseMs: 15_000, budgetWaitMs: 10_000 } as const;
/** A node that was begun so often and never ended is taken for what ends its process. */
const maxTries = 5;

export class Indexer implements AsyncDisposable {
  readonly #options: IndexerOptions;
  readonly #loop: ClaimLoop<ClaimedNode>;

  constructor(options: IndexerOptions) {
    const { db, logger, pollMs = defaults.pollMs, atOnce = defaults.atOnce } = options;
    const { leaseMs = defaults.leaseMs } = options;
    this.#options = options;
    this.#loop = new ClaimLoop({
      logger,
      name: 'Knowledge nodes',
      pollMs,
      atOnce,
      claim: (limit) => claimNodes(db, { limit, leaseMs }),
      work: (node, signal) => this.#work(node, signal),
    });
  }

  start(): void {
    this.#loop.start();
  }

  /** Something is due: looks at once. */
  nudge(): void {
    this.#loop.nudge();
  }

  /** Nothing is due any more, here or in another process. */
  async settled(): Promise<void> {
    for (;;) {
      await this.#loop.idle();
      const dueMs = await nextDueMs(this.#options.db);
      if (dueMs === null) return;
      await new Promise((resolve) => setTimeout(resolve, Math.min(Math.max(dueMs, 5), 100)));
      this.nudge();
    }
  }

  /** Gives back what was being worked on. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#loop[Symbol.asyncDispose]();
  }

  async #work(node: ClaimedNode, signal: AbortSignal): Promise<void> {
    const { db, logger, leaseMs = defaults.leaseMs } = this.#options;
    const { budgetWaitMs = defaults.budgetWaitMs } = this.#options;
    const beat = setInterval(() => {
      // One that is missed costs nothing: what is published is fenced.
      extendClaim(db, node, leaseMs).catch(() => undefined);
    }, leaseMs / 3);
    try {
      await this.#index(node, signal);
    } catch (err) {
      try {
        if (err instanceof Unreadable) {
          await failNode(db, node, err.message);
        } else if (err instanceof BudgetSpent) {
          const error = `Its vectors wait; its words are found. ${err.message}`;
          await retryNode(db, node, { afterMs: budgetWaitMs, error, isTry: false });
        } else if (signal.aborted) {
          await retryNode(db, node, { afterMs: 0, error: null, isTry: false });
        } else {
          logger.warn({ err, nodeId: node.id }, 'A knowledge node could not be indexed');
          const afterMs = 1_000 * 2 ** Math.min(node.tries, 6);
          await retryNode(db, node, { afterMs, error: 'It is tried again.', isTry: true });
        }
      } catch (error) {
        // Its claim lapses; it is done again then.
        logger.warn({ err: error, nodeId: node.id }, 'What became of a node was not recorded');
      }
    } finally {
      clearInterval(beat);
    }
  }

  async #index(node: ClaimedNode, signal: AbortSignal): Promise<void> {
    const { db, readers } = this.#options;
    if (node.isDeleted) return await purgeNode(db, node);
    if (node.isEmbedding) return await embedNode(this.#embedding(signal), node);
    if (node.tries > maxTries) {
      throw new Unreadable(
        `It was begun ${maxTries} times, and never ended. Change it, or refresh it.`,
      );
    }
    const { request, takesTitle } = await this.#requestOf(node, signal);
    const answer = await readers.read(request);
    await publishChunks(db, node, {
      language: answer.language,
      chunks: answer.chunks.map((chunk) => ({
        ...chunk,
        hash: Buffer.from(chunk.hash),
        id: newId('knowledgeChunk'),
      })),
      readBody:
        request.file === null
          ? null
          : {
              body: answer.body,
              title: takesTitle ? answer.title : null,
              sourceType: node.sourceType === 'web_page' ? 'web_page' : answer.sourceType,
            },
      embeddingModel: node.embeddingModel,
    });
  }

  #embedding(signal: AbortSignal): EmbedDeps {
    const { db, embedder, leaseMs = defaults.leaseMs } = this.#options;
    return { db, embedder, leaseMs, signal };
  }

  async #requestOf(
    node: ClaimedNode,
    signal: AbortSignal,
  ): Promise<{ readonly request: ReadRequest; readonly takesTitle: boolean }> {
    const stored = node.hasUnread ? await readNodeFile(this.#options.db, node.id) : null;
    const takesTitle = stored?.takesTitle === true;
    let file: SourceFile | null = null;
    if (stored !== null) {
      const { bytes, url, name, mediaType } = stored;
      if (bytes !== null) file = { bytes, name, mediaType };
      else if (url !== null) file = await this.#download(url, signal);
      else throw new Unreadable('There is nothing to read: give the node a body.');
    }
    const { title, body, sourceType, chunkBody, language } = node;
    const request = { title, takesTitle, file, body, sourceType, chunkBody, language };
    return { request, takesTitle };
  }

  async #download(url: string, signal: AbortSignal): Promise<SourceFile> {
    const { openOutlet, userAgent } = this.#options;
    return await fetchPage(openOutlet, { url, userAgent, signal });
  }
}
