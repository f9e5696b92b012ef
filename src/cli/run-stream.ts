import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from './api-client.ts';
import { unreachableError } from './api-error.ts';
import type { RunSummaryView, StepView } from './api-types.ts';
import { CliError } from './cli-error.ts';
import { readEvents } from './sse.ts';
import { Unavailable } from './unavailable.ts';

export type RunEvent =
  | { readonly kind: 'step'; readonly step: StepView; readonly data: string }
  | { readonly kind: 'end'; readonly run: RunSummaryView; readonly data: string };

export interface WatchOptions {
  readonly agentId: string;
  readonly runId: string;
  readonly signal?: AbortSignal | undefined;
  /** Called before each new try, with how long it waits for it. */
  readonly onReconnect?: (waitMs: number) => void;
  /** How long the server may be away; it restarts within seconds. */
  readonly patienceMs?: number;
}

const firstWaitMs = 250;
const longestWaitMs = 5_000;

/**
 * Every step of a run from its first on, then how it ended. A connection that breaks is made again and
 * resumed by `Last-Event-ID`, so nothing is missed or shown twice. Throws `CliError` when the server
 * refuses, or stays away for longer than `patienceMs` (a minute).
 */
export async function* watchRun(
  client: ApiClient,
  options: WatchOptions,
): AsyncGenerator<RunEvent> {
  const { signal, patienceMs = 60_000 } = options;
  let lastId = '';
  let retryMs = firstWaitMs;
  let waitMs = 0;
  let awaySince: number | null = null;
  for (;;) {
    let problem: unknown = null;
    try {
      const stream = await openStream(client, options, lastId);
      for await (const item of readEvents(stream, lastId)) {
        if (item.kind === 'retry') {
          retryMs = Math.max(1, Math.min(item.retryMs, longestWaitMs));
          continue;
        }
        awaySince = null;
        waitMs = 0;
        lastId = item.id;
        const event = runEvent(item.event, item.data);
        if (event === null) continue;
        yield event;
        if (event.kind === 'end') return;
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof CliError && !(error instanceof Unavailable)) throw error;
      problem = error;
    }
    // Also after a clean end: that is a server which closes, and another one goes on.
    awaySince ??= performance.now();
    if (performance.now() - awaySince > patienceMs) throw giveUp(client, options, problem);
    waitMs = Math.min(waitMs === 0 ? retryMs : waitMs * 2, longestWaitMs);
    options.onReconnect?.(waitMs);
    await sleep(waitMs, undefined, signal === undefined ? {} : { signal });
  }
}

async function openStream(
  client: ApiClient,
  { agentId, runId, signal }: WatchOptions,
  lastId: string,
): Promise<AsyncIterable<Uint8Array>> {
  const agent = encodeURIComponent(agentId);
  const response = await client.open({
    path: `/v1/agents/${agent}/runs/${encodeURIComponent(runId)}/events`,
    headers: {
      Accept: 'text/event-stream',
      ...(lastId === '' ? {} : { 'Last-Event-ID': lastId }),
    },
    signal,
  });
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('text/event-stream') || response.body === null) {
    throw new CliError(`${client.url} does not answer with a stream of events.`, {
      hint: 'Is it a Signalbox server? Check --url or SIGNALBOX_URL.',
    });
  }
  return response.body;
}

function runEvent(event: string, data: string): RunEvent | null {
  if (event === 'step') return { kind: 'step', step: parsed(data), data };
  if (event === 'end') return { kind: 'end', run: parsed(data), data };
  return null;
}

function parsed<T>(data: string): T {
  try {
    return JSON.parse(data) as T;
  } catch (cause) {
    throw new CliError('The server sent an event that is not JSON.', { cause });
  }
}

function giveUp(client: ApiClient, { runId }: WatchOptions, error: unknown): CliError {
  const known = error instanceof Unavailable ? error : unreachableError(client.url, error);
  return new CliError(known.message, {
    hint: `The run goes on without us. Once the server is back: signalbox runs watch ${runId}`,
    cause: error,
  });
}
