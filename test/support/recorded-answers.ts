import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelProvider } from '../../src/core/model-entry.ts';

// Answers that providers really gave, as others recorded them: test/fixtures/recorded-answers/README.md.

export const recordedKinds = ['whole', 'streamed', 'cached', 'reasoning', 'tools'] as const;

export interface RecordedAnswer {
  readonly provider: ModelProvider;
  readonly model: string;
  readonly api?: 'responses' | 'chat';
  /** What it has; `whole` where it has none of the others. */
  readonly kinds: readonly (typeof recordedKinds)[number][];
  /** File and number of the recording. */
  readonly from: string;
  /** What it costs, worked out apart from the product. */
  readonly nanoUsd: number;
  /** Of a streamed answer: what it costs to give it up after the first half of its events. */
  readonly abortedNanoUsd?: number;
  /** Content type. */
  readonly type: string;
  readonly body: string | { readonly base64: string };
}

const folder = join(import.meta.dirname, '../fixtures/recorded-answers');

export function readRecordedAnswers(): RecordedAnswer[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  return files.flatMap((name) =>
    readFileSync(join(folder, name), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line): RecordedAnswer => JSON.parse(line)),
  );
}

export function responseOf({ body, type }: RecordedAnswer): Response {
  const bytes = typeof body === 'string' ? body : Buffer.from(body.base64, 'base64');
  return new Response(bytes, { headers: { 'content-type': type } });
}

/** The first half of the events, then nothing more; `onHalf` is called when all of that has been read. */
export function halfOf({ body, type }: RecordedAnswer, onHalf: () => void): Response {
  if (typeof body !== 'string') throw new Error('Only text is cut here.');
  const end = body.includes('\r\n\r\n') ? '\r\n\r\n' : '\n\n';
  const events = body.split(end).filter((event) => event.trim() !== '');
  const half = events.slice(0, events.length / 2).map((event) => Buffer.from(event + end));
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      const next = half.shift();
      if (next !== undefined) return controller.enqueue(new Uint8Array(next));
      // After what was enqueued has gone through all that reads it.
      setImmediate(onHalf);
      return new Promise(() => {});
    },
  });
  return new Response(stream, { headers: { 'content-type': type } });
}
