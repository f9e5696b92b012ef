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
  return rows.map((row) => {
    const content = { type: row.type, state: row.state, data: JSON.parse(row.data) };
    return {
      seq: row.seq,
      step: row.step,
      createdAt: row.created_at,
      ...(content as JournalContent),
    };
  });
}
