import { memo, useMemo, useState } from 'react';
import Markdown, { type Components } from 'react-markdown';
import { textPieces } from './text-pieces.ts';

// What models and tools write is not ours: no HTML, nothing that is fetched by looking at it, and a link
// says which host it leads to.

const components: Components = {
  // A page has its own headings above these.
  h1: 'h3',
  h2: 'h4',
  h3: 'h5',
  h4: 'h6',
  h5: 'h6',
  a: ({ href, children }) => {
    const host = hostOf(href);
    if (host === null) return <>{children}</>;
    return (
      <a
        href={href}
        target="_blank"
        rel="noopener noreferrer nofollow"
        className="text-accent underline"
      >
        {children} <span className="text-faint">({host})</span>
      </a>
    );
  },
  img: ({ alt, src }) => (
    <span className="text-faint">
      [image{alt ? `: ${alt}` : ''}
      {typeof src === 'string' && hostOf(src) ? `, ${hostOf(src)}` : ''}]
    </span>
  ),
};

/** Long text is folded: its next piece comes when it is asked for. */
export function SafeText({ text }: { readonly text: string }) {
  const pieces = useMemo(() => textPieces(text), [text]);
  const [shown, setShown] = useState(1);
  const hidden = pieces.slice(shown).reduce((sum, piece) => sum + piece.length, 0);
  return (
    <div className="prose-safe break-words">
      {pieces.slice(0, shown).map((piece, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces stay in their places.
        <Piece key={index} text={piece} />
      ))}
      {hidden > 0 && (
        <button type="button" className="text-accent underline" onClick={() => setShown(shown + 1)}>
          show more: {hidden.toLocaleString('en-US')} characters are folded
        </button>
      )}
    </div>
  );
}

const Piece = memo(function Piece({ text }: { readonly text: string }) {
  return (
    <Markdown skipHtml components={components}>
      {text}
    </Markdown>
  );
});

/** The host of a link that may be followed; null for every other one. */
export function hostOf(href: string | undefined): string | null {
  const url = URL.parse(href ?? '');
  return url !== null && ['http:', 'https:', 'mailto:'].includes(url.protocol)
    ? url.host || url.pathname
    : null;
}
