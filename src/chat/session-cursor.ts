import { type TurnPosition, turnStart } from './turn-events.ts';

// A place in what a session tells: the last message and turn that were shown, and how far into the turn. What
// happens at once is told in several events; `shown` of them were.

export interface SessionPosition {
  /** Number of the last message. */
  readonly n: number;
  /** The count that the turn answers which was shown last. */
  readonly rev: number;
  /** Null: that turn has ended. */
  readonly turn: TurnPosition | null;
  /** How much of what comes next of either order has been told; null: nothing of it. */
  readonly shown: { readonly of: 'message' | 'turn'; readonly count: number } | null;
}

/** `12-3-e-0`, `12-4-7-0`, `12-4-7.100.3.41.2166136261-t1`. */
export function writeCursor({ n, rev, turn, shown }: SessionPosition): string {
  const { seq, text, chars, hash } = turn ?? turnStart;
  const within = text === null ? `${seq}` : `${seq}.${text.attempt}.${text.n}.${chars}.${hash}`;
  const part = shown === null ? '0' : `${shown.of[0]}${shown.count}`;
  return `${n}-${rev}-${turn === null ? 'e' : within}-${part}`;
}

const form =
  /^(\d{1,15})-(\d{1,15})-(e|\d{1,9}(?:\.\d{1,15}\.\d{1,9}\.\d{1,9}\.\d{1,10})?)-(0|[mt]\d{1,4})$/;

/** Null: it is no cursor. */
export function readCursor(text: string): SessionPosition | null {
  const [, n, rev, within, shown] = form.exec(text) ?? [];
  if (within === undefined) return null;
  return { n: Number(n), rev: Number(rev), turn: turnOf(within), shown: shownOf(shown ?? '0') };
}

function shownOf(part: string): SessionPosition['shown'] {
  if (part === '0') return null;
  return { of: part.startsWith('m') ? 'message' : 'turn', count: Number(part.slice(1)) };
}

function turnOf(within: string): TurnPosition | null {
  if (within === 'e') return null;
  const [seq = 0, attempt, n, chars = 0, hash = 0] = within.split('.').map(Number);
  if (attempt === undefined || n === undefined) return { ...turnStart, seq };
  return { seq, text: { attempt, n }, chars, hash };
}
