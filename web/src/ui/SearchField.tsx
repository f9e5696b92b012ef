import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';

/** Words to look for. They are asked for when one has stopped writing, or by Enter. */
export function SearchField(props: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const { label, value, onChange } = props;
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => onChange(text.trim()), 350);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  return (
    <search>
      <form
        className="flex h-8 min-w-48 items-center gap-2 rounded-md border border-line bg-surface px-2.5 text-[13px] focus-within:border-strong"
        onSubmit={(event) => {
          event.preventDefault();
          onChange(text.trim());
        }}
      >
        <Search size={14} aria-hidden className="shrink-0 text-faint" />
        <input
          type="search"
          aria-label={label}
          placeholder={label}
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="w-full min-w-0 bg-transparent outline-none placeholder:text-faint"
        />
      </form>
    </search>
  );
}
