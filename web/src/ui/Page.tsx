import type { ReactNode } from 'react';
import { useEffect } from 'react';

/** A page's head: where one is, and what can be done here. */
export function Page(props: {
  readonly title: string;
  /** Of the browser's tab, where it is to say more. */
  readonly tab?: string;
  readonly above?: ReactNode;
  readonly badge?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  const { title, tab = title, above, badge, actions, children } = props;
  useEffect(() => {
    document.title = `${tab} · Signalbox`;
  }, [tab]);
  return (
    <div className="mx-auto flex min-h-full w-full max-w-[1500px] flex-col px-3 pb-6 pt-4 sm:px-6">
      <header className="mb-4 flex flex-wrap items-end gap-x-3 gap-y-2">
        <div className="min-w-0 grow">
          {above && <div className="mb-0.5 text-xs text-faint">{above}</div>}
          <h1 className="flex min-w-0 flex-wrap items-center gap-2 text-xl font-semibold tracking-tight">
            <span className="truncate">{title}</span>
            {badge}
          </h1>
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

export function Card(props: {
  readonly title?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
}) {
  return (
    <section
      className={`min-w-0 rounded-lg border border-line bg-surface ${props.className ?? ''}`}
    >
      {props.title !== undefined && (
        <div className="flex min-h-11 items-center gap-2 border-b border-line px-4 py-1.5">
          <h2 className="grow text-[13px] font-semibold">{props.title}</h2>
          {props.actions}
        </div>
      )}
      {props.children}
    </section>
  );
}
