import { median } from '../support/measure.ts';
import { figure, markdownTable } from '../support/report.ts';
import type { Sample } from './tables.ts';

/** What telemetry costs: of each round the figures without it and with it, which were measured one after the other. */
export function telemetryPage(given: {
  readonly samples: readonly Sample[];
  readonly concurrencies: readonly number[];
  /** When, on what, how. */
  readonly facts: string;
  readonly tables: string;
}): string {
  const { samples, concurrencies, facts, tables } = given;
  const rows = concurrencies.map((concurrency) => {
    const of = (subject: Sample['subject']) =>
      new Map(
        samples
          .filter((one) => one.subject === subject && one.concurrency === concurrency)
          .map((one) => [one.round, one]),
      );
    const withIt = of('oursTelemetry');
    const pairs = [...of('ours').values()].flatMap((off) => {
      const on = withIt.get(off.round);
      return on === undefined ? [] : [{ off, on }];
    });
    const slower = pairs.map(({ off, on }) => 100 * (1 - on.perSecond / off.perSecond));
    const cpu = pairs.map(
      ({ off, on }) => 100 * ((on.cpuMsPerRun ?? Number.NaN) / (off.cpuMsPerRun ?? Number.NaN) - 1),
    );
    const range = (values: readonly number[]) =>
      `${figure(Math.min(...values))} to ${figure(Math.max(...values))}`;
    return [
      concurrency,
      `${figure(median(cpu))} %`,
      range(cpu),
      `${figure(median(slower))} %`,
      range(slower),
    ];
  });
  const head = ['at once', 'more CPU a run', 'rounds, %', 'fewer runs/s', 'rounds, %'];
  return `# What telemetry costs

\`cd bench && npm ci --ignore-scripts && npm run telemetry\`

${facts}

The engine of [engine.md](engine.md) without telemetry and with it, in turns, each in a process and a database of its
own. Telemetry is on as its defaults are: every run is a trace (\`OTEL_TRACES_SAMPLER\` would leave some out), a span for
it and for each call of a model and of a tool, and all metrics, by OTLP to a receiver on this machine that throws them
away, and ready for Prometheus as well. Medians of the rounds' ratios; the receiver's own CPU counts in runs/s only.
Goal: less than 5 %.

${markdownTable(head, rows)}

The runs take no time in models and tools, which is the worst case: the answer of a real model takes a thousand times
as long as its span.

${tables}
`;
}
