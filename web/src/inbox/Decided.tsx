import type { ReactNode } from 'react';
import type { Approval, FieldDecision } from '../api/work-types.ts';
import { Time } from '../ui/Time.tsx';
import { decidedAs } from './status.ts';

/** What was decided, by whom, when and why. */
export function Decided(props: {
  readonly item: Approval | FieldDecision;
  readonly children?: ReactNode;
}) {
  const { decided_by: by, decided_at: at, note } = props.item;
  return (
    <div role="status" className="space-y-2 border-t border-line p-4 text-[13px]">
      <p className="font-medium first-letter:uppercase">
        {decidedAs(props.item)}
        {by !== null && ` by ${by.name ?? by.id}`}
        {at !== null && (
          <span className="font-normal text-muted">
            , <Time at={at} />
          </span>
        )}
      </p>
      {props.children}
      {note && <p className="whitespace-pre-wrap break-words text-muted">{note}</p>}
    </div>
  );
}

/** In place of a form, to those who may not decide. */
export function NotForYou({ why }: { readonly why: string }) {
  return <p className="border-t border-line p-4 text-[13px] text-muted">{why}</p>;
}
