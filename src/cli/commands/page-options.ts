import { type Command, InvalidArgumentError } from 'commander';
import type { ClientOptions } from '../command-context.ts';
import type { Terminal } from '../terminal.ts';

/** Options of every list that comes in pages. */
export interface PageOptions extends ClientOptions {
  readonly limit?: number;
  readonly cursor?: string;
}

/** Adds `--limit` and `--cursor`. */
export function withPageOptions(command: Command): Command {
  return command
    .option('--limit <count>', 'how many, 1 to 100 (default 20)', pageLimit)
    .option('--cursor <cursor>', 'go on where the page before ended');
}

/** Says how to go on where a page is not the last one. */
export function noteMore(notes: Terminal, nextCursor: string | null): void {
  if (nextCursor === null) return;
  notes.line(notes.style.dim(`There are more: --cursor ${nextCursor}`));
}

/** `--limit` of a list. */
export function pageLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 100) return limit;
  throw new InvalidArgumentError('It takes a number from 1 to 100.');
}
