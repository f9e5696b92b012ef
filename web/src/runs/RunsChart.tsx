import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { RunStats } from '../api/types.ts';
import { Lamp } from '../ui/Badge.tsx';
import { count, money } from '../ui/format.ts';

const height = 120;
const series = [
  ['Completed', '--good'],
  ['Failed', '--bad'],
  ['Open', '--accent'],
] as const;

/** Counts over time, stacked; in words for who does not see it. */
export function RunsChart({ stats }: { readonly stats: RunStats }) {
  const sums = stats.buckets.reduce(
    (before, each) => ({
      completed: before.completed + each.completed,
      failed: before.failed + each.failed,
      open: before.open + each.open,
      cost: before.cost + each.total_cost,
    }),
    { completed: 0, failed: 0, open: 0, cost: 0 },
  );
  const words = `${count(sums.completed)} completed, ${count(sums.failed)} failed, ${count(sums.open)} open, ${money(sums.cost)}`;
  return (
    <div className="flex flex-col gap-x-4 px-2 pb-1 pt-2 sm:flex-row">
      <Plot stats={stats} label={words} />
      <dl className="flex shrink-0 flex-wrap gap-x-5 gap-y-1 px-2 pb-2 text-[13px] sm:w-36 sm:flex-col sm:justify-center">
        <Figure label={<Lamp tone="good">Completed</Lamp>} value={count(sums.completed)} />
        <Figure label={<Lamp tone="bad">Failed</Lamp>} value={count(sums.failed)} />
        <Figure
          label={<Lamp tone={sums.open > 0 ? 'live' : 'plain'}>Open</Lamp>}
          value={count(sums.open)}
        />
        <Figure label="Cost" value={money(sums.cost)} />
      </dl>
    </div>
  );
}

function Figure({ label, value }: { readonly label: React.ReactNode; readonly value: string }) {
  return (
    <div className="flex items-baseline gap-2 sm:justify-between">
      <dt className="text-muted">{label}</dt>
      <dd className="font-semibold">{value}</dd>
    </div>
  );
}

function Plot({ stats, label }: { readonly stats: RunStats; readonly label: string }) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const data = stackedOf(stats);
  const latest = useRef(data);
  latest.current = data;
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const draw = () => {
      plot.current?.destroy();
      plot.current = new uPlot(optionsOf(element.clientWidth), latest.current, element);
    };
    draw();
    const sized = new ResizeObserver(() => {
      plot.current?.setSize({ width: element.clientWidth, height });
    });
    sized.observe(element);
    const themed = new MutationObserver(draw);
    themed.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      sized.disconnect();
      themed.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the data is made of the counts.
  useEffect(() => plot.current?.setData(latest.current), [stats]);
  return <div ref={place} role="img" aria-label={label} className="h-29 min-w-0 grow" />;
}

/** Times in seconds, then what is drawn: the highest first, so that each shows above the next. */
function stackedOf({ buckets }: RunStats): uPlot.AlignedData {
  return [
    buckets.map(({ start }) => Date.parse(start) / 1_000),
    buckets.map((each) => each.completed + each.failed + each.open),
    buckets.map((each) => each.completed + each.failed),
    buckets.map((each) => each.completed),
  ];
}

function optionsOf(width: number): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const bars = uPlot.paths.bars?.({ size: [0.72, 24], align: 1 });
  const axis = {
    stroke: color('--faint'),
    grid: { stroke: color('--line'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
  };
  return {
    width,
    height,
    padding: [6, 8, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      // The last bar begins at the last moment: it needs room behind it.
      x: {
        range: (plot, min, max) => [min, max + (plot.data[0][1] ?? min) - (plot.data[0][0] ?? min)],
      },
      y: { range: (_plot, _min, max) => [0, Math.max(4, Math.ceil(max * 1.1))] },
    },
    axes: [
      { ...axis, grid: { show: false }, size: 24, space: 70, values: timeLabels },
      {
        ...axis,
        size: 34,
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 1e5, 1e6],
        space: 28,
      },
    ],
    series: [
      {},
      ...[...series].reverse().map(([label, name]) => ({
        label,
        fill: color(name),
        width: 0,
        points: { show: false },
        ...(bars === undefined ? {} : { paths: bars }),
      })),
    ],
  };
}

const dayMs = 86_400_000;
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** Times of day within a day and a half, days beyond. */
function timeLabels(_plot: uPlot, splits: number[]): string[] {
  const spanMs = ((splits.at(-1) ?? 0) - (splits[0] ?? 0)) * 1_000;
  const form = spanMs > 1.5 * dayMs ? date : clock;
  return splits.map((seconds) => form.format(new Date(seconds * 1_000)));
}
