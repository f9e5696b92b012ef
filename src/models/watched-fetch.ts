import { UnreadableAnswer } from './failure.ts';

export type Fetch = typeof globalThis.fetch;

export interface WatchOptions {
  readonly fetch: Fetch;
  /** Called right before each request leaves; what it throws keeps it back. */
  readonly onSend: () => void;
  /** Called when the headers and whenever bytes arrive. */
  readonly onActivity: () => void;
  /** An answer with more bytes is given up. */
  readonly maxBytes: number;
}

/** A fetch that asks before it sends, tells of every sign of life, and refuses an answer without end. */
export function watchFetch({ fetch, onSend, onActivity, maxBytes }: WatchOptions): Fetch {
  return async (input, init) => {
    onSend();
    const response = await fetch(input, init);
    onActivity();
    if (response.body === null) return response;
    let bytes = 0;
    const watched = response.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          onActivity();
          bytes += chunk.byteLength;
          if (bytes > maxBytes) {
            throw new UnreadableAnswer(`the answer is larger than ${maxBytes} bytes`);
          }
          controller.enqueue(chunk);
        },
      }),
    );
    return withBody(response, watched);
  };
}

/** The same response with another body. */
export function withBody(response: Response, body: ReadableStream<Uint8Array> | string): Response {
  const headers = new Headers(response.headers);
  // The body is decoded already, and may have another length.
  headers.delete('content-encoding');
  headers.delete('content-length');
  return new Response(body, {
    status: response.status,
    statusText: response.statusText,
    headers,
  });
}
