import { ApiError } from '../core/errors.ts';
import type { ClosingStatus, Escalation } from '../core/escalation.ts';
import { newId } from '../core/ids.ts';
import { refusal } from '../core/validate.ts';
import type { ScopedKey } from '../core/workspace-scope.ts';
import { getAgentVersion } from '../store/agent-versions.ts';
import type { Database, Queryable } from '../store/connect.ts';
import { wakeReaders } from '../store/conversations.ts';
import { assignEscalation, closeEscalation, getEscalation } from '../store/escalations.ts';
import { lockForReply, queueMessage } from '../store/outbound.ts';
import { getRun } from '../store/runs.ts';
import { listWriters } from '../store/tokens.ts';
import { patchConversation } from './change.ts';
import type { SendDeps } from './send.ts';

// What people do with what a run handed over. A reply is sent once: the message and the end of the escalation
// are one commit, under the lock that every message of the conversation takes.

/** Throws `not_found`. */
export async function requireEscalation(
  db: Queryable,
  { scope, id }: ScopedKey,
): Promise<Escalation> {
  const escalation = await getEscalation(db, scope, id);
  if (escalation !== null) return escalation;
  throw new ApiError('not_found', `There is no escalation ${id}.`);
}

/**
 * Sends the proposed reply, or another text in its place. Throws `not_found`; `already_decided` when a person is done
 * with it; `conflict` when the proposal is superseded, or was answered in the meantime; `unprocessable` when there is
 * nothing to send or nobody to send it to.
 */
export async function sendReply(
  deps: SendDeps,
  key: ScopedKey,
  given: { readonly body: string | null; readonly by: string },
): Promise<Escalation> {
  const escalation = await requireEscalation(deps.db, key);
  requirePending(escalation);
  const { conversationId } = escalation;
  if (conversationId === null) {
    throw unprocessable('This run belongs to no conversation: there is nobody to reply to.');
  }
  const body = given.body ?? escalation.proposedResponse;
  if (body === null || body.trim() === '') {
    throw unprocessable('The run proposed no reply. Send one of your own instead.');
  }
  const run = await getRun(deps.db, 'all', escalation.run.id);
  const marksAsDone = run === null ? false : await marksDone(deps.db, run);
  const sent = await deps.db.transaction(async (tx) => {
    const state = await lockForReply(tx, conversationId);
    const rev = escalation.readRev ?? state.inbound_rev;
    if (given.body === null && state.inbound_rev > rev) {
      throw new ApiError(
        'conflict',
        'A newer message came in after this reply was proposed. Read it, and send a text of your own.',
      );
    }
    if (
      escalation.disposition === 'escalated' &&
      state.answered_rev >= state.inbound_rev &&
      state.inbound_rev > 0
    ) {
      throw new ApiError('conflict', 'This was answered in the meantime.');
    }
    const messageId = newId('message');
    const message = { messageId, response: body };
    const close = {
      id: escalation.id,
      status: 'resolved',
      reviewedBy: given.by,
      sent: message,
    } as const;
    if (!(await closeEscalation(tx, close))) return false;
    await queueMessage(tx, {
      ...{ id: messageId, conversationId, body, subject: null, senderId: given.by },
      ...{ runId: escalation.run.id, idempotencyKey: `escalation:${escalation.id}` },
      // A text of a person's own answers all that has come in.
      ...{ answersRev: given.body === null ? rev : null, marksAsDone },
    });
    await wakeReaders(tx, conversationId);
    return true;
  });
  const now = await requireEscalation(deps.db, key);
  if (!sent) throw alreadyClosed(now);
  deps.nudge();
  return now;
}

/** A person is done with it. Throws `not_found`, `already_decided`. */
export async function resolveEscalation(
  db: Database,
  key: ScopedKey,
  given: { readonly status: ClosingStatus; readonly by: string },
): Promise<Escalation> {
  const escalation = await requireEscalation(db, key);
  const closed = await closeEscalation(db, {
    id: escalation.id,
    status: given.status,
    reviewedBy: given.by,
    sent: null,
  });
  const now = await requireEscalation(db, key);
  if (!closed) throw alreadyClosed(now);
  return now;
}

/** Gives it to a member of its workspace. Throws `not_found`, `validation_error`, `already_decided`. */
export async function giveEscalation(
  db: Database,
  key: ScopedKey,
  assigneeId: string,
): Promise<Escalation> {
  const escalation = await requireEscalation(db, key);
  const [member] = await listWriters(db, escalation.workspaceId, [assigneeId]);
  if (member === undefined) {
    throw refusal(new Map([['assignee_id', 'names nobody who may write in this workspace']]));
  }
  if (!(await assignEscalation(db, escalation.id, member))) throw alreadyClosed(escalation);
  return await requireEscalation(db, key);
}

/**
 * Keeps agents out of the conversation while a person answers, or lets them in again. Throws `not_found`;
 * `unprocessable` without a conversation; `already_decided` for a take-over of what a person is done with.
 */
export async function takeOver(
  db: Database,
  key: ScopedKey,
  given: { readonly by: string; readonly aiPaused: boolean },
): Promise<Escalation> {
  const escalation = await requireEscalation(db, key);
  const { conversationId, id } = escalation;
  if (given.aiPaused) requirePending(escalation);
  if (conversationId === null) {
    throw unprocessable('This run belongs to no conversation: there is nothing to take over.');
  }
  const { aiPaused, by } = given;
  const assigneeId = aiPaused ? by : null;
  await patchConversation(db, { scope: key.scope, id: conversationId }, { aiPaused, assigneeId });
  if (aiPaused) await assignEscalation(db, id, by);
  return await requireEscalation(db, key);
}

async function marksDone(
  db: Queryable,
  run: { readonly workspaceId: string; readonly agentId: string; readonly agentVersion: number },
): Promise<boolean> {
  const of = { agentId: run.agentId, version: run.agentVersion };
  const version = await getAgentVersion(db, [run.workspaceId], of);
  return version?.definition.auto_mark_as_done === true;
}

function requirePending(escalation: Escalation): void {
  if (escalation.status !== 'pending') throw alreadyClosed(escalation);
}

function alreadyClosed({ id, status, sent }: Escalation): ApiError {
  const how = sent === null ? `is ${status}` : 'was answered';
  return new ApiError('already_decided', `Escalation ${id} ${how} already.`);
}

function unprocessable(sentence: string): ApiError {
  return new ApiError('unprocessable', sentence);
}
