import { newId } from '../core/ids.ts';
import type { ExternalRecord } from '../core/record.ts';
import { refusal } from '../core/validate.ts';
import type { Database } from '../store/connect.ts';
import { getMember } from '../store/members.ts';
import type { InTransaction } from '../store/workspaces.ts';
import { createHere } from './change-here.ts';

/** Asks the workspace's own people for help: a ticket, whose event tells whoever listens. */
export async function escalateToPeople(
  db: Database,
  given: {
    readonly workspaceId: string;
    readonly summary: string;
    readonly details: string;
    /** What it is about, if it is about something here. */
    readonly conversationId: string | null;
    readonly runId: string | null;
    /** A member. */
    readonly requesterId: string | null;
    readonly inTransaction: InTransaction<ExternalRecord>;
  },
): Promise<ExternalRecord> {
  const { workspaceId, summary, details, conversationId, runId, requesterId } = given;
  if (requesterId !== null) {
    const member = await getMember(db, { scope: [workspaceId], workspaceId, userId: requesterId });
    if (member === null) {
      throw refusal(new Map([['requester_user_id', 'is no member of this workspace']]));
    }
  }
  const data = {
    ...{ status: 'new', waiting_on: 'team', subject: summary, summary: details },
    ...(conversationId === null ? {} : { conversation_id: conversationId }),
    ...(runId === null ? {} : { run_id: runId }),
    ...(requesterId === null ? {} : { requester_user_id: requesterId }),
  };
  const { inTransaction } = given;
  const of = { workspaceId, kind: 'tickets' };
  return await createHere({ db }, of, { externalId: newId('record'), data, inTransaction });
}
