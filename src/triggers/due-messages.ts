import type { ChatSession } from '../core/chat.ts';
import type { Conversation } from '../core/conversation.ts';
import { ApiError } from '../core/errors.ts';
import { compareAll, type FilterComparison } from '../core/filter.ts';
import type { Logger } from '../core/logger.ts';
import { listAgentsByIds } from '../store/agents.ts';
import { getChatSession } from '../store/chat-sessions.ts';
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
import { fireTurn } from './chat-turn.ts';
import { conversationPayload, messageKey } from './conversation-payload.ts';
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
  const session = await getChatSession(db, 'all', due.id);
  if (session !== null) return await fireDueTurn(deps, { session, conversation });
  const contact = await getContact(db, 'all', conversation.contact.id);
  const { payload, occurredAt } = await conversationPayload(db, conversation);
  await fire(deps, {
    workspaceId: due.workspaceId,
    source: 'message',
    eventType: null,
    triggerId: null,
    payloadJson: JSON.stringify(payload),
    onceKey: messageKey(conversation),
    occurredAt,
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

const paused: Refusal = {
  reason: 'ai_paused',
  detail: 'Agents were told to stand back from this conversation or contact.',
};

/** A turn whose message was committed by a process that did not come to begin it. */
async function fireDueTurn(
  deps: DueMessagesDeps,
  turn: { readonly session: ChatSession; readonly conversation: Conversation },
): Promise<void> {
  try {
    await fireTurn(deps, turn);
  } catch (err) {
    if (!(err instanceof ApiError) || err.problem === 'unavailable') throw err;
    // The message stays unanswered: a person sees it, and the next one is answered together with it.
    deps.logger.warn({ err, conversation: turn.session.id }, 'A turn of a chat was refused');
  }
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
