import { Frame } from './Frame.tsx';
import { LongText } from './LongText.tsx';
import { Scrolling } from './Scrolling.tsx';

/** What the code of a tool printed. */
export function Logs({ text, heading }: { readonly text: string; readonly heading: 'h3' | 'h4' }) {
  return (
    <Frame title="Logs" heading={heading}>
      <Scrolling label="Logs, content" className="max-h-64">
        <pre className="whitespace-pre-wrap break-words px-2.5 py-2 font-mono text-xs">
          <LongText text={text} />
        </pre>
      </Scrolling>
    </Frame>
  );
}
