import { ApiError, errorOf, Unreachable } from './api-error.ts';
import type { SignalboxClient } from './client.ts';
import type { operations } from './generated/conduit.ts';
import { retryAfterMs } from './retrying-fetch.ts';
import { sleep } from './sleep.ts';
import { readEvents } from './sse.ts';

type Answer<Operation extends keyof operations> = operations[Operation] extends {
  responses: { 200: { content: { 'application/json': { data: infer Data } } } };
}
  ? Data
  : never;

export type RunStep = Answer<'listAgentRunSteps'>[number];
export type RunSummary = Answer<'listRuns'>[number];
export type RunDetail = Answer<'getAgentRun'>;

export type RunEvent =
  | { readonly kind: 'step'; readonly step: RunStep }
  /** A piece of an answer that is still coming: provisional until its step, void after a `reset`. */
  | { readonly kind: 'text'; readonly seq: number; readonly attempt: number; readonly text: string }
  | { readonly kind: 'reset' }
  | { readonly kind: 'end'; readonly run: RunSummary };

/** How the connection stands; `waitMs` until the next try. */
export type ConnectionState =
  | { readonly kind: 'open' }
  | { readonly kind: 'lost'; readonly waitMs: number; readonly cause: unknown };

export interface FollowOptions {
  readonly agentId: string;
  readonly runId: string;
  /** Id of the last event seen, to go on after it. */
  readonly after?: string;
  readonly signal?: AbortSignal;
  /** How long the server may be away before this gives up; forever by default. */
  readonly patienceMs?: number;
  readonly onConnection?: (state: ConnectionState) => void;
}

const firstWaitMs = 250;
const longestWaitMs = 5_000;
const passing = new Set([429, 502, 503, 504]);

/**
 * The events of a run from its first step to its end. A connection that breaks is made again and resumed
 * by `Last-Event-ID`, so nothing is missed or given twice; text that a broken attempt left is taken back by
 * `reset`. Throws `ApiError` when the server refuses, `Unreachable` when it stays away too long.
 */
export async function* followRun(
  client: SignalboxClient,
  options: FollowOptions,
): AsyncGenerator<RunEvent> {
  const { signal, onConnection, patienceMs = Number.POSITIVE_INFINITY } = options;
  let lastId = options.after ?? '';
  let waitMs = 0;
  let awaySinceMs: number | null = null;
  for (;;) {
    let cause: unknown = null;
    let wishedMs: number | null = null;
    try {
      const response = await openStream(client, options, lastId);
      wishedMs = retryAfterMs(response.headers.get('retry-after'), Date.now());
      if (response.ok && response.body !== null) {
        onConnection?.({ kind: 'open' });
        for await (const item of readEvents(response.body, lastId)) {
          awaySinceMs = null;
          waitMs = 0;
          lastId = item.id;
          const event = runEvent(item.event, item.data);
          if (event === null) continue;
          yield event;
          if (event.kind === 'end') return;
        }
      } else {
        cause = errorOf(response, null);
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof ApiError) throw error;
      cause = error;
    }
    // Also after a clean end: that is a server which closes, and another one goes on.
    awaySinceMs ??= performance.now();
    if (performance.now() - awaySinceMs > patienceMs) {
      throw new Unreachable('The server stays away.', { cause });
    }
    waitMs = Math.min(waitMs === 0 ? firstWaitMs : waitMs * 2, longestWaitMs);
    const pauseMs = Math.max(waitMs, wishedMs ?? 0);
    onConnection?.({ kind: 'lost', waitMs: pauseMs, cause });
    await sleep(pauseMs, signal);
  }
}

/** The open stream, or an answer that says to come again later. */
async function openStream(
  client: SignalboxClient,
  { agentId, runId, signal }: FollowOptions,
  lastId: string,
): Promise<Response> {
  const path = `/v1/agents/${encodeURIComponent(agentId)}/runs/${encodeURIComponent(runId)}/events`;
  const response = await client.open(path, {
    headers: {
      Accept: 'text/event-stream',
      ...(lastId === '' ? {} : { 'Last-Event-ID': lastId }),
    },
    cache: 'no-store',
    ...(signal === undefined ? {} : { signal }),
  });
  if (passing.has(response.status)) {
    await response.body?.cancel();
    return response;
  }
  if (!response.ok) throw errorOf(response, await response.json().catch(() => null));
  const type = response.headers.get('content-type') ?? '';
  if (type.startsWith('text/event-stream')) return response;
  await response.body?.cancel();
  throw new ApiError('The answer is not a stream of events: is this a Signalbox server?', {
    status: response.status,
  });
}

function runEvent(event: string, data: string): RunEvent | null {
  if (event === 'step') return { kind: 'step', step: JSON.parse(data) };
  if (event === 'end') return { kind: 'end', run: JSON.parse(data) };
  if (event === 'reset') return { kind: 'reset' };
  if (event === 'text') return { kind: 'text', ...JSON.parse(data) };
  return null;
}
