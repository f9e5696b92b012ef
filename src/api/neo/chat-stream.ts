import { z } from '@hono/zod-openapi';
import { readCursor, type SessionPosition, writeCursor } from '../../chat/session-cursor.ts';
import {
  presentOf,
  type SessionStep,
  type TailRequest,
  tailSession,
} from '../../chat/session-events.ts';
import { requireSession } from '../../chat/sessions.ts';
import { ApiError } from '../../core/errors.ts';
import { isChatTokenGood } from '../../store/chat-tokens.ts';
import type { ApiDeps } from '../deps.ts';
import { eventStream, type ServerSentEvent } from '../event-stream.ts';
import { defineRoute } from '../route.ts';
import { envelopesOf } from './chat-envelopes.ts';
import { sessionParams } from './chat-sessions.ts';
import { booleanParam, ofObject } from './fields.ts';

export const chatStream = defineRoute(
  {
    method: 'get',
    path: '/public-api/chat/sessions/{session_id}/events',
    operationId: 'public_api.chat_events_get',
    tag: 'Chat',
    summary: 'Tail a chat session',
    description:
      'Server-sent events: the UI message stream of Vercel’s AI SDK. Begins after `Last-Event-ID` or `since`, without a gap and without a repeat, else with what is being answered now; ends with `[DONE]` when all is answered. Text is shown as it comes only where nothing can keep the reply back; else the reply follows when it is committed. Ours: `data-message` is a message that came in, `data-withdrawn` says that a text is void, `data-progress` that the agent uses a tool, `data-waiting` that a person is asked first.',
    resource: 'chat',
    right: 'read',
    workspace: ofObject,
    params: sessionParams,
    endUsers: true,
    query: z.object({
      since: z.string().optional().openapi({
        description: '`since_cursor` of a message, or the id of an event.',
      }),
      follow: booleanParam({
        default: false,
        description: 'Go on when all is answered, with what comes later. Ours.',
      }),
    }),
    responses: { 200: { description: 'Events.', contentType: 'text/event-stream' } },
  },
  async ({ params: { session_id: id }, query, scope, signal, http, caller }, deps) => {
    const session = await requireSession(deps.db, { scope, id });
    const { workspaceId, showsProgress } = session;
    const given = http.req.header('last-event-id') || query.since;
    const after = given === undefined ? await presentOf(deps, id) : positionOf(given);
    if (after === null) throw new ApiError('not_found', `There is no chat session ${id}.`);
    http.header('x-vercel-ai-ui-message-stream', 'v1');
    const isAllowed =
      caller.kind === 'end_user' ? () => isChatTokenGood(deps.db, caller.id) : undefined;
    const tail = {
      ...{ sessionId: id, after, follows: query.follow },
      ...(isAllowed === undefined ? {} : { isAllowed }),
    };
    return eventStream(
      http,
      signal,
      (until) => shownEvents(deps, { ...tail, signal: until }, showsProgress),
      deps.streams?.enter({ caller, workspaceId }) ?? null,
    );
  },
);

/** Throws `validation_error`. */
function positionOf(text: string): SessionPosition {
  const position = readCursor(text);
  if (position !== null) return position;
  const problem = 'must be a since_cursor or the id of an event of this stream';
  throw new ApiError('validation_error', `Invalid request: since ${problem}.`, {
    details: { since: problem },
  });
}

async function* shownEvents(
  deps: Pick<ApiDeps, 'db' | 'feeds'>,
  request: TailRequest,
  showsProgress: boolean,
): AsyncGenerator<ServerSentEvent> {
  let { shown } = request.after;
  let turnId: string | null = null;
  for await (const step of tailSession(deps, request)) {
    turnId = step.turnId ?? turnId;
    const envelopes = envelopesOfStep(step, { showsProgress, turnId });
    const skipped: number = shown?.of === step.of ? shown.count : 0;
    if (envelopes.length > 0 && skipped > 0) shown = null;
    for (const [index, envelope] of envelopes.entries()) {
      if (index < skipped) continue;
      const isLast = index === envelopes.length - 1;
      const within = { ...step.before, shown: { of: step.of, count: index + 1 } };
      yield { id: writeCursor(isLast ? step.position : within), data: JSON.stringify(envelope) };
    }
  }
  if (!request.signal.aborted) yield { data: '[DONE]' };
}

function envelopesOfStep({ events, before }: SessionStep, view: Parameters<typeof envelopesOf>[1]) {
  let isOpen = (before.turn?.chars ?? 0) > 0;
  return events.flatMap((event) => {
    const envelopes = envelopesOf(event, view, isOpen);
    if (event.kind === 'text') isOpen = true;
    if (event.kind === 'text_end' || event.kind === 'withdrawn') isOpen = false;
    return envelopes;
  });
}
