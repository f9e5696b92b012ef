import { useEffect, useRef } from 'react';

interface Shortcut {
  /** One character, or a name such as `Escape`. */
  readonly key: string;
  readonly act: () => void;
}

const writing = 'input, textarea, select, [contenteditable=true], [role=dialog], [role=menu]';

/** Keys of the page. They are silent while somebody writes, and while a dialog is open. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (document.querySelector('[role=dialog], [role=menu]') !== null) return;
      if (event.target instanceof Element && event.target.closest(writing) !== null) return;
      const found = latest.current.find(({ key }) => key === event.key);
      if (found === undefined) return;
      event.preventDefault();
      found.act();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, []);
}
