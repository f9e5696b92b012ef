import { Tabs as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

export interface Tab {
  readonly value: string;
  readonly label: ReactNode;
  readonly content: ReactNode;
}

export function Tabs(props: {
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly className?: string;
}) {
  return (
    <Radix.Root
      value={props.value}
      onValueChange={props.onChange}
      className={`flex min-w-0 flex-col ${props.className ?? ''}`}
    >
      <Radix.List
        aria-label={props.label}
        className="flex shrink-0 gap-1 overflow-x-auto border-b border-line px-2"
      >
        {props.tabs.map(({ value, label }) => (
          <Radix.Trigger
            key={value}
            value={value}
            className="-mb-px whitespace-nowrap border-b-2 border-transparent px-2.5 py-2 text-[13px] font-medium text-muted hover:text-ink data-[state=active]:border-ink data-[state=active]:text-ink"
          >
            {label}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {props.tabs.map(({ value, content }) => (
        <Radix.Content key={value} value={value} className="min-h-0 min-w-0 grow">
          {content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
