import type { AgentDefinition } from '../../src/core/agent.ts';
import type { NewAttachment } from '../../src/core/attachment.ts';
import type { Channel } from '../../src/core/channel.ts';
import type { Conversation, Message } from '../../src/core/conversation.ts';
import { newId } from '../../src/core/ids.ts';
import type { Run } from '../../src/core/run.ts';
import type { Database } from '../../src/store/connect.ts';
import { getConversation } from '../../src/store/conversations.ts';
import { type RecordedMessage, recordEdit, recordInbound } from '../../src/store/inbound.ts';
import { readLastMessages } from '../../src/store/messages.ts';
import { listRuns } from '../../src/store/runs.ts';
import { readStoredTriggers } from '../../src/store/triggers.ts';
import { insertChannelRow } from './channels.ts';
import { insertAgent } from './engine.ts';

/** A workspace with an agent that answers messages, and one conversation on a channel of it. */
export interface ConversationBench {
  readonly agentId: string;
  readonly workspaceId: string;
  readonly channel: Channel;
  /** Somebody writes; the first time makes the conversation. */
  write(
    body: string,
    externalId?: string,
    attachments?: readonly NewAttachment[],
  ): Promise<RecordedMessage>;
  edit(externalId: string, body: string): Promise<RecordedMessage | null>;
  /** Makes the burst end now. */
  endBurst(): Promise<void>;
  conversation(): Promise<Conversation>;
  messages(): Promise<readonly Message[]>;
  /** The conversation's runs, the oldest first. */
  runs(): Promise<readonly Run[]>;
}

export async function createConversationBench(
  db: Database,
  given: {
    readonly definition?: Partial<AgentDefinition>;
    readonly channel?: Partial<Channel>;
  } = {},
): Promise<ConversationBench> {
  const { agentId, workspaceId } = await insertAgent(db, given.definition);
  await db.execute({
    text: `INSERT INTO inbox_types (workspace_id, id, name) VALUES ($1, 'guest', 'Guest')`,
    values: [workspaceId],
  });
  await db.execute({
    text: `INSERT INTO triggers (id, workspace_id, agent_id, position, name, description, type, config, enabled)
      VALUES ($1, $2, $3, 0, 'Messages', '', 'message', $4, true)`,
    values: [
      newId('trigger'),
      workspaceId,
      agentId,
      JSON.stringify({ scopeType: 'inbox', inboxTypeId: 'guest', channels: ['webhook', 'chat'] }),
    ],
  });
  const triggers = await readStoredTriggers(db, agentId);
  await db.execute({
    text: 'UPDATE agent_versions SET triggers = $2 WHERE agent_id = $1',
    values: [agentId, JSON.stringify(triggers)],
  });
  const channel = await insertChannelRow(db, workspaceId, {
    ...{ quietMs: 60_000, resendUnknown: true },
    ...given.channel,
  });
  let conversationId = '';
  return {
    agentId,
    workspaceId,
    channel,
    async write(body, externalId = newId('unit'), attachments = []) {
      const recorded = await recordInbound(db, {
        channel,
        externalId,
        threadKey: 'thread',
        contact: { value: 'ada', scope: channel.id, firstName: 'Ada', lastName: null },
        sender: { externalId: 'ada', name: 'Ada' },
        subject: null,
        ...{ body, attachments },
        wantsReply: true,
      });
      conversationId = recorded.conversationId;
      return recorded;
    },
    edit: (externalId, body) => recordEdit(db, { channel, externalId, body }),
    async endBurst() {
      await db.execute({
        text: `UPDATE conversations SET due_at = clock_timestamp() - interval '1 second' WHERE id = $1 AND due_at IS NOT NULL`,
        values: [conversationId],
      });
    },
    async conversation() {
      const found = await getConversation(db, 'all', conversationId);
      if (found === null) throw new Error('Nobody has written yet.');
      return found;
    },
    messages: () => readLastMessages(db, conversationId, 100),
    async runs() {
      const page = { limit: 100, after: null };
      const { items } = await listRuns(db, { scope: 'all', conversationId }, page);
      return items.toReversed();
    },
  };
}
