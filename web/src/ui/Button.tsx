import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { classes } from './classes.ts';
import { Tip } from './Tip.tsx';

type Kind = 'primary' | 'plain' | 'quiet' | 'danger';

const looks: Readonly<Record<Kind, string>> = {
  primary: 'bg-ink text-surface border-ink hover:opacity-85',
  plain: 'bg-surface text-ink border-line hover:border-strong hover:bg-sunken',
  quiet: 'border-transparent text-muted hover:bg-sunken hover:text-ink',
  danger: 'bg-surface text-bad border-line hover:border-bad',
};

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled'> {
  readonly kind?: Kind;
  readonly icon?: ReactNode;
  readonly busy?: boolean;
  /** Lower than the fields of a form: for the heads and the lines of cards. */
  readonly small?: boolean;
  /** Why it cannot be pressed now: shown, and it is not. */
  readonly why?: string | null | undefined;
}

/** The one look of buttons. One that cannot be used stays reachable, and says why. */
export function Button(props: ButtonProps) {
  const { kind = 'plain', small = false, icon, busy = false, why, ...given } = props;
  const { children, className, onClick, ...rest } = given;
  const off = busy || Boolean(why);
  const button = (
    <button
      type="button"
      {...rest}
      aria-disabled={off || undefined}
      aria-busy={busy || undefined}
      onClick={(event) => (off ? event.preventDefault() : onClick?.(event))}
      className={classes(
        'inline-flex shrink-0 items-center justify-center gap-1.5 whitespace-nowrap rounded-md border text-[13px] font-medium transition-colors [&>svg]:shrink-0',
        looks[kind],
        off && 'cursor-not-allowed opacity-55',
        small ? 'h-7' : 'h-8',
        children ? 'px-2.5' : small ? 'w-7' : 'w-8',
        className,
      )}
    >
      {icon}
      {children}
    </button>
  );
  return why ? <Tip text={why}>{button}</Tip> : button;
}
