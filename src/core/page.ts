// Lists are newest first by creation time of the database's clock, then id. Positions are opaque to callers.

/** Where a page ended: the last row shown. */
export interface PagePosition {
  readonly createdAt: Date;
  readonly id: string;
}

export interface PageRequest {
  readonly limit: number;
  readonly after: PagePosition | null;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Null when this was the last page. */
  readonly next: PagePosition | null;
}

/** A page out of `limit + 1` rows: the extra row only says that there is more. */
export function toPage<T>(
  rows: readonly T[],
  limit: number,
  positionOf: (row: T) => PagePosition,
): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? positionOf(last) : null };
}
