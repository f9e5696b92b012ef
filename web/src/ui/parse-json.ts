/** JSON as somebody typed it, or what is wrong with it. */
export function parseJson(text: string): {
  readonly value: unknown;
  readonly problem: string | null;
} {
  try {
    return { value: JSON.parse(text), problem: null };
  } catch (error) {
    return { value: undefined, problem: error instanceof Error ? error.message : 'not JSON' };
  }
}
