import type { RecordOutcome } from './record.ts';

// Whether what a source says of a record changes it. Sources tell twice, late and out of order; what they
// number ends the same in any order.

/** What is known of a record. */
export interface KnownState {
  readonly version: number | null;
  readonly sourceHash: string;
  readonly isDeleted: boolean;
}

/** What a source says of it. */
export interface ToldState {
  readonly version: number | null;
  readonly sourceHash: string;
  readonly isDeletion: boolean;
}

export type RecordVerdict =
  | {
      readonly outcome: RecordOutcome;
      /** Nothing changed, but the version is to be remembered. */
      readonly advances?: true;
    }
  /** `unversioned`: what it is older than cannot be told. `ambiguous`: one version, two contents. */
  | { readonly problem: 'unversioned' | 'ambiguous' };

/** What `told` does to a record of which `known` is known: null when it was never heard of. */
export function judgeRecord(known: KnownState | null, told: ToldState): RecordVerdict {
  if (known === null) {
    return told.isDeletion ? { outcome: 'repeated', advances: true } : { outcome: 'created' };
  }
  const order = orderOf(known, told);
  if (order === 'late') return { outcome: 'late' };
  if (told.isDeletion) {
    return known.isDeleted ? { outcome: 'repeated', advances: true } : { outcome: 'deleted' };
  }
  if (known.isDeleted) return order === 'same' ? { outcome: 'late' } : { outcome: 'created' };
  if (known.sourceHash === told.sourceHash) {
    return { outcome: 'repeated', ...(order === 'newer' ? { advances: true } : {}) };
  }
  if (order === 'same') return { problem: 'ambiguous' };
  return order === 'unknown' ? { problem: 'unversioned' } : { outcome: 'updated' };
}

function orderOf(known: KnownState, told: ToldState): 'late' | 'same' | 'newer' | 'unknown' {
  if (told.version === null) {
    return known.version === null || told.isDeletion ? 'newer' : 'unknown';
  }
  if (known.version === null || told.version > known.version) return 'newer';
  return told.version < known.version ? 'late' : 'same';
}
