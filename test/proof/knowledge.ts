import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../support/seeded-random.ts';
import {
  type ServerProcess,
  startServerProcess,
  testAdminToken,
} from '../support/server-process.ts';

export interface KnowledgeFigures {
  readonly files: number;
  readonly kills: number;
  /** Indexed when each kill came. */
  readonly readyAtKills: readonly number[];
  /** Acknowledged files that are no node, or not ready. */
  readonly lost: number;
  /** Beyond one a file: nodes, chunks, or passages that are found twice. */
  readonly doubled: number;
  /** Files whose own word finds no passage, or another file's. */
  readonly notFound: number;
  readonly seconds: number;
}

interface Status {
  readonly data: { readonly nodes: Record<string, number>; readonly chunks: number };
}

/** Files are sent and the server's process group is killed while it indexes them; then all is counted. */
export async function proveKnowledge(given: {
  readonly seed: number;
  readonly files: number;
  readonly kills: number;
  readonly report?: (line: string) => void;
}): Promise<KnowledgeFigures> {
  const { files, kills, report = () => undefined } = given;
  const random = seededRandom(given.seed);
  const dataDir = mkdtempSync(join(tmpdir(), 'signalbox-knowledge-'));
  const startedAt = performance.now();
  const readyAtKills: number[] = [];
  let server: ServerProcess | null = await startServerProcess({ dataDir });
  const status = async () => (await server?.call<Status>('GET', '/v1/kb/status'))?.body.data;
  const ready = async () => (await status())?.nodes.ready ?? 0;
  const until = async (count: number) => {
    for (;;) {
      const now = await ready();
      if (now >= count) return now;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  try {
    const numbers = Array.from({ length: files }, (_, n) => n);
    const senders = Array.from({ length: 8 }, async () => {
      for (let n = numbers.shift(); n !== undefined; n = numbers.shift()) {
        // What was not acknowledged is sent again, to whichever server is there by then.
        while (server === null || !(await send(server, n))) {
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      }
    });
    const step = files / (kills + 1);
    for (let kill = 1; kill <= kills; kill++) {
      readyAtKills.push(await until(Math.floor(step * (kill - random() / 2))));
      const victim: ServerProcess | null = server;
      server = null;
      await victim?.killGroup();
      server = await startServerProcess({ dataDir });
      report(`killed at ${readyAtKills.at(-1)} indexed`);
    }
    await Promise.all(senders);
    await until(files);
    const chunks = (await status())?.chunks ?? 0;
    const listed = await server?.call<{ total_count: number }>('POST', '/v1/kb/nodes/search', {
      filters: { embed_status: 'ready' },
    });
    const nodes = listed?.body.total_count ?? 0;
    let notFound = 0;
    let twice = 0;
    for (let n = 0; n < files; n++) {
      const answer = await server?.call<{ data: { node_title: string; chunk_text: string }[] }>(
        ...(['POST', '/v1/kb/search', { query: wordOf(n), max_results: 5 }] as const),
      );
      const own = (answer?.body.data ?? []).filter(({ chunk_text }) =>
        chunk_text.includes(wordOf(n)),
      );
      if (own[0]?.node_title !== `file-${n}`) notFound += 1;
      twice += Math.max(0, own.length - 1);
    }
    return {
      files,
      kills,
      readyAtKills,
      lost: Math.max(0, files - nodes),
      doubled: Math.max(0, nodes - files) + Math.max(0, chunks - files) + twice,
      notFound,
      seconds: Math.round((performance.now() - startedAt) / 1_000),
    };
  } finally {
    await server?.[Symbol.asyncDispose]();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** A word that one file alone has. */
function wordOf(n: number): string {
  return `quartz${n.toString(36).padStart(4, '0')}`;
}

/** Whether the file is acknowledged: now, or before its answer was lost. */
async function send(server: ServerProcess, n: number): Promise<boolean> {
  const response = await fetch(`${server.url}/v1/kb/files?name=file-${n}.md&source_id=${n}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${testAdminToken}` },
    body: `# Page ${n}\n\nThe drawer number ${n} holds the ${wordOf(n)} and some string.\n`,
  }).catch(() => null);
  if (response === null || response.status === 503) return false;
  if (response.status !== 201 && response.status !== 409)
    throw new Error(`File ${n}: ${response.status} ${await response.text()}`);
  await response.body?.cancel();
  return true;
}
