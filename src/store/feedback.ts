import type { Feedback, Rating } from '../core/feedback.ts';
import {
  fromStorableOrNull,
  fromStorableText,
  storableOrNull,
  toStorableText,
} from '../core/storable-text.ts';
import type { Queryable } from './connect.ts';

interface Row {
  readonly run_id: string;
  readonly given_by: string;
  readonly rating: Rating;
  readonly comment: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const columns = 'run_id, given_by, rating, comment, created_at, updated_at';

/** Of these runs, the oldest first. Whoever asks has read the runs in their scope. */
export async function listFeedback(
  db: Queryable,
  runIds: readonly string[],
): Promise<readonly Feedback[]> {
  if (runIds.length === 0) return [];
  const rows = await db.query<Row>({
    name: 'feedback-list',
    text: `SELECT ${columns} FROM run_feedback WHERE run_id = ANY ($1) ORDER BY created_at, given_by`,
    values: [runIds],
  });
  return rows.map(toFeedback);
}

/** What one person says of a run, in place of what they said before; null when there is no such run. */
export async function writeFeedback(
  db: Queryable,
  given: Pick<Feedback, 'runId' | 'rating' | 'comment' | 'givenBy'>,
): Promise<Feedback | null> {
  const [row] = await db.query<Row>({
    name: 'feedback-write',
    text: `INSERT INTO run_feedback AS f (run_id, given_by, workspace_id, rating, comment)
      SELECT r.id, $2, r.workspace_id, $3, $4 FROM runs r WHERE r.id = $1
      ON CONFLICT (run_id, given_by) DO UPDATE
        SET rating = EXCLUDED.rating, comment = EXCLUDED.comment, updated_at = clock_timestamp()
      RETURNING ${columns}`,
    values: [
      given.runId,
      toStorableText(given.givenBy ?? ''),
      given.rating,
      storableOrNull(given.comment),
    ],
  });
  return row === undefined ? null : toFeedback(row);
}

function toFeedback(row: Row): Feedback {
  return {
    runId: row.run_id,
    rating: row.rating,
    comment: fromStorableOrNull(row.comment),
    givenBy: row.given_by === '' ? null : fromStorableText(row.given_by),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
