import { useEffect, useState } from 'react';

/** The time in milliseconds, anew every `everyMs`; at rest with null. */
export function useNow(everyMs: number | null): number {
  const [nowMs, setNow] = useState(Date.now);
  useEffect(() => {
    if (everyMs === null) return;
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return nowMs;
}
