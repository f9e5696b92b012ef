import { z } from '@hono/zod-openapi';
import { clientMessageIdOf } from '../../chat/send-turn.ts';
import type { ChatSession } from '../../core/chat.ts';
import type { Message } from '../../core/conversation.ts';

// Chat as Neo's pages show it. Fields after `updated_at` of a session are ours.

const time = z.string().openapi({ format: 'date-time' });

export const sessionRow = z
  .object({
    id: z.string().openapi({ description: 'Also the id of its conversation.' }),
    agent_id: z.number().int(),
    client_id: z.string().nullable().openapi({ description: 'Always null.' }),
    channel: z.string(),
    title: z.string().nullable(),
    show_agent_progress_steps: z.boolean(),
    archived_at: time.nullable().openapi({ description: 'Since then it takes no messages.' }),
    created_at: time,
    updated_at: time,
    agent_uid: z.string(),
    workspace_id: z.string(),
  })
  .openapi('ChatSession');

export const messageRow = z
  .object({
    id: z.string(),
    session_id: z.string(),
    n: z.number().int().openapi({ description: 'Its place in the session, from 1.' }),
    role: z.enum(['user', 'assistant']),
    message: z.string(),
    client_message_id: z.string().nullable(),
    sender: z.enum(['user', 'agent', 'person']).openapi({
      description: '`person`: somebody of the workspace, in the agent’s place.',
    }),
    chat_turn_id: z.string().nullable().openapi({ description: 'The execution that wrote it.' }),
    attachments: z.array(
      z.object({
        blob_path: z.string(),
        mime: z.string(),
        filename: z.string(),
        size_bytes: z.number().int(),
        url: z.string().nullable().openapi({ description: 'Where it is; null: it was not kept.' }),
      }),
    ),
    created_at: time,
  })
  .openapi('ChatMessage');

export function showSession(session: ChatSession): z.input<typeof sessionRow> {
  return {
    id: session.id,
    agent_id: session.agent.number,
    client_id: null,
    channel: 'chat',
    title: session.title,
    show_agent_progress_steps: session.showsProgress,
    archived_at: session.archivedAt?.toISOString() ?? null,
    created_at: session.createdAt.toISOString(),
    updated_at: session.updatedAt.toISOString(),
    agent_uid: session.agent.id,
    workspace_id: session.workspaceId,
  };
}

/** `turns`: what an execution is known by outside, by its run. */
export function showMessage(
  message: Message,
  turns: ReadonlyMap<string, string>,
): z.input<typeof messageRow> {
  const { direction, runId, conversationId, externalId } = message;
  return {
    id: message.id,
    session_id: conversationId,
    n: message.n,
    role: direction === 'inbound' ? 'user' : 'assistant',
    message: message.body,
    client_message_id: clientMessageIdOf(conversationId, externalId),
    sender: direction === 'inbound' ? 'user' : runId === null ? 'person' : 'agent',
    chat_turn_id: runId === null ? null : (turns.get(runId) ?? null),
    attachments: message.attachments.map((file) => ({
      blob_path: file.id,
      mime: file.mediaType,
      filename: file.name,
      size_bytes: file.sizeBytes,
      url:
        file.notKept === null
          ? `/public-api/chat/sessions/${conversationId}/attachments/${file.id}`
          : null,
    })),
    created_at: message.createdAt.toISOString(),
  };
}
