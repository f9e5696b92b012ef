import { Plus, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../ui/Button.tsx';
import { Card } from '../ui/Page.tsx';

/** A list in the editor: its items one below the other, each of which can be taken out. */
export function ListField<T>(props: {
  readonly title: string;
  readonly empty: string;
  readonly itemName: string;
  readonly value: readonly T[];
  readonly fresh: () => T;
  readonly onChange: (value: readonly T[]) => void;
  readonly children: (item: T, change: (patch: Partial<T>) => void) => ReactNode;
}) {
  const { title, empty, itemName, value, fresh, onChange, children } = props;
  const add = (
    <Button
      small
      kind="quiet"
      icon={<Plus size={14} aria-hidden />}
      onClick={() => onChange([...value, fresh()])}
    >
      Add
      <span className="sr-only"> {itemName}</span>
    </Button>
  );
  return (
    <Card title={title} actions={add}>
      {value.length === 0 && <p className="px-4 py-3 text-[13px] text-faint">{empty}</p>}
      <ul className="divide-y divide-line">
        {value.map((item, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: new items have no id, and their order does not change.
          <li key={index} className="flex gap-2 px-4 py-3">
            <div className="min-w-0 grow">
              {children(item, (patch) =>
                onChange(value.map((each, at) => (at === index ? { ...each, ...patch } : each))),
              )}
            </div>
            <Button
              kind="quiet"
              aria-label={`Remove ${itemName} ${index + 1}`}
              icon={<Trash2 size={14} aria-hidden />}
              onClick={() => onChange(value.filter((_, at) => at !== index))}
            />
          </li>
        ))}
      </ul>
    </Card>
  );
}
