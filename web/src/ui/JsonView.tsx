import { ChevronRight, Search } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { CopyButton } from './CopyButton.tsx';
import { classes } from './classes.ts';
import { createMatcher, type Matcher } from './json-search.ts';
import { Highlighted, LongText } from './LongText.tsx';
import { Scrolling } from './Scrolling.tsx';

interface View {
  readonly query: string;
  readonly matcher: Matcher | null;
  readonly toggled: ReadonlyMap<string, boolean>;
  readonly toggle: (path: string, open: boolean) => void;
}

/** Items of an object or array that are shown before one asks for more. */
const shownItems = 100;
const openDepth = 3;

/** JSON to read: folded below a depth, with search and copy. Text in it is shown as text. */
export function JsonView({ value, label }: { readonly value: unknown; readonly label: string }) {
  const [query, setQuery] = useState('');
  const asked = useDeferredValue(query.trim());
  const matcher = useMemo(() => (asked === '' ? null : createMatcher(asked)), [asked]);
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const found = matcher === null ? null : matcher.count(value);
  if (typeof value !== 'object' || value === null) {
    return (
      <Framed label={label} copy={() => (typeof value === 'string' ? value : String(value))}>
        <Leaf value={value} query="" />
      </Framed>
    );
  }
  const view: View = {
    query: asked,
    matcher,
    toggled,
    toggle: (path, open) => setToggled((before) => new Map(before).set(path, open)),
  };
  return (
    <Framed
      label={label}
      copy={() => JSON.stringify(value, null, 2)}
      search={
        <label className="flex h-7 min-w-0 items-center gap-1 rounded border border-line bg-surface px-1.5 text-xs text-muted focus-within:border-strong">
          <Search size={12} aria-hidden className="shrink-0" />
          <span className="sr-only">Search in {label}</span>
          <input
            value={query}
            onChange={(event) => setQuery(event.target.value)}
            placeholder="Search"
            className="w-20 min-w-0 bg-transparent text-ink outline-none placeholder:text-faint sm:w-28"
          />
          <span role="status" className="text-faint">
            {found === null ? '' : found}
          </span>
        </label>
      }
    >
      <Node value={value} name={null} path="" depth={0} view={view} />
    </Framed>
  );
}

function Framed(props: {
  readonly label: string;
  readonly copy: () => string;
  readonly search?: React.ReactNode;
  readonly children: React.ReactNode;
}) {
  return (
    <section aria-label={props.label} className="min-w-0 rounded-md border border-line bg-sunken">
      <div className="flex items-center gap-2 border-b border-line py-0.5 pl-2.5 pr-1">
        <h4 className="grow truncate text-xs font-medium text-muted">{props.label}</h4>
        {props.search}
        <CopyButton text={props.copy} label={`Copy ${props.label.toLowerCase()}`} />
      </div>
      <Scrolling
        label={`${props.label}, content`}
        className="max-h-[28rem] px-2.5 py-2 font-mono text-xs leading-5"
      >
        {props.children}
      </Scrolling>
    </section>
  );
}

interface NodeProps {
  readonly value: unknown;
  readonly name: string | null;
  readonly path: string;
  readonly depth: number;
  readonly view: View;
}

function Node({ value, name, path, depth, view }: NodeProps) {
  if (typeof value !== 'object' || value === null) {
    return (
      <div className="pl-4">
        <Name name={name} query={view.query} />
        <Leaf value={value} query={view.query} />
      </div>
    );
  }
  return <Branch {...{ value, name, path, depth, view }} />;
}

function Branch({ value, name, path, depth, view }: NodeProps & { readonly value: object }) {
  const [shown, setShown] = useState(shownItems);
  const isArray = Array.isArray(value);
  const entries = Object.entries(value);
  const [left, right] = isArray ? ['[', ']'] : ['{', '}'];
  const hit = view.matcher?.contains(value) === true;
  const open =
    view.toggled.get(path) ?? (hit || (depth < openDepth && entries.length <= shownItems));
  if (entries.length === 0) {
    return (
      <div className="pl-4">
        <Name name={name} query={view.query} />
        <span className="text-faint">{left + right}</span>
      </div>
    );
  }
  return (
    <div>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => view.toggle(path, !open)}
        className="flex max-w-full items-center text-left hover:bg-line/50"
      >
        <ChevronRight
          size={12}
          aria-hidden
          className={classes('mr-1 shrink-0 text-faint transition-transform', open && 'rotate-90')}
        />
        <Name name={name} query={view.query} />
        <span className="text-faint">
          {open ? left : `${left} ${entries.length} ${isArray ? 'items' : 'members'} ${right}`}
        </span>
      </button>
      {open && (
        <>
          <div className="ml-1.5 border-l border-line pl-1.5">
            {entries.slice(0, shown).map(([key, child]) => (
              <Node
                key={key}
                value={child}
                name={isArray ? null : key}
                path={`${path}/${key}`}
                depth={depth + 1}
                view={view}
              />
            ))}
            {entries.length > shown && (
              <button
                type="button"
                onClick={() => setShown(shown + 10 * shownItems)}
                className="pl-4 text-accent underline"
              >
                {entries.length - shown} more
              </button>
            )}
          </div>
          <div className="pl-4 text-faint">{right}</div>
        </>
      )}
    </div>
  );
}

function Name({ name, query }: { readonly name: string | null; readonly query: string }) {
  if (name === null) return null;
  return (
    <span className="mr-1 break-all text-muted">
      <Highlighted text={name} query={query} />
      <span className="text-faint">:</span>
    </span>
  );
}

function Leaf({ value, query }: { readonly value: unknown; readonly query: string }) {
  if (typeof value === 'string') {
    return (
      <span className="whitespace-pre-wrap break-words text-good">
        <LongText text={value} query={query} />
      </span>
    );
  }
  const look = value === null || value === undefined ? 'text-faint' : 'text-accent';
  return (
    <span className={look}>
      <Highlighted text={String(value)} query={query} />
    </span>
  );
}
