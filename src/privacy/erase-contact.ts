import type { Erasure } from '../core/erasure.ts';
import { ApiError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import type { ScopedKey } from '../core/workspace-scope.ts';
import { type CancelDeps, cancelRun } from '../runs/cancel.ts';
import type { Database } from '../store/connect.ts';
import {
  beginErasure,
  claimErasure,
  countErased,
  finishErasure,
  postponeErasure,
} from '../store/erasures.ts';
import {
  dropUnusedTerms,
  erasureSteps,
  hasKnowledge,
  listOpenNoted,
  noteRuns,
  type PersonalDataOf,
} from '../store/personal-data.ts';

// Erases all that is kept about one contact. The request is a row, and every step can be done again: whichever
// process dies, another takes the erasure up. It ends with a look that finds nothing any more. Not protected:
// backups that were made before, what was sent to others (deliveries, models, telemetry), and the space in the
// database's files until the database uses it again.

const leaseMs = 600_000;
const lookAgainMs = 500;
const patience = { statementTimeoutMs: 300_000, transactionTimeoutMs: 600_000 };

/** Begins it; the same one again while it is under way. Throws `not_found`. */
export async function eraseContact(
  db: Database,
  request: ScopedKey & { readonly by: string },
): Promise<Erasure> {
  const { scope, id, by } = request;
  const erasure = await beginErasure(db, {
    scope,
    id,
    erasureId: newId('erasure'),
    requestedBy: by,
  });
  if (erasure === null) throw new ApiError('not_found', `There is no contact ${id}.`);
  return erasure;
}

/** Takes one pass over the erasure that is due longest; the ms until there may be more, for a loop. */
export async function workOnErasures(deps: CancelDeps): Promise<number> {
  const { db } = deps;
  const of = await claimErasure(db, leaseMs);
  if (of === null) return lookAgainMs;
  const found = await db.transaction((tx) => noteRuns(tx, of), patience);
  await cancelNoted(deps, of);
  let went = 0;
  for (const { table, erase } of erasureSteps) {
    went += await db.transaction(async (tx) => {
      const rows = await erase(tx, of);
      if (rows > 0) await countErased(tx, of.erasureId, { table, rows });
      return rows;
    }, patience);
  }
  if (found + went > 0 || (await hasKnowledge(db, of))) {
    await postponeErasure(db, of, found + went > 0 ? 0 : lookAgainMs);
    return found + went > 0 ? 0 : lookAgainMs;
  }
  if (of.erased.kb_nodes !== undefined) await dropUnusedTerms(db, of.workspaceId);
  await finishErasure(db, of);
  return 0;
}

async function cancelNoted(deps: CancelDeps, { erasureId }: PersonalDataOf): Promise<void> {
  for (const id of await listOpenNoted(deps.db, erasureId)) {
    try {
      await cancelRun(deps, { scope: 'all', id, by: 'the erasure of its contact' });
    } catch (error) {
      // It ended meanwhile.
      if (!(error instanceof ApiError)) throw error;
    }
  }
}
