import { diffLines } from 'diff';
import { useMemo } from 'react';
import { classes } from './classes.ts';
import { Scrolling } from './Scrolling.tsx';

const context = 3;
/** Beyond it a comparison by lines would take longer than anybody waits. */
const mostCharacters = 400_000;

/** What two texts differ in, by lines; where they are alike, only the lines around. */
export function LineDiff(props: {
  readonly before: string;
  readonly after: string;
  readonly label: string;
}) {
  const { before, after, label } = props;
  const lines = useMemo(() => linesOf(before, after), [before, after]);
  if (before === after) return <p className="text-xs text-faint">{label}: the same.</p>;
  return (
    <figure className="min-w-0">
      <figcaption className="mb-1 text-xs font-medium text-muted">{label}</figcaption>
      {lines === null ? (
        <p className="text-xs text-muted">They differ, and are too large to be compared here.</p>
      ) : (
        <Scrolling
          label={`${label}, differences`}
          className="max-h-[28rem] rounded-md border border-line bg-sunken py-1 font-mono text-xs"
        >
          {lines.map(({ sign, text }, index) => (
            <div
              // biome-ignore lint/suspicious/noArrayIndexKey: a line is known by its place alone.
              key={index}
              className={classes(
                'flex whitespace-pre-wrap break-words px-2',
                sign === '+' && 'bg-good/12 text-good',
                sign === '−' && 'bg-bad/10 text-bad',
                sign === '…' && 'text-faint',
              )}
            >
              <span aria-hidden className="w-4 shrink-0 select-none">
                {sign}
              </span>
              <span className="sr-only">
                {sign === '+' ? 'added: ' : sign === '−' ? 'removed: ' : ''}
              </span>
              <span className="min-w-0">{text}</span>
            </div>
          ))}
        </Scrolling>
      )}
    </figure>
  );
}

interface Line {
  readonly sign: '+' | '−' | ' ' | '…';
  readonly text: string;
}

function linesOf(before: string, after: string): Line[] | null {
  if (before.length + after.length > mostCharacters) return null;
  const parts = diffLines(ended(before), ended(after), { timeout: 1_500 });
  if (parts === undefined) return null;
  return parts.flatMap((part, index) => {
    const lines = part.value.replace(/\n$/, '').split('\n');
    const sign = part.added ? '+' : part.removed ? '−' : ' ';
    if (sign !== ' ') return lines.map((text): Line => ({ sign, text }));
    return folded(lines, { isFirst: index === 0, isLast: index === parts.length - 1 });
  });
}

function folded(
  lines: readonly string[],
  { isFirst, isLast }: { readonly isFirst: boolean; readonly isLast: boolean },
): Line[] {
  const shown = lines.map((text): Line => ({ sign: ' ', text }));
  const head = isFirst ? 0 : context;
  const tail = isLast ? 0 : context;
  const hidden = lines.length - head - tail;
  if (hidden <= 1) return shown;
  const fold: Line = { sign: '…', text: `${hidden} lines alike` };
  return [...shown.slice(0, head), fold, ...shown.slice(lines.length - tail)];
}

/** Nothing has no line, not an empty one. */
function ended(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
