import { useSyncExternalStore } from 'react';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const key = 'signalbox-theme';
const dark = matchMedia('(prefers-color-scheme: dark)');
const observers = new Set<() => void>();

function chosen(): Theme {
  const kept = localStorage.getItem(key);
  return themes.find((theme) => theme === kept) ?? 'system';
}

/** Puts the chosen theme, or the system's, on the page, now and whenever either changes. */
export function startTheme(): void {
  apply();
  dark.addEventListener('change', apply);
}

export function useTheme(): [Theme, (theme: Theme) => void] {
  const theme = useSyncExternalStore(observe, chosen);
  return [
    theme,
    (next) => {
      localStorage.setItem(key, next);
      apply();
    },
  ];
}

function apply(): void {
  const theme = chosen();
  const isDark = theme === 'dark' || (theme === 'system' && dark.matches);
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
  for (const observer of observers) observer();
}

function observe(observer: () => void): () => void {
  observers.add(observer);
  return () => observers.delete(observer);
}
