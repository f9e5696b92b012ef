import type { EventEmitter } from 'node:events';
import { once } from 'node:events';
import type { JournalEntry } from '../core/journal.ts';
import { isTerminal, type Run } from '../core/run.ts';
import type { Database } from '../store/connect.ts';
import { readJournal } from '../store/journal.ts';
import { getRun } from '../store/runs.ts';

// Watching a run is backfill, then live, from the tables alone: any process can serve any run, and nothing
// is shown that is not committed (I2). The process's own commits wake it at once; polling is the truth.

export interface WatchDeps {
  readonly db: Database;
  /** Emits a run's id after each of its commits in this process. */
  readonly commits: EventEmitter;
  readonly pollMs?: number;
}

export type RunEvent =
  | { readonly kind: 'entry'; readonly entry: Exclude<JournalEntry, { type: 'end' }> }
  | { readonly kind: 'end'; readonly seq: number; readonly run: Run };

/** Entries after `afterSeq`, as they are committed, then how the run ended. Ends with the signal too. */
export async function* watchRun(
  deps: WatchDeps,
  request: { readonly id: string; readonly afterSeq: number; readonly signal: AbortSignal },
): AsyncGenerator<RunEvent> {
  let seq = request.afterSeq;
  while (!request.signal.aborted) {
    const changed = nextCommit(deps, request.id, request.signal);
    const run = await getRun(deps.db, 'all', request.id);
    if (run === null) return;
    const entries = await readJournal(deps.db, run.id, seq);
    for (const entry of entries) {
      seq = entry.seq;
      if (entry.type !== 'end') yield { kind: 'entry', entry };
    }
    // The run was read before its journal: when it had ended by then, the journal was complete.
    if (isTerminal(run.status)) {
      yield { kind: 'end', seq: run.lastSeq, run };
      return;
    }
    await changed;
  }
}

async function nextCommit(deps: WatchDeps, id: string, signal: AbortSignal): Promise<void> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(deps.pollMs ?? 500)]);
  await once(deps.commits, id, { signal: limit }).catch(() => undefined);
}
