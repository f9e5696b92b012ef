import type { UseQueryResult } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { Unanswered } from './Answer.tsx';
import { Button } from './Button.tsx';
import { Card } from './Page.tsx';
import { Empty } from './States.tsx';

/** A list of things that can be added to: while it loads, when it fails, with nothing and with something in it. */
export function ListCard<T extends { readonly id: string }>(props: {
  readonly title: string;
  readonly query: UseQueryResult<T[]>;
  readonly icon: ReactNode;
  readonly emptyTitle: string;
  readonly emptyText: ReactNode;
  readonly addLabel: string;
  /** Why nothing can be added. */
  readonly why: string | null;
  readonly onAdd: () => void;
  readonly children: (item: T) => ReactNode;
}) {
  const { title, query, icon, emptyTitle, emptyText, addLabel, why, onAdd, children } = props;
  const add = (
    <Button small icon={<Plus size={14} aria-hidden />} why={why} onClick={onAdd}>
      {addLabel}
    </Button>
  );
  return (
    <Card title={title} actions={query.data?.length ? add : undefined}>
      {query.data === undefined ? (
        <Unanswered query={query} label={`Loading ${title.toLowerCase()}`} />
      ) : query.data.length === 0 ? (
        <Empty icon={icon} title={emptyTitle} action={add}>
          {emptyText}
        </Empty>
      ) : (
        <ul className="divide-y divide-line/70">
          {query.data.map((item) => (
            <li key={item.id} className="px-4 py-2.5 text-[13px]">
              {children(item)}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

/** A line of such a list: what it is, and what can be done with it. */
export function ListLine(props: {
  readonly title: ReactNode;
  readonly badges?: ReactNode;
  readonly about?: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
      <div className="min-w-0 grow basis-64">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium">
          <span className="min-w-0 break-words">{props.title}</span>
          {props.badges}
        </div>
        {props.about && <div className="mt-0.5 break-words text-xs text-muted">{props.about}</div>}
      </div>
      {props.actions && <div className="flex flex-wrap items-center gap-1">{props.actions}</div>}
    </div>
  );
}
