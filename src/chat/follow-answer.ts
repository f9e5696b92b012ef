import { setTimeout as sleep } from 'node:timers/promises';
import { readChatState } from '../store/chat-turns.ts';
import { type TurnDeps, type TurnEnd, type TurnPart, turnStart, watchTurn } from './turn-events.ts';
import { findTurn, isTurnToCome } from './turn-run.ts';

// The answer to a message as one text that only grows, for whoever cannot take back what they have read. A turn that
// another one took over is followed there: that one answers both.

export type Said =
  | { readonly kind: 'delta'; readonly text: string }
  | Extract<TurnPart, { readonly kind: 'progress' }>
  | ({ readonly kind: 'end' } & TurnEnd)
  /** Nobody will answer: agents were told to stand back. */
  | { readonly kind: 'unanswered' }
  /** What was said is void, and what comes in its place begins otherwise. */
  | { readonly kind: 'broken' };

const pollMs = 200;

/** Ends with one of the kinds but `delta` and `progress`, or with the signal. `rev`: the count of the message. */
export async function* followAnswer(
  deps: TurnDeps,
  of: { readonly sessionId: string; readonly rev: number; readonly signal: AbortSignal },
): AsyncGenerator<Said> {
  const { sessionId, signal } = of;
  let fromRev = of.rev;
  let hasSaid = false;
  while (!signal.aborted) {
    const found = await findTurn(deps.db, { sessionId, fromRev });
    if (found === null) {
      const state = await readChatState(deps.db, sessionId);
      const isToCome =
        state !== null && (await isTurnToCome(deps.db, state, { sessionId, fromRev }));
      if (!isToCome) return yield { kind: 'unanswered' };
      await sleep(pollMs, undefined, { signal }).catch(() => undefined);
      continue;
    }
    const { run } = found;
    const text = new GrowingText();
    for await (const { parts } of watchTurn(deps, { run, after: turnStart, signal })) {
      for (const part of parts) {
        if (part.kind === 'end') {
          if (part.outcome !== 'superseded') return yield part;
          fromRev = found.rev + 1;
        }
        if (part.kind === 'progress') yield part;
        if (part.kind === 'withdrawn') text.beginAgain();
        if (part.kind === 'text_end' && !text.endPart()) return yield { kind: 'broken' };
        if (part.kind !== 'text') continue;
        const isNew = text.isEmpty;
        const more = text.add(part.delta);
        if (more === null) return yield { kind: 'broken' };
        if (more === '') continue;
        yield { kind: 'delta', text: isNew && hasSaid ? `\n\n${more}` : more };
        hasSaid = true;
      }
    }
    if (fromRev <= found.rev) return;
  }
}

/** One part of what is said: begun again after a withdrawal, it goes on where it says the same. */
class GrowingText {
  #said = '';
  #coming = '';

  get isEmpty(): boolean {
    return this.#said === '';
  }

  /** What is new in it; null: it says something else than before. */
  add(delta: string): string | null {
    this.#coming += delta;
    if (this.#said.startsWith(this.#coming)) return '';
    if (!this.#coming.startsWith(this.#said)) return null;
    const more = this.#coming.slice(this.#said.length);
    this.#said = this.#coming;
    return more;
  }

  beginAgain(): void {
    this.#coming = '';
  }

  /** False: it ended before it had said again what was said. */
  endPart(): boolean {
    const isWhole = this.#coming === this.#said;
    this.#said = '';
    this.#coming = '';
    return isWhole;
  }
}
