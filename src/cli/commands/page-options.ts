import { InvalidArgumentError } from 'commander';

/** `--limit` of a list. */
export function pageLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 100) return limit;
  throw new InvalidArgumentError('It takes a number from 1 to 100.');
}
