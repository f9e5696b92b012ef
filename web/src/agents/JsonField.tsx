import { useState } from 'react';
import { TextArea } from '../ui/Field.tsx';
import { parseJson } from '../ui/parse-json.ts';

/** A value written as JSON. What cannot be read changes nothing, and says so. */
export function JsonField<T>(props: {
  readonly label: string;
  readonly hint?: string;
  readonly rows?: number;
  readonly value: T;
  readonly onChange: (value: T) => void;
}) {
  const { label, hint, rows = 3, value, onChange } = props;
  const [text, setText] = useState(() => JSON.stringify(value, null, 2));
  const { problem } = parseJson(text);
  return (
    <TextArea
      label={label}
      hint={hint}
      rows={rows}
      spellCheck={false}
      className="font-mono text-xs"
      value={text}
      problem={problem}
      onChange={(event) => {
        setText(event.target.value);
        const read = parseJson(event.target.value);
        if (read.problem === null) onChange(read.value as T);
      }}
    />
  );
}
