import type { JournalContent, JournalEntry } from '../core/journal.ts';
import type { Database } from './connect.ts';

interface JournalRow {
  readonly seq: number;
  readonly step: number;
  readonly type: string;
  readonly state: string;
  readonly data: string;
  readonly created_at: Date;
}

/** The entries of a run after the given `seq`, in order. Whoever asks has read the run in its scope first. */
export async function readJournal(
  db: Pick<Database, 'query'>,
  runId: string,
  afterSeq = 0,
): Promise<JournalEntry[]> {
  const rows = await db.query<JournalRow>({
    name: 'journal-read',
    text: `SELECT seq, step, type, state, data, created_at FROM journal
           WHERE run_id = $1 AND seq > $2 ORDER BY seq`,
    values: [runId, afterSeq],
  });
  return rows.map(toEntry);
}

/** The entries of several runs, in their order. Whoever asks has read the runs in their scope first. */
export async function readJournals(
  db: Pick<Database, 'query'>,
  runIds: readonly string[],
): Promise<JournalEntry[][]> {
  const rows = await db.query<JournalRow & { readonly run_id: string }>({
    name: 'journals-read',
    text: `SELECT run_id, seq, step, type, state, data, created_at FROM journal
           WHERE run_id = ANY ($1) ORDER BY run_id, seq`,
    values: [runIds],
  });
  const entries = Map.groupBy(rows, (row) => row.run_id);
  return runIds.map((id) => (entries.get(id) ?? []).map(toEntry));
}

function toEntry(row: JournalRow): JournalEntry {
  const content = { type: row.type, state: row.state, data: JSON.parse(row.data) };
  return {
    seq: row.seq,
    step: row.step,
    createdAt: row.created_at,
    ...(content as JournalContent),
  };
}
