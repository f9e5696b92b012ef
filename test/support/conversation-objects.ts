import { toAttachments } from '../../src/core/attachment.ts';
import { newId } from '../../src/core/ids.ts';
import { insertTag } from '../../src/store/conversation-tags.ts';
import { recordInbound } from '../../src/store/inbound.ts';
import { insertInboxType } from '../../src/store/inbox-types.ts';
import { readLastMessages } from '../../src/store/messages.ts';
import { insertChannelRow } from './channels.ts';
import { addChatAttachment } from './chat-attachment.ts';
import type { ObjectMaker, ObjectOwner } from './object-maker.ts';

export interface ConversationObjects {
  readonly channel: string;
  readonly contact: string;
  readonly contactChannel: string;
  readonly conversation: string;
  readonly message: string;
  readonly attachment: string;
  /** A file of the chat. */
  readonly chatAttachment: string;
  /** Of somebody outside, for the chat. */
  readonly chatToken: string;
  /** A chat with the agent. */
  readonly chatSession: string;
  readonly conversationTag: string;
  readonly inboxType: string;
  /** The run's hand-over, with a proposed reply. */
  readonly escalation: string;
}

/** A conversation of somebody who wrote, a chat, and what belongs to them. */
export async function createConversationObjects(
  api: ObjectMaker,
  { workspaceId, agentId, runId }: ObjectOwner,
): Promise<ConversationObjects> {
  // The matrix makes more than a workspace may have.
  const maxCount = 1_000_000;
  const inboxType = await insertInboxType(api.deps.db, {
    workspaceId,
    id: newId('inboxType'),
    name: `Inbox ${runId}`,
    maxCount,
  });
  const conversationTag = newId('conversationTag');
  await insertTag(api.deps.db, {
    id: conversationTag,
    workspaceId,
    parentId: null,
    name: `Topic ${runId}`,
    description: '',
    maxCount,
  });
  const channel = await insertChannelRow(api.deps.db, workspaceId, {
    ...{ type: 'chat', name: 'Chat', channel: 'chat', inboundKey: newId('unit') },
  });
  const inbound = await recordInbound(api.deps.db, {
    channel,
    externalId: null,
    threadKey: runId,
    contact: { value: runId, scope: channel.id, firstName: 'Ada', lastName: 'Example' },
    sender: { externalId: runId, name: 'Ada Example' },
    subject: null,
    body: 'Where is my order?',
    attachments: toAttachments([
      { name: 'a.txt', mediaType: 'text/plain', bytes: Buffer.from('a') },
    ]),
    wantsReply: true,
  });
  const [message] = await readLastMessages(api.deps.db, inbound.conversationId, 1);
  const session = await api.request('POST', '/public-api/chat/sessions', {
    token: api.tokens.admin,
    body: { agent_id: agentId },
  });
  const endUser = await api.request('POST', '/public-api/sessions', {
    token: api.tokens.admin,
    body: { session_id: session.json.data.id, end_user: 'ada' },
  });
  const escalation = newId('escalation');
  await api.deps.db.execute({
    text: `INSERT INTO escalations (id, workspace_id, run_id, agent_id, conversation_id, read_rev, disposition,
        proposed_response)
      VALUES ($1, $2, $3, $4, $5, 1, 'escalated', 'It is on its way.')`,
    values: [escalation, workspaceId, runId, agentId, inbound.conversationId],
  });
  const conversation = await api.request('GET', `/v1/conversations/${inbound.conversationId}`, {
    token: api.tokens.admin,
  });
  return {
    channel: channel.id,
    contact: conversation.json.data.contact.id,
    contactChannel: conversation.json.data.channel_node_id,
    conversation: inbound.conversationId,
    message: inbound.messageId,
    attachment: message?.attachments[0]?.id ?? '',
    chatAttachment: await addChatAttachment(api, session.json.data.id),
    chatToken: endUser.json.data.jti,
    chatSession: session.json.data.id,
    conversationTag,
    inboxType: inboxType?.id ?? '',
    escalation,
  };
}
