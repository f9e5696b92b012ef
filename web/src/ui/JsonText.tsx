import { TextArea } from './Field.tsx';
import { parseJson } from './parse-json.ts';

/** JSON to be typed: what is wrong with it is said below. */
export function JsonText(props: {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly rows: number;
  readonly value: string;
  readonly onChange: (text: string) => void;
  /** Ctrl or Cmd with Enter. */
  readonly onSend?: () => void;
}) {
  const { onChange, onSend, ...rest } = props;
  return (
    <TextArea
      {...rest}
      spellCheck={false}
      className="font-mono text-xs"
      problem={parseJson(rest.value).problem}
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onSend?.();
      }}
    />
  );
}
