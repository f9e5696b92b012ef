import type { ReactNode } from 'react';

/** A part of what a step or a call gave, under its title. */
export function Frame(props: {
  readonly title: string;
  /** The level that fits below the heading around it. */
  readonly heading?: 'h3' | 'h4';
  readonly children: ReactNode;
}) {
  const { title, heading: Heading = 'h4', children } = props;
  return (
    <section aria-label={title} className="min-w-0 rounded-md border border-line bg-sunken">
      <Heading className="border-b border-line px-2.5 py-1.5 text-xs font-medium text-muted">
        {title}
      </Heading>
      {children}
    </section>
  );
}
