import { useEffect, useState } from 'react';

interface Kept<T> {
  /** What it was made from, such as a version: another one means that somebody saved meanwhile. */
  readonly base: string;
  readonly draft: T;
}

export interface Draft<T> {
  readonly value: T;
  readonly change: (patch: Partial<T>) => void;
  readonly isChanged: boolean;
  /** It came from an earlier visit. */
  readonly isRestored: boolean;
  /** Somebody saved since it was begun. */
  readonly isStale: boolean;
  readonly discard: () => void;
}

/**
 * What is being edited, kept in this browser until it is saved or discarded, over reloads and other pages.
 * `forget` takes out what must not be kept there.
 */
export function useDraft<T extends object>(given: {
  readonly name: string;
  readonly base: string;
  readonly saved: T;
  readonly forget?: (draft: T) => T;
}): Draft<T> {
  const { name, base, saved, forget = (draft) => draft } = given;
  const key = `signalbox-draft-${name}`;
  const [kept, setKept] = useState<Kept<T> | null>(() => read<T>(key));
  const [isRestored, setRestored] = useState(kept !== null);
  const value = kept === null ? saved : { ...saved, ...kept.draft };
  const isChanged = kept !== null && JSON.stringify(value) !== JSON.stringify(saved);
  useEffect(() => {
    if (kept === null || !isChanged) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify({ ...kept, draft: forget(kept.draft) }));
  }, [key, kept, isChanged, forget]);
  return {
    value,
    change: (patch) =>
      setKept((before) => ({
        base: before?.base ?? base,
        draft: { ...saved, ...before?.draft, ...patch },
      })),
    isChanged,
    isRestored: isRestored && isChanged,
    isStale: isChanged && kept.base !== base,
    discard: () => {
      localStorage.removeItem(key);
      setKept(null);
      setRestored(false);
    },
  };
}

function read<T>(key: string): Kept<T> | null {
  try {
    const text = localStorage.getItem(key);
    return text === null ? null : (JSON.parse(text) as Kept<T>);
  } catch {
    return null;
  }
}
