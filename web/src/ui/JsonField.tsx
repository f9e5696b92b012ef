import { JsonText } from './JsonText.tsx';
import { parseJson } from './parse-json.ts';
import { useTypedText } from './use-typed-text.ts';

/** A value written as JSON. What cannot be read changes nothing, and says so. */
export function JsonField<T>(props: {
  readonly label: string;
  readonly hint?: string;
  readonly rows?: number;
  readonly value: T;
  readonly onChange: (value: T) => void;
}) {
  const { label, hint, rows = 3, value, onChange } = props;
  const [text, setText] = useTypedText(value, (given) => JSON.stringify(given, null, 2));
  const change = (next: string) => {
    const read = parseJson(next);
    setText(next, read.problem === null ? (read.value as T) : value);
    if (read.problem === null) onChange(read.value as T);
  };
  return <JsonText label={label} hint={hint} rows={rows} value={text} onChange={change} />;
}
