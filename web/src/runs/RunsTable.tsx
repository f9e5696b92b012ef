import { Link, useNavigate } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useRef } from 'react';
import type { RunRow } from '../api/types.ts';
import { Badge } from '../ui/Badge.tsx';
import { duration, money, shortId, tokens } from '../ui/format.ts';
import { Time } from '../ui/Time.tsx';
import { useMedia } from '../ui/use-media.ts';
import { useNow } from '../ui/use-now.ts';
import { RunStatus } from './RunStatus.tsx';
import { isEnded } from './status.ts';

interface TableProps {
  readonly runs: readonly RunRow[];
  readonly names: ReadonlyMap<string, string>;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly loadMore: () => void;
}

const columns = ['Outcome', 'Agent', 'Model', 'Tokens', 'Cost', 'Took', 'Started'] as const;
const figures: ReadonlySet<string> = new Set(['Tokens', 'Cost', 'Took']);
const grid =
  'md:grid md:grid-cols-[minmax(11rem,1.4fr)_minmax(8rem,1.3fr)_minmax(8rem,1fr)_6.5rem_5.5rem_6rem_6.5rem] md:items-center md:gap-3';

/**
 * Any number of runs: only those in sight are in the page. Arrows, Page Up and Down, Home and End move from
 * run to run; Enter opens one.
 */
export function RunsTable({ runs, names, hasMore, isLoadingMore, loadMore }: TableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const wide = useMedia('(min-width: 768px)');
  const virtual = useVirtualizer({
    count: runs.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (wide ? 44 : 68),
    overscan: 12,
    getItemKey: (index) => runs[index]?.id ?? index,
  });
  const rows = virtual.getVirtualItems();
  const last = rows.at(-1)?.index ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows are higher on a narrow screen.
  useEffect(() => virtual.measure(), [wide, virtual]);
  useEffect(() => {
    if (hasMore && !isLoadingMore && last >= runs.length - 15) loadMore();
  }, [hasMore, isLoadingMore, last, runs.length, loadMore]);
  const keys = useRowKeys(runs.length, (index) => {
    virtual.scrollToIndex(index);
    requestAnimationFrame(() => {
      scroller.current?.querySelector<HTMLElement>(`[data-row="${index}"] a`)?.focus();
    });
  });
  return (
    <div className="flex min-h-96 grow flex-col overflow-hidden rounded-lg border border-line bg-surface">
      <div
        ref={scroller}
        role="table"
        aria-label="Runs"
        aria-rowcount={hasMore ? -1 : runs.length + 1}
        onKeyDown={keys}
        className="h-0 grow overflow-auto"
      >
        <div role="rowgroup" className="sticky top-0 z-10 max-md:hidden">
          <div
            role="row"
            className={`${grid} border-b border-line bg-surface px-4 py-2 text-xs font-medium text-muted`}
          >
            {columns.map((name) => (
              <span
                key={name}
                role="columnheader"
                className={figures.has(name) ? 'text-right' : name === 'Started' ? 'pl-3' : ''}
              >
                {name}
              </span>
            ))}
          </div>
        </div>
        <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
          {rows.map(({ index, start, size, key }) => {
            const run = runs[index];
            return (
              run && (
                <div
                  key={key}
                  role="row"
                  aria-rowindex={index + 2}
                  data-row={index}
                  className="absolute inset-x-0 border-b border-line/70 hover:bg-sunken has-focus-visible:bg-sunken"
                  style={{ height: size, transform: `translateY(${start}px)` }}
                >
                  <Row run={run} name={names.get(run.agent_id)} />
                </div>
              )
            );
          })}
        </div>
        {isLoadingMore && (
          <p role="status" className="px-4 py-2 text-center text-xs text-faint">
            Loading more …
          </p>
        )}
      </div>
    </div>
  );
}

interface RowProps {
  readonly run: RunRow;
  readonly name: string | undefined;
}

// Scrolling draws those that come into sight, not those that are.
const Row = memo(function Row({ run, name }: RowProps) {
  const navigate = useNavigate();
  const nowMs = useNow(isEnded(run) ? null : 1_000);
  const params = { agentId: run.agent_id, runId: run.id };
  const tookMs = run.duration_ms ?? nowMs - Date.parse(run.created_at);
  const used = run.token_usage;
  return (
    // The link in it is what is operated; the whole row is only a larger place to click.
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter on the link does it.
    // biome-ignore lint/a11y/noStaticElementInteractions: as said above.
    <div
      className={`${grid} flex h-full cursor-pointer flex-wrap content-center items-center gap-x-3 gap-y-0.5 px-4 text-[13px]`}
      onClick={(event) => {
        if (event.target instanceof Element && event.target.closest('a')) return;
        void navigate({ to: '/runs/$agentId/$runId', params });
      }}
    >
      <span role="cell" className="flex min-w-0 items-center gap-2 font-medium">
        <Link
          to="/runs/$agentId/$runId"
          params={params}
          preload={false}
          className="min-w-0 truncate"
        >
          <RunStatus run={run} />
          <span className="sr-only">
            {`, run ${shortId(run.id)} of ${name ?? 'a deleted agent'}`}
          </span>
        </Link>
        {run.dry_run && <Badge>dry run</Badge>}
        {run.forked_from && <Badge>fork</Badge>}
        {run.retry_of && <Badge>retry</Badge>}
      </span>
      <span role="cell" className="min-w-0 truncate max-md:grow max-md:text-right">
        {name ?? <span className="text-faint">deleted agent</span>}
      </span>
      <span role="cell" className="min-w-0 truncate text-muted max-md:hidden">
        {run.model}
      </span>
      <span role="cell" className="text-right text-muted max-md:hidden">
        {used === null ? '–' : `${tokens(used.input)} → ${tokens(used.output)}`}
      </span>
      <span role="cell" className="text-right text-muted max-md:order-2">
        {money(run.total_cost)}
      </span>
      <span role="cell" className="text-right text-muted max-md:order-2">
        {duration(Math.max(0, tookMs))}
      </span>
      <span role="cell" className="text-muted max-md:order-2 max-md:grow max-md:text-right md:pl-3">
        <Time at={run.created_at} />
      </span>
    </div>
  );
});

const page = 10;

function useRowKeys(count: number, goTo: (index: number) => void) {
  return (event: React.KeyboardEvent) => {
    if (!(event.target instanceof Element)) return;
    const row = event.target.closest('[data-row]');
    const at = row === null ? -1 : Number(row.getAttribute('data-row'));
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: count - 1,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    goTo(Math.max(0, Math.min(count - 1, target)));
  };
}
