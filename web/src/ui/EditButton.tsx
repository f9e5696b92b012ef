import { Pencil } from 'lucide-react';
import { Button } from './Button.tsx';

/** The small button at the end of a line that opens a thing to be changed. */
export function EditButton(props: {
  readonly name: string;
  readonly why: string | null;
  readonly onClick: () => void;
}) {
  const { name, why, onClick } = props;
  return (
    <Button
      small
      kind="quiet"
      aria-label={`Change ${name}`}
      icon={<Pencil size={14} aria-hidden />}
      why={why}
      onClick={onClick}
    />
  );
}
