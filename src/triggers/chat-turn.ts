import type { Agent } from '../core/agent.ts';
import type { ChatSession } from '../core/chat.ts';
import type { Conversation } from '../core/conversation.ts';
import { ApiError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import { withinBudgets } from '../runs/budget-gate.ts';
import { commitFiring } from '../runs/commit-firing.ts';
import { planRun } from '../runs/plan-run.ts';
import { getAgent } from '../store/agents.ts';
import { getContact } from '../store/contacts.ts';
import { conversationPayload, messageKey } from './conversation-payload.ts';
import type { FireDeps } from './fire.ts';

// A turn of a chat session: its agent answers all that has come in and is not answered yet. Whoever committed the
// message fires it at once; the loop of due messages fires what was left behind, under the same once-only key.

/**
 * Fires the turn that the conversation stands for, as it was read: a second time it causes nothing. Agents that were told to stand
 * back are not asked. Throws `agent_disabled`, `unprocessable` (a budget, no model), `unavailable`.
 */
export async function fireTurn(
  deps: FireDeps,
  { session, conversation }: { readonly session: ChatSession; readonly conversation: Conversation },
): Promise<void> {
  const agent = await requireChatAgent(deps, session);
  const contact = await getContact(deps.db, 'all', conversation.contact.id);
  if (conversation.aiPaused || contact?.aiPaused === true) return;
  const { workspaceId } = session;
  const told = await conversationPayload(deps.db, conversation);
  const payloadJson = JSON.stringify({ ...told.payload, chat_session_id: session.id });
  await withinBudgets(deps.budgets, { workspaceId, agentId: agent.id }, async () => {
    const run = planRun(deps, {
      ...{ agent, trigger: null, payloadJson, entityId: session.id, sessionId: session.id },
      additionalInstructions: session.instructions,
      traceparent: null,
      // One run at a time in a conversation.
      concurrencyKey: session.id,
      conversation: {
        id: session.id,
        contactId: conversation.contact.id,
        readRev: conversation.inboundRev,
      },
    });
    const event = {
      ...{
        id: newId('triggerEvent'),
        workspaceId,
        source: 'message',
        triggerId: null,
        payloadJson,
      },
      onceKey: messageKey(conversation),
      occurredAt: told.occurredAt,
      entityId: session.id,
    };
    const firing = { event, runs: [run], verdicts: [], idempotency: null };
    const { kind } = await commitFiring(deps, firing);
    return { result: null, isCreated: kind === 'created' };
  });
}

/** The agent of a session as it is now. Throws `agent_disabled` when it takes no turns. */
export async function requireChatAgent(
  deps: Pick<FireDeps, 'db'>,
  { workspaceId, agent: { id } }: Pick<ChatSession, 'workspaceId' | 'agent'>,
): Promise<Agent> {
  const agent = await getAgent(deps.db, [workspaceId], id);
  if (agent === null) throw new ApiError('agent_disabled', 'The agent of this chat was deleted.');
  requireChatting(agent);
  return agent;
}

/** Throws `agent_disabled` when the agent answers nobody. */
export function requireChatting(agent: Agent): void {
  if (!agent.enabled) {
    throw new ApiError('agent_disabled', 'The agent is disabled. Enable it first.');
  }
  if (agent.definition.operation_mode === 'inactive') {
    throw new ApiError(
      'agent_disabled',
      'The agent is inactive. Set its operation_mode to autopilot or copilot.',
    );
  }
}
