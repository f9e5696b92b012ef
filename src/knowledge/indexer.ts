import { newId } from '../core/ids.ts';
import type { Embedder } from '../core/knowledge.ts';
import type { Logger } from '../core/logger.ts';
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
}

const defaults = { pollMs: 1_000, atOnce: 4, leaseMs: 15_000 } as const;
/** A node that was begun so often and never ended is taken for what ends its process. */
const maxTries = 5;

export class Indexer implements AsyncDisposable {
  readonly #options: IndexerOptions;
  readonly #stop = new AbortController();
  readonly #working = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | null = null;
  #round: Promise<void> | null = null;
  #isAsked = false;

  constructor(options: IndexerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.nudge(), this.#options.pollMs ?? defaults.pollMs);
    this.nudge();
  }

  /** Something is due: looks at once. */
  nudge(): void {
    if (this.#stop.signal.aborted || this.#timer === null) return;
    this.#isAsked = true;
    this.#round ??= this.#rounds().finally(() => {
      this.#round = null;
    });
  }

  /** Nothing is due any more, here or in another process. */
  async settled(): Promise<void> {
    for (;;) {
      await this.#round;
      await Promise.all(this.#working);
      if (this.#round !== null || this.#working.size > 0) continue;
      const dueMs = await nextDueMs(this.#options.db);
      if (dueMs === null) return;
      await new Promise((resolve) => setTimeout(resolve, Math.min(Math.max(dueMs, 5), 100)));
      this.nudge();
    }
  }

  /** Gives back what was being worked on. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#stop.abort(new Error('The server is closing'));
    await this.#round;
    await Promise.all(this.#working);
  }

  async #rounds(): Promise<void> {
    while (this.#isAsked && !this.#stop.signal.aborted) {
      this.#isAsked = false;
      try {
        await this.#claim();
      } catch (err) {
        this.#options.logger.warn({ err }, 'Knowledge that is due could not be claimed');
      }
    }
  }

  async #claim(): Promise<void> {
    const { db, atOnce = defaults.atOnce, leaseMs = defaults.leaseMs } = this.#options;
    const limit = atOnce - this.#working.size;
    if (limit <= 0) return;
    for (const node of await claimNodes(db, { limit, leaseMs })) {
      const work = this.#work(node).finally(() => {
        this.#working.delete(work);
        this.nudge();
      });
      this.#working.add(work);
    }
  }

  async #work(node: ClaimedNode): Promise<void> {
    const { db, logger, leaseMs = defaults.leaseMs } = this.#options;
    const beat = setInterval(() => {
      // One that is missed costs nothing: what is published is fenced.
      extendClaim(db, node, leaseMs).catch(() => undefined);
    }, leaseMs / 3);
    try {
      await this.#index(node);
    } catch (err) {
      try {
        if (err instanceof Unreadable) {
          await failNode(db, node, err.message);
        } else if (this.#stop.signal.aborted) {
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

  async #index(node: ClaimedNode): Promise<void> {
    const { db, readers } = this.#options;
    if (node.isDeleted) return await purgeNode(db, node);
    if (node.isEmbedding) return await embedNode(this.#embedding(), node);
    if (node.tries > maxTries) {
      throw new Unreadable(
        `It was begun ${maxTries} times, and never ended. Change it, or refresh it.`,
      );
    }
    const { request, takesTitle } = await this.#requestOf(node);
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

  #embedding(): EmbedDeps {
    const { db, embedder, leaseMs = defaults.leaseMs } = this.#options;
    return { db, embedder, leaseMs, signal: this.#stop.signal };
  }

  async #requestOf(
    node: ClaimedNode,
  ): Promise<{ readonly request: ReadRequest; readonly takesTitle: boolean }> {
    const stored = node.hasUnread ? await readNodeFile(this.#options.db, node.id) : null;
    const takesTitle = stored?.takesTitle === true;
    let file: SourceFile | null = null;
    if (stored !== null) {
      const { bytes, url, name, mediaType } = stored;
      if (bytes !== null) file = { bytes, name, mediaType };
      else if (url !== null) file = await this.#download(url);
      else throw new Unreadable('There is nothing to read: give the node a body.');
    }
    const { title, body, sourceType, chunkBody, language } = node;
    const request = { title, takesTitle, file, body, sourceType, chunkBody, language };
    return { request, takesTitle };
  }

  async #download(url: string): Promise<SourceFile> {
    const { openOutlet, userAgent } = this.#options;
    return await fetchPage(openOutlet, { url, userAgent, signal: this.#stop.signal });
  }
}
