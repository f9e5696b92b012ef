import type { ReactNode } from 'react';
import { classes } from './classes.ts';

export type Tone = 'good' | 'bad' | 'warn' | 'live' | 'plain';

const lamps: Readonly<Record<Tone, string>> = {
  good: 'bg-good',
  bad: 'bg-bad',
  warn: 'bg-warn',
  live: 'bg-accent lamp-on',
  plain: 'bg-strong',
};

/** A signal lamp and its word: never the colour alone. */
export function Lamp({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <span aria-hidden className={classes('size-2 shrink-0 rounded-full', lamps[tone])} />
      {children}
    </span>
  );
}

export function Badge({
  children,
  tone = 'plain',
}: {
  readonly children: ReactNode;
  readonly tone?: Tone;
}) {
  return (
    <span
      className={classes(
        'inline-flex items-center whitespace-nowrap rounded border px-1.5 py-px text-2xs font-medium',
        tone === 'plain' && 'border-line bg-sunken text-muted',
        tone === 'good' && 'border-good/35 text-good',
        tone === 'bad' && 'border-bad/35 text-bad',
        tone === 'warn' && 'border-warn/35 text-warn',
        tone === 'live' && 'border-accent/35 text-accent',
      )}
    >
      {children}
    </span>
  );
}
