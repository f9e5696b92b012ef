import type { MessageChannel } from '../core/channel.ts';
import type { Contact, ContactChannel } from '../core/conversation.ts';
import { ApiError } from '../core/errors.ts';
import { type Page, type PageRequest, toPage } from '../core/page.ts';
import {
  fromStorableOrNull,
  fromStorableText,
  storableOrNull,
  toStorableText,
} from '../core/storable-text.ts';
import type { ScopedKey, WorkspaceScope } from '../core/workspace-scope.ts';
import type { Queryable } from './connect.ts';
import { Conditions, containing, inScopeSql, scopeValue } from './page-sql.ts';

export interface ContactRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly inbox_type_id: string;
  readonly type: string;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly image_url: string | null;
  readonly archived: boolean;
  readonly ai_paused: boolean;
  readonly follow_up_at: Date | null;
  readonly last_channel: MessageChannel | null;
  readonly last_message_at: Date | null;
  readonly last_message_preview: string | null;
  readonly active_at: Date;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const columns = `c.id, c.workspace_id, c.inbox_type_id, c.type, c.first_name, c.last_name, c.image_url,
  c.archived, c.ai_paused, c.follow_up_at, c.last_channel, c.last_message_at, c.last_message_preview,
  c.active_at, c.created_at, c.updated_at`;

/** What a search looks at; see `contactMatches`. */
export const contactSearchFields = [
  'any',
  'name',
  'first_name',
  'last_name',
  'email',
  'phone',
  'whatsapp',
  'channel',
] as const;
export type ContactSearchField = (typeof contactSearchFields)[number];

export interface ContactFilter {
  readonly workspaceId: string;
  readonly archived?: boolean | undefined;
  readonly inboxTypeId?: string | undefined;
  readonly search?: { readonly text: string; readonly field: ContactSearchField };
}

/** Where a list without a time to follow up has its place: after all that have one. */
const never = `timestamptz '9999-12-31 00:00:00+00'`;

/** A page of contacts, by their last message or by the time to follow up. */
export async function listContacts(
  db: Queryable,
  filter: ContactFilter,
  page: PageRequest & {
    readonly sortBy: 'last_message_at' | 'follow_up_at';
    readonly order: 'asc' | 'desc';
  },
): Promise<Page<Contact>> {
  const conditions = new Conditions().inScope([filter.workspaceId], 'c.workspace_id');
  const { archived, inboxTypeId, search } = filter;
  if (archived !== undefined) conditions.add(archived, (p) => `c.archived = ${p}`);
  if (inboxTypeId !== undefined) conditions.add(inboxTypeId, (p) => `c.inbox_type_id = ${p}`);
  if (search !== undefined) contactMatches(conditions, search);
  const byFollowUp = page.sortBy === 'follow_up_at';
  const at = byFollowUp ? `coalesce(c.follow_up_at, ${never})` : 'c.active_at';
  const tail = conditions.orderedPageOf(page, { at, id: 'c.id', order: page.order });
  const rows = await db.query<ContactRow & { at: Date }>({
    text: `SELECT ${columns}, ${at} AS at FROM contacts c ${tail}`,
    values: conditions.values,
  });
  const found = toPage(rows, page.limit, (row) => ({ createdAt: row.at, id: row.id }));
  return { items: found.items.map(toContact), next: found.next };
}

/**
 * Adds the condition that the contact `c` is found by the text. `any`: what looks like an e-mail address or a
 * number is looked for among addresses, everything else among names.
 */
export function contactMatches(
  conditions: Conditions,
  search: { readonly text: string; readonly field: ContactSearchField },
): void {
  const text = containing(toStorableText(search.text));
  const name = `concat_ws(' ', c.first_name, c.last_name)`;
  const address = (types: readonly string[] | null) => (p: string) =>
    `EXISTS (SELECT 1 FROM contact_channels k WHERE k.contact_id = c.id AND k.value ILIKE ${p}${
      types === null ? '' : ` AND k.type IN (${types.map((type) => `'${type}'`).join(', ')})`
    })`;
  const kinds: Readonly<Record<ContactSearchField, (p: string) => string>> = {
    any: looksLikeEmail(search.text)
      ? address(null)
      : looksLikeNumber(search.text)
        ? address(['sms', 'whatsapp'])
        : (p) => `${name} ILIKE ${p}`,
    name: (p) => `${name} ILIKE ${p}`,
    first_name: (p) => `c.first_name ILIKE ${p}`,
    last_name: (p) => `c.last_name ILIKE ${p}`,
    email: address(['email', 'unthreaded_email']),
    phone: address(['sms', 'whatsapp']),
    whatsapp: address(['whatsapp']),
    channel: address(null),
  };
  conditions.add(text, kinds[search.field]);
}

function looksLikeEmail(text: string): boolean {
  return text.includes('@');
}

function looksLikeNumber(text: string): boolean {
  return /^\+?[\d\s()/.-]{4,}$/.test(text.trim());
}

/** The contact; null when there is none in scope. */
export async function getContact(
  db: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<Contact | null> {
  const rows = await db.query<ContactRow>({
    name: 'contact_get',
    text: `SELECT ${columns} FROM contacts c WHERE c.id = $1 AND ${inScopeSql('c.workspace_id', '$2')}`,
    values: [id, scopeValue(scope)],
  });
  return rows[0] === undefined ? null : toContact(rows[0]);
}

/** Throws `not_found`. */
export async function requireContact(db: Queryable, { scope, id }: ScopedKey): Promise<Contact> {
  const contact = await getContact(db, scope, id);
  if (contact !== null) return contact;
  throw new ApiError('not_found', `There is no contact ${id}.`);
}

/** The contacts that a run is about, or any run that led to it by asking for another. */
export async function contactsOfLine(
  db: Queryable,
  run: {
    readonly id: string;
    readonly contactId: string | null;
    readonly parentRunId: string | null;
  },
): Promise<readonly string[]> {
  if (run.parentRunId === null) return run.contactId === null ? [] : [run.contactId];
  const rows = await db.query<{ contact_id: string }>({
    name: 'contacts_of_line',
    text: `WITH RECURSIVE line AS (
        SELECT parent_run_id, contact_id FROM runs WHERE id = $1
        UNION ALL
        SELECT p.parent_run_id, p.contact_id FROM line l JOIN runs p ON p.id = l.parent_run_id
      )
      SELECT DISTINCT contact_id FROM line WHERE contact_id IS NOT NULL`,
    values: [run.id],
  });
  return rows.map(({ contact_id }) => contact_id);
}

/** Locks the contact for the rest of the transaction; false: there is none in scope. */
export async function lockContact(
  tx: Queryable,
  scope: WorkspaceScope,
  id: string,
): Promise<boolean> {
  const rows = await tx.query({
    text: `SELECT id FROM contacts c WHERE c.id = $1 AND ${inScopeSql('c.workspace_id', '$2')}
      FOR NO KEY UPDATE`,
    values: [id, scopeValue(scope)],
  });
  return rows.length > 0;
}

/** Which of these are contacts of the workspace. */
export async function findContacts(
  db: Queryable,
  workspaceId: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db.query<{ id: string }>({
    name: 'contacts_known',
    text: 'SELECT id FROM contacts WHERE workspace_id = $1 AND id = ANY ($2)',
    values: [workspaceId, ids.map(toStorableText)],
  });
  return new Set(rows.map(({ id }) => id));
}

interface ContactChannelRow {
  readonly id: string;
  readonly contact_id: string;
  readonly type: MessageChannel;
  readonly value: string;
  readonly channel_id: string | null;
}

/** Where a contact can be reached, in the order in which it came to be known. */
export async function listContactChannels(
  db: Queryable,
  contactId: string,
): Promise<readonly ContactChannel[]> {
  const rows = await db.query<ContactChannelRow>({
    name: 'contact_channels_list',
    text: `SELECT id, contact_id, type, value, channel_id FROM contact_channels
      WHERE contact_id = $1 ORDER BY created_at, id`,
    values: [contactId],
  });
  return rows.map((row) => ({
    id: row.id,
    contactId: row.contact_id,
    type: row.type,
    value: fromStorableText(row.value),
    channelId: row.channel_id,
  }));
}

export interface ContactPatch {
  readonly firstName?: string | null | undefined;
  readonly lastName?: string | null | undefined;
  readonly imageUrl?: string | null | undefined;
  readonly archived?: boolean | undefined;
  readonly aiPaused?: boolean | undefined;
  readonly followUpAt?: Date | null | undefined;
}

/** Changes what is given; null when there is no such contact in scope. */
export async function updateContact(
  db: Queryable,
  key: { readonly scope: WorkspaceScope; readonly id: string },
  patch: ContactPatch,
): Promise<Contact | null> {
  const text = (value: string | null | undefined) => value === undefined || storableOrNull(value);
  const rows = await db.query<ContactRow>({
    text: `UPDATE contacts c SET
        first_name = CASE WHEN $3 THEN $4 ELSE first_name END,
        last_name = CASE WHEN $5 THEN $6 ELSE last_name END,
        image_url = CASE WHEN $7 THEN $8 ELSE image_url END,
        archived = coalesce($9, archived),
        ai_paused = coalesce($10, ai_paused),
        follow_up_at = CASE WHEN $11 THEN $12::timestamptz ELSE follow_up_at END,
        updated_at = clock_timestamp()
      WHERE c.id = $1 AND ${inScopeSql('c.workspace_id', '$2')} RETURNING ${columns}`,
    values: [
      key.id,
      scopeValue(key.scope),
      patch.firstName !== undefined,
      text(patch.firstName),
      patch.lastName !== undefined,
      text(patch.lastName),
      patch.imageUrl !== undefined,
      text(patch.imageUrl),
      patch.archived ?? null,
      patch.aiPaused ?? null,
      patch.followUpAt !== undefined,
      patch.followUpAt ?? null,
    ],
  });
  return rows[0] === undefined ? null : toContact(rows[0]);
}

function toContact(row: ContactRow): Contact {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    inboxTypeId: row.inbox_type_id,
    type: row.type,
    firstName: fromStorableOrNull(row.first_name),
    lastName: fromStorableOrNull(row.last_name),
    imageUrl: fromStorableOrNull(row.image_url),
    archived: row.archived,
    aiPaused: row.ai_paused,
    followUpAt: row.follow_up_at,
    lastChannel: row.last_channel,
    lastMessageAt: row.last_message_at,
    lastMessagePreview: fromStorableOrNull(row.last_message_preview),
    activeAt: row.active_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
