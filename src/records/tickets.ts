import { ApiError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import { type ExternalRecord, ownSource } from '../core/record.ts';
import { type Problems, refuse } from '../core/validate.ts';
import type { ScopedKey } from '../core/workspace-scope.ts';
import type { Database } from '../store/connect.ts';
import { getMember } from '../store/members.ts';
import { getRecord } from '../store/records.ts';
import type { InTransaction } from '../store/workspaces.ts';
import { requireRecord } from './act.ts';
import { fieldOf } from './check-data.ts';
import { upsertRecords } from './upsert.ts';

// What people do with tickets beside what every record has.

const notes = 'ticket-notes';

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
  const told = {
    ...{ source: ownSource, externalId: newId('record'), version: null },
    data: {
      ticket_id: ticket.id,
      contact_id: ticket.contactId,
      body: note.body,
      author: note.author,
      mention_user_ids: note.mentionUserIds,
    },
  };
  const written: ExternalRecord[] = [];
  await upsertRecords({ db }, { workspaceId, kind: notes }, [told], {
    fieldAt: () => [],
    inTransaction: async (tx, [result]) => {
      const one = await getRecord(tx, [workspaceId], { kind: notes, id: result?.id ?? '' });
      if (one === null) throw new Error('The note was not written.');
      written.push(one);
      await note.inTransaction?.(tx, one);
    },
  });
  const [one] = written;
  if (one === undefined) throw new Error('The note was not written.');
  return one;
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
