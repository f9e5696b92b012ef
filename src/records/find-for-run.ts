import { ApiError } from '../core/errors.ts';
import type {
  ExternalRecord,
  FindRecords,
  FoundRecords,
  RecordKind,
  RecordQuestion,
} from '../core/record.ts';
import type { Queryable } from '../store/connect.ts';
import { contactsOfLine } from '../store/contacts.ts';
import { findRecords } from '../store/records.ts';
import { contactFieldOf } from './check-data.ts';
import { findKind, listKinds } from './kinds.ts';
import { listRecordsOf } from './list.ts';
import { singular } from './require-record.ts';

// What a run may read of records: those of its workspace, and where it is about a contact, or was asked for by a
// run that is, those of that contact alone. No argument of a model leads anywhere else.

/** Records for the tool of runs. */
export function findRecordsForRuns(db: Queryable): FindRecords {
  return {
    find: async (question) => {
      const { workspaceId } = question.run;
      const kind = await findKind(db, { workspaceId, name: question.kind });
      if (kind === null) {
        const names = (await listKinds(db, workspaceId)).map(({ name }) => name).join(', ');
        return { ok: false, problem: `There is no kind "${question.kind}". There are: ${names}.` };
      }
      const contacts = await contactsOfLine(db, question.run);
      const [contactId, ...others] = contacts;
      if (contactId !== undefined && contactFieldOf(kind) === null) {
        const problem = `This run is about a contact, and ${kind.name} are about none: it cannot read them.`;
        return { ok: false, problem };
      }
      if (others.length > 0) return { ok: true, records: [], hasMore: false };
      return await read(db, { question, kind, contactId });
    },
  };
}

export type FoundRecord =
  | { readonly ok: true; readonly record: ExternalRecord }
  | { readonly ok: false; readonly problem: string };

/** The one record that its system calls so, if the run may read it. */
export async function findOneForRun(
  db: Queryable,
  of: Pick<RecordQuestion, 'run' | 'kind'> & { readonly externalId: string },
): Promise<FoundRecord> {
  const anything = { where: {}, from: null, to: null, order: 'desc', limit: 2 } as const;
  const found = await findRecordsForRuns(db).find({ ...of, ...anything });
  if (!found.ok) return found;
  const [record, ...others] = found.records;
  const what = `${singular(of.kind)} ${of.externalId}`;
  if (record === undefined) {
    return { ok: false, problem: `There is no ${what} that this run may read.` };
  }
  if (others.length === 0) return { ok: true, record };
  return { ok: false, problem: `Several systems have a ${what}: a person must decide on it.` };
}

async function read(
  db: Queryable,
  of: {
    readonly question: RecordQuestion;
    readonly kind: RecordKind;
    readonly contactId: string | undefined;
  },
): Promise<FoundRecords> {
  const { question, kind, contactId } = of;
  const { run, externalId, where, from, to, order, limit } = question;
  const { workspaceId } = run;
  if (externalId !== null) {
    const found = await findRecords(db, { workspaceId, kind: kind.name }, { externalId });
    const own = found.filter((one) => contactId === undefined || one.contactId === contactId);
    return { ok: true, records: own, hasMore: false };
  }
  try {
    const filter = { workspaceId, contactId, where, from: from ?? undefined, to: to ?? undefined };
    const page = { limit, after: null, order };
    const { items, next } = await listRecordsOf(db, kind, filter, page);
    return { ok: true, records: items, hasMore: next !== null };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { ok: false, problem: error.message };
  }
}
