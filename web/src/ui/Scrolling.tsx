import type { ReactNode } from 'react';

/** A part of the page that scrolls by itself, by keyboard too. */
export function Scrolling(props: {
  readonly label: string;
  readonly className: string;
  readonly children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section tabIndex={0} aria-label={props.label} className={`overflow-auto ${props.className}`}>
      {props.children}
    </section>
  );
}
