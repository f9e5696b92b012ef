import { z } from '@hono/zod-openapi';
import { type SentTurn, sendTurn, turnOf } from '../../chat/send-turn.ts';
import { writeCursor } from '../../chat/session-cursor.ts';
import { requireSession } from '../../chat/sessions.ts';
import { bindUploads, uploadLimits } from '../../chat/uploads.ts';
import type { ChatSession } from '../../core/chat.ts';
import { ApiError } from '../../core/errors.ts';
import { refusal } from '../../core/validate.ts';
import { readTurnIds } from '../../store/chat-turns.ts';
import type { IdempotentAnswer } from '../../store/idempotency.ts';
import type { RecordedMessage } from '../../store/inbound.ts';
import { listMessages } from '../../store/messages.ts';
import { listed } from '../answer.ts';
import type { Caller } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { doOnce, keepAnswer } from '../idempotency.ts';
import { pagingOf } from '../paging.ts';
import { defineRoute } from '../route.ts';
import { sessionParams } from './chat-sessions.ts';
import { messageRow, showMessage } from './chat-view.ts';
import { ofObject, pageQuery } from './fields.ts';

const tag = 'Chat';
const resource = 'chat';

const sent = z
  .object({
    user_message_id: z.string(),
    chat_turn_id: z.string().nullable().openapi({
      description: 'The execution that answers; null where agents were told to stand back.',
    }),
    since_cursor: z.string().openapi({
      description: 'Give it as `since`: the events begin with this message.',
    }),
    show_agent_progress_steps: z.boolean(),
  })
  .openapi('ChatTurn');

const newMessage = z
  .object({
    message: z.string().max(100_000).default(''),
    client_message_id: z.string().min(1).max(200).nullable().default(null),
    attachments: z
      .array(
        z.object({
          blob_path: z.string().max(64).openapi({ description: 'Of an upload of this session.' }),
          mime: z.string().max(127).nullable().optional().openapi({
            description: 'Decides nothing: the bytes do.',
          }),
          filename: z.string().min(1).max(255).nullable().optional(),
          alt: z.string().max(2_000).nullable().optional().openapi({
            description: 'What it shows, in words.',
          }),
        }),
      )
      .max(uploadLimits.perMessage)
      .default([]),
    model_tier: z.enum(['FAST', 'SMART']).default('FAST').openapi({
      description: 'Decides nothing here: the agent’s own model answers.',
    }),
  })
  .openapi('ChatMessageRequest');

export const chatMessageRoutes = [
  defineRoute(
    {
      method: 'post',
      path: '/public-api/chat/sessions/{session_id}/messages',
      operationId: 'public_api.chat_messages_post',
      tag,
      summary: 'Append a user message, and begin the turn that answers it',
      description:
        'Committed before it is acknowledged. A message while the one before is being answered is answered together with it. A repeat of a `client_message_id` is 409 with the ids of the first, and begins nothing.',
      resource,
      right: 'write',
      workspace: ofObject,
      params: sessionParams,
      endUsers: true,
      body: newMessage,
      bodyRequired: true,
      bodyExample: { message: 'Where is my order?' },
      idempotent: 'dispatch',
      errors: {
        409: 'The session is closed, the message was sent before, or the agent is disabled',
      },
      responses: { 202: { description: 'Accepted.', data: sent } },
    },
    async ({ params: { session_id: id }, body, scope, caller, idempotency }, deps) => {
      const session = await requireSession(deps.db, { scope, id });
      const { workspaceId } = session;
      // People outside choose keys too: each session has its own.
      const route = `${idempotency?.route} ${session.id}`;
      const claim = idempotency === null ? null : { ...idempotency, workspaceId, route };
      const uploads = body.attachments.map(({ blob_path, filename, alt }) => ({
        ...{ id: blob_path, filename: filename ?? null, alt: alt ?? null },
      }));
      const keep = keepAnswer<RecordedMessage>(deps, claim, ({ messageId }) => ({
        status: 202,
        data: { message_id: messageId },
      }));
      const send = async () => {
        if (body.message.trim() === '' && uploads.length === 0) {
          throw refusal(new Map([['message', 'must not be blank without an attachment']]));
        }
        return await sendTurn(
          deps,
          {
            ...{ session, body: body.message, clientMessageId: body.client_message_id },
            sender: senderOf(caller),
            instructions: null,
          },
          async (tx, recorded) => {
            await keep(tx, recorded);
            await bindUploads(uploads)(tx, recorded);
          },
        );
      };
      const turn = await doOnce(deps, claim, {
        first: send,
        again: (kept) => sentBefore(deps, session, kept),
      });
      const data = showTurn(session, turn);
      if (turn.kind === 'received') return { status: 202, data };
      throw new ApiError('conflict', 'A message with this client_message_id was sent before.', {
        details: {
          message_id: turn.messageId,
          user_message_id: turn.messageId,
          ...(turn.run === null ? {} : { chat_turn_id: turn.run.runId }),
        },
      });
    },
  ),
  defineRoute(
    {
      method: 'get',
      path: '/public-api/chat/sessions/{session_id}/messages',
      operationId: 'public_api.chat_messages_get',
      tag,
      summary: 'Replay a chat session',
      description: 'What was said in it, in order.',
      resource,
      right: 'read',
      workspace: ofObject,
      params: sessionParams,
      endUsers: true,
      query: z.object(pageQuery),
      responses: { 200: { description: 'Success.', data: messageRow, kind: 'page' } },
    },
    async ({ params: { session_id: id }, query, scope }, deps) => {
      const session = await requireSession(deps.db, { scope, id });
      const { page_size: limit, cursor } = query;
      const filters = { session: session.id };
      const paging = pagingOf(deps, { name: 'chat-messages', filters, limit, cursor });
      const page = await listMessages(deps.db, session.id, { ...paging.request, order: 'asc' });
      const runs = page.items.flatMap(({ runId }) => runId ?? []);
      const turns = await readTurnIds(deps.db, runs);
      return listed(page, paging, (message) => showMessage(message, turns));
    },
  ),
];

/** Who writes is who the credential stands for, whatever the message says. */
function senderOf(caller: Caller): { readonly externalId: string; readonly name: string } {
  return { externalId: caller.id, name: caller.name };
}

/** What was sent with the key before, and what answers it by now. */
async function sentBefore(
  deps: ApiDeps,
  session: ChatSession,
  { responseJson }: IdempotentAnswer,
): Promise<SentTurn> {
  const { message_id: messageId } = JSON.parse(responseJson) as { message_id: string };
  return { kind: 'received', messageId, ...(await turnOf(deps.db, session.id, messageId)) };
}

function showTurn(session: ChatSession, turn: SentTurn): z.input<typeof sent> {
  const before = { n: turn.n - 1, rev: turn.rev - 1, turn: null, shown: null };
  return {
    user_message_id: turn.messageId,
    chat_turn_id: turn.run?.runId ?? null,
    since_cursor: writeCursor(before),
    show_agent_progress_steps: session.showsProgress,
  };
}
