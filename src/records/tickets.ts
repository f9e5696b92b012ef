import { ApiError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import type { ExternalRecord } from '../core/record.ts';
import { type Problems, refuse } from '../core/validate.ts';
import type { ScopedKey } from '../core/workspace-scope.ts';
import type { Database } from '../store/connect.ts';
import { getMember } from '../store/members.ts';
import type { InTransaction } from '../store/workspaces.ts';
import { createHere } from './change-here.ts';
import { fieldOf } from './check-data.ts';
import { requireRecord } from './require-record.ts';

// What people do with tickets beside what every record has.

export interface NoteAuthor {
  /** Null: a program. */
  readonly user_id: string | null;
  readonly name: string;
  readonly email: string | null;
  readonly picture_url: string | null;
}

/** Adds a note to a ticket. Throws `not_found`, and `validation_error` for who is no member. */
export async function addTicketNote(
  { db }: { readonly db: Database },
  key: ScopedKey,
  note: {
    readonly body: string;
    readonly mentionUserIds: readonly string[];
    readonly author: NoteAuthor;
    readonly inTransaction?: InTransaction<ExternalRecord>;
  },
): Promise<ExternalRecord> {
  const ticket = await requireRecord(db, { ...key, kind: 'tickets' });
  const { workspaceId } = ticket;
  const problems: Problems = new Map();
  for (const [index, userId] of note.mentionUserIds.entries()) {
    const member = await getMember(db, { scope: key.scope, workspaceId, userId });
    if (member === null)
      problems.set(`mention_user_ids[${index}]`, 'is no member of this workspace');
  }
  refuse(problems);
  return await createHere(
    { db },
    { workspaceId, kind: 'ticket-notes' },
    {
      externalId: newId('record'),
      data: {
        ticket_id: ticket.id,
        contact_id: ticket.contactId,
        body: note.body,
        author: note.author,
        mention_user_ids: note.mentionUserIds,
      },
      ...(note.inTransaction === undefined ? {} : { inTransaction: note.inTransaction }),
    },
  );
}

/** The conversation that a ticket is about, in which its messages go out. Throws `unprocessable` without one. */
export function conversationOfTicket(ticket: ExternalRecord): string {
  const id = fieldOf(ticket.data, 'conversation_id');
  if (typeof id === 'string') return id;
  throw new ApiError(
    'unprocessable',
    `The ticket ${ticket.id} has no conversation_id: there is nobody to send a message to.`,
  );
}
