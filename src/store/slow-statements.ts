import type { SlowStatement } from '../core/database-health.ts';
import type { Statement } from './connect.ts';

const keptAtMost = 100;

/** Statements of this process that took long, waiting for a lock or the disk included. Values are never kept. */
export class SlowStatements {
  readonly #seen = new Map<string, SlowStatement>();

  note(statement: Statement | string, tookMs: number): void {
    const key = labelOf(statement);
    const before = this.#seen.get(key);
    if (before === undefined && this.#seen.size >= keptAtMost) this.#forgetOldest();
    this.#seen.set(key, {
      statement: key,
      times: (before?.times ?? 0) + 1,
      totalMs: (before?.totalMs ?? 0) + tookMs,
      longestMs: Math.max(before?.longestMs ?? 0, tookMs),
      lastAt: new Date(),
    });
  }

  /** The one that took longest in all first. */
  list(): readonly SlowStatement[] {
    return [...this.#seen.values()].toSorted((a, b) => b.totalMs - a.totalMs);
  }

  #forgetOldest(): void {
    const [oldest] = [...this.#seen.values()].toSorted(
      (a, b) => a.lastAt.getTime() - b.lastAt.getTime(),
    );
    if (oldest !== undefined) this.#seen.delete(oldest.statement);
  }
}

/** Texts have placeholders in place of values. */
function labelOf(statement: Statement | string): string {
  const { name, text } =
    typeof statement === 'string' ? { name: undefined, text: statement } : statement;
  return name ?? text.replace(/\s+/g, ' ').trim().slice(0, 120);
}
