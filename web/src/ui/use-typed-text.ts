import { useState } from 'react';

/**
 * The text of a value that is typed in a form of its own, such as JSON: as it was typed for as long as the value is
 * what that text left it at, and written anew once the value is set by something else, such as a discarded draft.
 */
export function useTypedText<T>(
  value: T,
  write: (value: T) => string,
): readonly [text: string, setText: (text: string, leaves: T) => void] {
  const [typed, setTyped] = useState<{ readonly text: string; readonly of: string } | null>(null);
  const text = typed?.of === JSON.stringify(value) ? typed.text : write(value);
  return [text, (next, leaves) => setTyped({ text: next, of: JSON.stringify(leaves) })];
}
