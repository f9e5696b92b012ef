import { ApiError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import { fromStorableText } from '../core/storable-text.ts';
import type { ScopedKey } from '../core/workspace-scope.ts';
import type { Database } from '../store/connect.ts';
import { pretendErasure } from '../store/erasures.ts';
import { noteRuns, readPersonalData } from '../store/personal-data.ts';

const patience = {
  isolation: 'repeatable read',
  statementTimeoutMs: 300_000,
  transactionTimeoutMs: 600_000,
} as const;

/** Takes the transaction back that only read. */
class Done extends Error {}

/**
 * All that is kept about a contact, as of one moment: a line of JSON for each row, `{table, row}`. Throws
 * `not_found`, before the first line.
 */
export async function exportContact(db: Database, { scope, id }: ScopedKey): Promise<string> {
  const lines: string[] = [];
  try {
    await db.transaction(async (tx) => {
      const of = await pretendErasure(tx, { scope, id, erasureId: newId('erasure') });
      if (of === null) throw new ApiError('not_found', `There is no contact ${id}.`);
      await noteRuns(tx, of);
      for await (const { table, rows } of readPersonalData(tx, of)) {
        for (const row of rows) lines.push(JSON.stringify({ table, row }, readable));
      }
      throw new Done();
    }, patience);
  } catch (error) {
    if (!(error instanceof Done)) throw error;
  }
  return lines.map((line) => `${line}\n`).join('');
}

function readable(_: string, value: unknown): unknown {
  return typeof value === 'string' ? fromStorableText(value) : value;
}
