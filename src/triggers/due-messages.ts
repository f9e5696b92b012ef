import type { Attachment } from '../core/attachment.ts';
import type { Conversation, Message } from '../core/conversation.ts';
import { compareAll, type FilterComparison } from '../core/filter.ts';
import type { Logger } from '../core/logger.ts';
import { listAgentsByIds } from '../store/agents.ts';
import { getContact } from '../store/contacts.ts';
import { getConversation } from '../store/conversations.ts';
import {
  claimDueConversations,
  type DueConversation,
  findMessageTriggers,
  type MessageTrigger,
  nextConversationDue,
  settleConversation,
} from '../store/due-conversations.ts';
import { readLastMessages } from '../store/messages.ts';
import type { DueWork } from './due-loop.ts';
import { type FireDeps, fire } from './fire.ts';
import type { Candidate, Refusal } from './firing.ts';

// Fires message triggers: when no other message has come in for the channel's quiet time, all that has come is one
// firing, and each matching agent's run reads the whole conversation. Claim, fire under the once-only key
// `message:<conversation>:<count>`, settle: who dies in between leaves a firing that causes nothing twice.

export interface DueMessagesDeps extends FireDeps {
  readonly logger: Logger;
}

const leaseMs = 5_000;
const batch = 100;
/** Message triggers that are held against one message at most, the oldest of the workspace. */
const maxTriggers = 500;
/** How much of a conversation a run reads: so many messages, and so many characters of them. */
const longestTranscript = { messages: 60, characters: 60_000 } as const;

/** The conversations of all workspaces as work that falls due. Any number of processes may do it at once. */
export function dueMessages(deps: DueMessagesDeps): DueWork {
  return {
    name: 'Firing message triggers',
    async run() {
      const waitMs = await nextConversationDue(deps.db);
      if (waitMs === null) return Number.POSITIVE_INFINITY;
      if (waitMs > 0) return waitMs;
      const due = await claimDueConversations(deps.db, { leaseMs, limit: batch });
      await Promise.all(due.map((one) => fireDue(deps, one)));
      return 0;
    },
  };
}

async function fireDue(deps: DueMessagesDeps, due: DueConversation): Promise<void> {
  try {
    await fireConversation(deps, due);
    await settleConversation(deps.db, due);
  } catch (err) {
    deps.logger.warn({ err, conversation: due.id }, 'A message could not be fired yet');
  }
}

async function fireConversation(deps: DueMessagesDeps, due: DueConversation): Promise<void> {
  const { db } = deps;
  const conversation = await getConversation(db, 'all', due.id);
  // Something has come in since it was claimed: it is due again, with all of it.
  if (conversation === null || conversation.inboundRev !== due.inboundRev) return;
  if (conversation.answeredRev >= due.inboundRev) return;
  const contact = await getContact(db, 'all', conversation.contact.id);
  const all = await readLastMessages(db, due.id, longestTranscript.messages);
  const transcript = fitting(all);
  const last = all.findLast(({ direction }) => direction === 'inbound');
  const payload = {
    conversation_id: conversation.id,
    contact_id: conversation.contact.id,
    channel: conversation.channel,
    inbox_type_id: conversation.inboxTypeId,
    subject: conversation.subject,
    contact: {
      first_name: conversation.contact.firstName,
      last_name: conversation.contact.lastName,
    },
    omitted: (transcript[0]?.n ?? 1) - 1,
    messages: transcript.map(({ id, direction, body, attachments, createdAt }) => ({
      ...{ id, direction, body },
      ...(attachments.length === 0 ? {} : { attachments: attachments.map(namedFile) }),
      at: createdAt.toISOString(),
    })),
  };
  await fire(deps, {
    workspaceId: due.workspaceId,
    source: 'message',
    eventType: null,
    triggerId: null,
    payloadJson: JSON.stringify(payload),
    onceKey: `message:${due.id}:${due.inboundRev}`,
    occurredAt: last?.createdAt ?? null,
    entityId: due.id,
    causedByRunId: null,
    depth: 0,
    conversation: { id: due.id, contactId: conversation.contact.id, readRev: due.inboundRev },
    candidates: await candidatesFor(deps, conversation, {
      payload,
      refusal: conversation.aiPaused || contact?.aiPaused === true ? paused : null,
    }),
  });
}

function namedFile({ id, name, mediaType, sizeBytes, notKept }: Attachment) {
  return { id, name, media_type: mediaType, size_bytes: sizeBytes, kept: notKept === null };
}

const paused: Refusal = {
  reason: 'ai_paused',
  detail: 'Agents were told to stand back from this conversation or contact.',
};

/** The newest messages that fit; the last one whatever its length, cut. */
function fitting(messages: readonly Message[]): readonly Message[] {
  let left: number = longestTranscript.characters;
  const kept: Message[] = [];
  for (const message of messages.toReversed()) {
    if (kept.length > 0 && message.body.length > left) break;
    kept.unshift({ ...message, body: message.body.slice(0, left) });
    left -= message.body.length;
  }
  return kept;
}

async function candidatesFor(
  deps: DueMessagesDeps,
  conversation: Conversation,
  given: { readonly payload: unknown; readonly refusal: Refusal | null },
): Promise<readonly Candidate[]> {
  const { workspaceId } = conversation;
  const triggers = await findMessageTriggers(deps.db, { workspaceId, limit: maxTriggers });
  const judged = triggers.map((trigger) => {
    const comparisons = compareAll(filterOf(trigger), given.payload);
    return { trigger, comparisons, matched: comparisons.every((one) => one.matched) };
  });
  const meant = judged.filter((one) => one.matched).map(({ trigger }) => trigger.agentId);
  const found = await listAgentsByIds(deps.db, [workspaceId], [...new Set(meant)]);
  const agents = new Map(found.map((agent) => [agent.id, agent]));
  return judged.flatMap(({ trigger, comparisons, matched }): Candidate[] => {
    if (!matched) return [{ agent: { id: trigger.agentId }, trigger, comparisons, matched }];
    const agent = agents.get(trigger.agentId);
    const current = agent?.triggers.find((one) => one.id === trigger.id);
    if (agent === undefined || current === undefined) return [];
    const { concurrency_key: ownKey, process_entities_sequentially: inSequence } = agent.definition;
    return [
      {
        ...{ agent, trigger: current, comparisons, matched, refusal: given.refusal },
        entityId: conversation.id,
        sessionId: conversation.id,
        // One run at a time in a conversation, unless the agent has an order of its own.
        concurrencyKey: ownKey !== null || inSequence ? null : conversation.id,
      },
    ];
  });
}

/** What a trigger's config asks of the message. */
function filterOf({ config }: MessageTrigger): readonly FilterComparison[] {
  const { inboxTypeId, channels } = config;
  return [
    ...(typeof inboxTypeId === 'string'
      ? [{ field: 'inbox_type_id', op: 'eq' as const, value: inboxTypeId }]
      : []),
    ...(Array.isArray(channels)
      ? [{ field: 'channel', op: 'in' as const, value: channels as string[] }]
      : []),
  ];
}
