export interface Matcher {
  /** Whether a name or value below holds the text. */
  contains(value: unknown): boolean;
  /** How many names and values do. */
  count(value: unknown): number;
}

/** Finds text in JSON, without regard to case. What was counted once is kept. */
export function createMatcher(query: string): Matcher {
  const wanted = query.toLowerCase();
  const known = new WeakMap<object, number>();
  const inText = (text: string) => (text.toLowerCase().includes(wanted) ? 1 : 0);
  const count = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return inText(String(value));
    const before = known.get(value);
    if (before !== undefined) return before;
    let found = 0;
    for (const [name, child] of Object.entries(value)) {
      found += (Array.isArray(value) ? 0 : inText(name)) + count(child);
    }
    known.set(value, found);
    return found;
  };
  return { count, contains: (value) => count(value) > 0 };
}
