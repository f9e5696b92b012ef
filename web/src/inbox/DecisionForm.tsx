import { Check, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, type ButtonProps } from '../ui/Button.tsx';
import { TextArea } from '../ui/Field.tsx';
import { Problem } from '../ui/States.tsx';
import { useShortcuts } from '../ui/use-shortcuts.ts';
import { focusOn, inboxKeys, leaveByEscape } from './shortcuts.ts';

const keys = ['approve', 'edit', 'reject', 'changes'] as const;

/** What is written to decide an item, and the buttons that do: by their keys, too. */
export function DecisionForm(props: {
  /** The fields. */
  readonly children: ReactNode;
  readonly error: unknown;
  /** Buttons by which it goes on. */
  readonly goOn: ReactNode;
  /** Buttons that end it, apart from the others. */
  readonly end: ReactNode;
}) {
  useShortcuts(keys.map((name) => ({ key: inboxKeys[name][0], act: () => focusOn(name) })));
  return (
    <div className="space-y-3 border-t border-line p-4">
      {props.children}
      <Problem error={props.error} />
      <div className="flex flex-wrap gap-2">
        {props.goOn}
        <span className="ml-auto flex gap-2">{props.end}</span>
      </div>
    </div>
  );
}

export function ApproveButton(props: ButtonProps) {
  const icon = <Check size={14} aria-hidden />;
  return <Button kind="primary" data-key-target="approve" icon={icon} {...props} />;
}

export function RejectButton(props: ButtonProps) {
  const icon = <X size={14} aria-hidden />;
  return <Button kind="danger" data-key-target="reject" icon={icon} {...props} />;
}

/** A note to keep with the decision. */
export function NoteField(props: {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly value: string;
  readonly onChange: (note: string) => void;
  readonly 'data-key-target'?: string;
}) {
  return (
    <TextArea
      {...props}
      rows={2}
      maxLength={10_000}
      onChange={(event) => props.onChange(event.target.value)}
      onKeyDown={leaveByEscape}
    />
  );
}
