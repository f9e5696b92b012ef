import { useSyncExternalStore } from 'react';

/** Whether a media query holds, as it changes. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (observer) => {
      const media = matchMedia(query);
      media.addEventListener('change', observer);
      return () => media.removeEventListener('change', observer);
    },
    () => matchMedia(query).matches,
  );
}
