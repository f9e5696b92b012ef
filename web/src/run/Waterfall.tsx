import { useVirtualizer } from '@tanstack/react-virtual';
import { Bot, Clock, MessageSquare, ShieldCheck, Wrench } from 'lucide-react';
import { memo, useEffect, useMemo, useRef } from 'react';
import type { Run, Step } from '../api/types.ts';
import { isEnded } from '../runs/status.ts';
import { classes } from '../ui/classes.ts';
import { duration } from '../ui/format.ts';
import { useNow } from '../ui/use-now.ts';
import { spanOf } from './latency.ts';

interface WaterfallProps {
  readonly run: Run;
  readonly steps: readonly Step[];
  readonly speaking: string;
  readonly selected: Step | null;
  readonly onSelect: (step: Step) => void;
}

const rowHeight = 40;
const icons = { model: Bot, tool: Wrench, delay: Clock, approval: ShieldCheck };
const bars: Readonly<Record<string, string>> = {
  model: 'bg-model',
  tool: 'bg-tool',
  delay: 'bg-warn',
};

/** Every step on the run's clock, growing while it goes on. Arrows move from step to step. */
export function Waterfall({ run, steps, speaking, selected, onSelect }: WaterfallProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const ended = isEnded(run);
  const nowMs = useNow(ended ? null : 250);
  const [from, to] = useMemo(
    () => clockOf(run, steps, ended ? 0 : nowMs),
    [run, steps, ended, nowMs],
  );
  const virtual = useVirtualizer({
    count: steps.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 10,
  });
  const atEnd = useRef(true);
  useEffect(() => {
    if (!ended && atEnd.current && steps.length > 0) virtual.scrollToIndex(steps.length - 1);
  }, [ended, steps.length, virtual]);
  const goTo = (index: number) => {
    const step = steps[index];
    if (step === undefined) return;
    onSelect(step);
    virtual.scrollToIndex(index);
    requestAnimationFrame(() => {
      scroller.current?.querySelector<HTMLElement>(`[data-step="${index}"]`)?.focus();
    });
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const at = selected === null ? -1 : steps.indexOf(selected);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: steps.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    goTo(Math.max(0, Math.min(steps.length - 1, next)));
  };
  return (
    <div className="@container min-w-0">
      <div className="flex items-center gap-3 border-b border-line px-4 py-1.5 text-2xs text-faint">
        <span className="w-36 shrink-0 @md:w-52">
          {steps.length} {steps.length === 1 ? 'step' : 'steps'}
        </span>
        <span className="flex grow justify-between">
          <span>0</span>
          <span className="hidden @md:inline">{duration((to - from) / 2)}</span>
          <span>{duration(to - from)}</span>
        </span>
        <span className="w-14" />
      </div>
      <div
        ref={scroller}
        onScroll={({ currentTarget: view }) => {
          atEnd.current = view.scrollTop + view.clientHeight > view.scrollHeight - 2 * rowHeight;
        }}
        onKeyDown={onKeyDown}
        role="listbox"
        aria-label="Steps"
        tabIndex={selected === null ? 0 : -1}
        className="max-h-[62dvh] overflow-y-auto"
      >
        <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const step = steps[index];
            return (
              step && (
                <Row
                  key={step.step_id}
                  {...{ step, index, from, to, nowMs }}
                  top={start}
                  isSelected={step === selected}
                  onSelect={onSelect}
                />
              )
            );
          })}
        </div>
      </div>
      {speaking !== '' && (
        <div className="flex gap-2 border-t border-line px-4 py-2 text-[13px] text-muted">
          <MessageSquare size={14} aria-hidden className="lamp-on mt-0.5 shrink-0 text-model" />
          <p className="line-clamp-4 whitespace-pre-wrap break-words">
            <span className="sr-only">The model is answering: </span>
            {speaking.slice(-600)}
          </p>
        </div>
      )}
    </div>
  );
}

interface RowProps {
  readonly step: Step;
  readonly index: number;
  readonly top: number;
  readonly from: number;
  readonly to: number;
  readonly nowMs: number;
  readonly isSelected: boolean;
  readonly onSelect: (step: Step) => void;
}

// Scrolling draws those that come into sight, not those that are.
const Row = memo(function Row(props: RowProps) {
  const { step, index, top, from, to, nowMs, isSelected, onSelect } = props;
  const [begin, end] = spanOf(step, nowMs);
  const whole = Math.max(1, to - from);
  const left = clamp((100 * (begin - from)) / whole);
  const width = Math.max(0.6, clamp((100 * (end - begin)) / whole));
  const Icon = icons[step.type as keyof typeof icons] ?? Bot;
  const bad = step.status === 'failed' || step.status === 'lost' || step.status === 'interrupted';
  const tookMs = step.status === 'running' ? end - begin : step.duration_ms;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list handles keys for all its options.
    <div
      role="option"
      aria-selected={isSelected}
      data-step={index}
      tabIndex={isSelected ? 0 : -1}
      onClick={() => onSelect(step)}
      style={{ transform: `translateY(${top}px)`, height: rowHeight }}
      className={classes(
        'absolute inset-x-0 flex cursor-pointer items-center gap-3 border-b border-line/60 px-4 text-[13px] -outline-offset-2',
        isSelected ? 'bg-sunken' : 'hover:bg-sunken/70',
      )}
    >
      <span className="flex w-36 shrink-0 items-center gap-2 @md:w-52">
        <Icon
          size={14}
          aria-hidden
          className={classes(
            'shrink-0',
            bad
              ? 'text-bad'
              : step.type === 'model'
                ? 'text-model'
                : step.type === 'tool'
                  ? 'text-tool'
                  : 'text-warn',
          )}
        />
        <span className={classes('truncate', bad && 'text-bad')}>{step.name || step.type}</span>
        {step.child_run_id && <span className="text-2xs text-faint">child run</span>}
        {step.copied && <span className="text-2xs text-faint">copied</span>}
        {step.edited && <span className="text-2xs text-warn">edited</span>}
        {step.status !== 'done' && (
          <span className={classes('text-2xs', bad ? 'text-bad' : 'text-faint')}>
            {step.status}
          </span>
        )}
      </span>
      <span
        aria-hidden
        className={classes(
          'relative h-2.5 grow overflow-hidden rounded-sm',
          isSelected ? 'bg-line' : 'bg-sunken',
        )}
      >
        {!step.copied && (
          <span
            className={classes(
              'absolute inset-y-0 rounded-sm',
              bad ? 'bg-bad' : (bars[step.type] ?? 'bg-strong'),
              step.status === 'running' && 'lamp-on',
            )}
            style={{ left: `${left}%`, width: `${Math.min(width, 100 - left)}%` }}
          />
        )}
      </span>
      <span className="w-14 shrink-0 text-right text-xs text-muted">{duration(tookMs)}</span>
    </div>
  );
});

/** From the run's creation to its end, or to what is furthest now. */
function clockOf(run: Run, steps: readonly Step[], nowMs: number): [number, number] {
  const from = Date.parse(run.created_at);
  const last = steps.at(-1);
  const ends = [from + 1, nowMs];
  if (run.completed_at !== null) ends.push(Date.parse(run.completed_at));
  if (last?.completed_at) ends.push(Date.parse(last.completed_at));
  return [from, Math.max(...ends)];
}

function clamp(percent: number): number {
  return Math.max(0, Math.min(100, percent));
}
