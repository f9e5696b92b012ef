import { Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { ConfirmButton } from './Confirm.tsx';

/** The small button at the end of a line that takes a thing away, once it was asked about. */
export function DeleteButton(props: {
  readonly name: string;
  readonly why: string | null;
  readonly explanation: ReactNode;
  readonly verb?: string;
  readonly act: () => Promise<unknown>;
}) {
  const { name, why, explanation, verb = 'Delete', act } = props;
  return (
    <ConfirmButton
      small
      kind="quiet"
      aria-label={`${verb} ${name}`}
      icon={<Trash2 size={14} aria-hidden />}
      why={why}
      question={`${verb} ${name}?`}
      explanation={explanation}
      confirmLabel={`${verb} it`}
      act={act}
    />
  );
}
