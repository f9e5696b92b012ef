import { ReadableStream, type UnderlyingDefaultSource } from 'node:stream/web';
import type { Context } from 'hono';
import type { ApiEnv } from './request-log.ts';

// Server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html

export interface ServerSentEvent {
  readonly id?: string;
  /** Without it clients take it for a `message`. */
  readonly event?: string;
  /** JSON text on one line. */
  readonly data: string;
}

const beatMs = 15_000;
/** For how long a reader who was allowed to read counts as allowed. */
const allowedForMs = 1_000;

/**
 * The events as a response, read as fast as the client takes them. `open` is given a signal that fires when
 * the client is gone or the given one does, and ends its generator then. A comment every 15 s keeps proxies
 * from cutting a quiet stream. A reader whose token is revoked, or who loses the workspace, is shown nothing more
 * a second later: the stream ends. `place` is given up when the stream is over, however it ends.
 */
export function eventStream(
  c: Context<ApiEnv>,
  signal: AbortSignal,
  open: (signal: AbortSignal) => AsyncGenerator<ServerSentEvent>,
  place: Disposable | null = null,
): Response {
  const gone = new AbortController();
  const events = open(AbortSignal.any([signal, gone.signal]));
  const leave = () => place?.[Symbol.dispose]();
  // An answer to HEAD has no reader that could end it.
  if (c.req.method === 'HEAD' || signal.aborted) leave();
  signal.addEventListener('abort', leave, { once: true });
  const encoder = new TextEncoder();
  const isAllowed = allowance(c.get('isStillAllowed'));
  let pending: Promise<IteratorResult<ServerSentEvent>> | null = null;
  const source: UnderlyingDefaultSource<Uint8Array> = {
    // A part of the first event: some clients take a block of its own for an event.
    start: (controller) => controller.enqueue(encoder.encode('retry: 1000\n')),
    async pull(controller) {
      pending ??= events.next();
      const next = await orBeat(pending).catch((error: unknown) => {
        leave();
        throw error;
      });
      if (!(await isAllowed())) {
        leave();
        gone.abort();
        return controller.close();
      }
      if (next === 'beat') return controller.enqueue(encoder.encode(': beat\n\n'));
      pending = null;
      if (next.done === true) {
        leave();
        return controller.close();
      }
      controller.enqueue(encoder.encode(written(next.value)));
    },
    cancel: () => {
      // The signal ends a generator that waits, `return` one that was to be asked for more.
      leave();
      gone.abort();
      events.return(undefined).catch(() => undefined);
    },
  };
  // Nothing is produced ahead of the reader, so an answer to HEAD starts nothing.
  const stream = new ReadableStream<Uint8Array>(source, { highWaterMark: 0 });
  c.header('Content-Type', 'text/event-stream; charset=utf-8');
  c.header('Cache-Control', 'no-store');
  c.header('X-Accel-Buffering', 'no');
  return c.body(stream);
}

/** Asks again when the last answer is too old. Who cannot be asked about is not allowed: they come again. */
function allowance(ask: (() => Promise<boolean>) | undefined): () => Promise<boolean> {
  let askedAt = performance.now();
  return async () => {
    if (ask === undefined || performance.now() < askedAt + allowedForMs) return true;
    askedAt = performance.now();
    return await ask().catch(() => false);
  };
}

function written({ id, event, data }: ServerSentEvent): string {
  const head = (name: string, value: string | undefined) =>
    value === undefined ? '' : `${name}: ${value}\n`;
  return `${head('id', id)}${head('event', event)}data: ${data}\n\n`;
}

async function orBeat<T>(pending: Promise<T>): Promise<T | 'beat'> {
  let timer: NodeJS.Timeout | undefined;
  const beat = new Promise<'beat'>((resolve) => {
    timer = setTimeout(() => resolve('beat'), beatMs);
  });
  try {
    return await Promise.race([pending, beat]);
  } finally {
    clearTimeout(timer);
  }
}
