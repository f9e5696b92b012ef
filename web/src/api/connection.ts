import { useSyncExternalStore } from 'react';

// Whether the server answers, as every request of the page notes it. While it does not, it is asked for its
// health until it does; who listens then reads everything again.

type State = 'ok' | 'lost' | 'back';

const askEveryMs = 1_000;
const showBackMs = 3_000;

let state: State = 'ok';
let timer: ReturnType<typeof setTimeout> | null = null;
const observers = new Set<() => void>();
const returned = new Set<() => void>();

export function useConnection(): State {
  return useSyncExternalStore(observe, () => state);
}

/** Called when the server answers again after it did not. */
export function onReturn(listener: () => void): () => void {
  returned.add(listener);
  return () => returned.delete(listener);
}

export function noteAnswer(): void {
  if (state !== 'lost') return;
  change('back');
  for (const listener of returned) listener();
  timer = setTimeout(() => change('ok'), showBackMs);
}

export function noteSilence(): void {
  if (state === 'lost') return;
  if (timer !== null) clearTimeout(timer);
  change('lost');
  timer = setTimeout(ask, askEveryMs);
}

async function ask(): Promise<void> {
  try {
    await fetch('/healthz', { cache: 'no-store' });
    noteAnswer();
  } catch {
    timer = setTimeout(ask, askEveryMs);
  }
}

function change(next: State): void {
  state = next;
  for (const observer of observers) observer();
}

function observe(observer: () => void): () => void {
  observers.add(observer);
  return () => observers.delete(observer);
}
