import { useState } from 'react';

const foldedLength = 1_200;

/** Text that is folded when it is long. What is searched for is never hidden by the fold. */
export function LongText({ text, query = '' }: { readonly text: string; readonly query?: string }) {
  const [whole, setWhole] = useState(false);
  const hidden = query !== '' && text.toLowerCase().indexOf(query.toLowerCase()) > foldedLength;
  if (text.length <= foldedLength || whole || hidden) {
    return <Highlighted text={text} query={query} />;
  }
  return (
    <>
      <Highlighted text={text.slice(0, foldedLength)} query={query} />…{' '}
      <button
        type="button"
        className="font-sans text-accent underline"
        onClick={() => setWhole(true)}
      >
        show {(text.length - foldedLength).toLocaleString('en-US')} more characters
      </button>
    </>
  );
}

const mostMarks = 500;

export function Highlighted({ text, query }: { readonly text: string; readonly query: string }) {
  const at = query === '' ? -1 : text.toLowerCase().indexOf(query.toLowerCase());
  if (at === -1) return <>{text}</>;
  const parts: React.ReactNode[] = [];
  const lower = text.toLowerCase();
  let from = 0;
  for (let next = at; next !== -1 && parts.length < mostMarks; ) {
    parts.push(text.slice(from, next));
    from = next + query.length;
    parts.push(
      <mark key={next} className="rounded-sm bg-warn/30 text-inherit">
        {text.slice(next, from)}
      </mark>,
    );
    next = lower.indexOf(query.toLowerCase(), from);
  }
  return (
    <>
      {parts}
      {text.slice(from)}
    </>
  );
}
