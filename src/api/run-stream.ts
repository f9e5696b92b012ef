import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { ApiError } from '../core/errors.ts';
import type { JournalEntry } from '../core/journal.ts';
import { stringifyJson } from '../core/raw-json.ts';
import type { Run } from '../core/run.ts';
import { fromTheStart, type RunEvent, type RunFeeds, type WatchPosition } from '../runs/watch.ts';
import { eventStream, type ServerSentEvent } from './event-stream.ts';

// The stream of a run, the same in both dialects but for how a step and the run are shown.

export const streamQuery = z.object({
  last_event_id: z
    .string()
    .optional()
    .openapi({ description: 'For clients that cannot set the header.' }),
});

export const streamDescription =
  'Server-sent events. `step`: a step as it stands after each of its changes. `text`: a piece of a model’s answer that is still coming, provisional until its `step` replaces it. `reset`: the pieces shown since the last step are void. `end`: the run, last. Resumes after `Last-Event-ID`, without a gap and without a repeat.';

/** How a dialect shows what is committed. */
export interface StreamViews {
  /** What one entry changed; `entries` are those of its step up to it. */
  readonly steps: (entries: readonly JournalEntry[]) => readonly unknown[];
  readonly end: (run: Run) => Promise<unknown>;
}

/** Answers with the run's events after the one that the client saw last. */
export function runStream(
  http: Context,
  request: {
    readonly feeds: RunFeeds;
    readonly id: string;
    readonly lastEventId: string | undefined;
    readonly signal: AbortSignal;
    readonly views: StreamViews;
    /** Takes a place for the stream. */
    readonly enter?: () => Disposable | null;
  },
): Response {
  const { feeds, id, views } = request;
  const after = readPosition(http.req.header('last-event-id') ?? request.lastEventId);
  return eventStream(
    http,
    request.signal,
    (signal) => shownEvents(feeds.watch({ id, after, signal }), views),
    request.enter?.() ?? null,
  );
}

async function* shownEvents(
  events: AsyncGenerator<RunEvent>,
  views: StreamViews,
): AsyncGenerator<ServerSentEvent> {
  for await (const event of events) {
    switch (event.kind) {
      case 'entry': {
        const { entry } = event;
        const ofStep = event.entries.filter(
          ({ seq, step }) => step === entry.step && seq <= entry.seq,
        );
        const steps = views.steps(ofStep);
        for (const [index, step] of steps.entries()) {
          // Who goes away between two events of one entry is shown both again, not one of them.
          const id = index === steps.length - 1 ? entry.seq : entry.seq - 1;
          yield sent(String(id), 'step', step);
        }
        break;
      }
      case 'text': {
        const { seq, attempt, n, text } = event;
        yield sent(`${seq}.${attempt}.${n}`, 'text', { seq, attempt, text });
        break;
      }
      case 'reset':
        yield sent(String(event.seq), 'reset', { seq: event.seq + 1, attempt: event.attempt });
        break;
      case 'end':
        yield sent(String(event.seq), 'end', await views.end(event.run));
    }
  }
}

function sent(id: string, event: string, data: unknown): ServerSentEvent {
  return { id, event, data: stringifyJson(data) };
}

const eventId = /^(\d{1,9})(?:\.(\d{1,15})\.(\d{1,9}))?$/;

/** `seq` follows a committed entry; `seq.attempt.n` a chunk of the text before the entry `seq`. */
function readPosition(text: string | undefined): WatchPosition {
  if (text === undefined || text === '') return fromTheStart;
  const [, seq, attempt, n] = eventId.exec(text) ?? [];
  if (seq !== undefined && attempt === undefined) return { seq: Number(seq), text: null };
  if (seq !== undefined && Number(seq) > 0) {
    return { seq: Number(seq) - 1, text: { attempt: Number(attempt), n: Number(n) } };
  }
  const problem = 'must be the id of an event of this stream';
  throw new ApiError('validation_error', `Invalid request: Last-Event-ID ${problem}.`, {
    details: { last_event_id: problem },
  });
}
