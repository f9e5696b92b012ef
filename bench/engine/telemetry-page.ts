import { defaultTracesPerSecond } from '../../src/env.ts';
import { median } from '../support/measure.ts';
import { figure, markdownTable } from '../support/report.ts';
import type { Sample } from './tables.ts';

export const telemetrySubjects = ['oursTelemetry', 'oursEveryTrace'] as const;

/** What telemetry costs: of each round the figures without it and with it, which were measured one after the other. */
export function telemetryPage(given: {
  readonly samples: readonly Sample[];
  readonly concurrencies: readonly number[];
  /** When, on what, how. */
  readonly facts: string;
  readonly tables: string;
}): string {
  const { samples, concurrencies, facts, tables } = given;
  const of = (subject: Sample['subject'], concurrency: number) =>
    new Map(
      samples
        .filter((one) => one.subject === subject && one.concurrency === concurrency)
        .map((one) => [one.round, one]),
    );
  const range = (values: readonly number[]) =>
    `${figure(Math.min(...values))} to ${figure(Math.max(...values))}`;
  const rows = telemetrySubjects.flatMap((subject) =>
    concurrencies.map((concurrency) => {
      const withIt = of(subject, concurrency);
      const pairs = [...of('ours', concurrency).values()].flatMap((off) => {
        const on = withIt.get(off.round);
        return on === undefined ? [] : [{ off, on }];
      });
      const slower = pairs.map(({ off, on }) => 100 * (1 - on.perSecond / off.perSecond));
      const cpu = pairs.map(
        ({ off, on }) =>
          100 * ((on.cpuMsPerRun ?? Number.NaN) / (off.cpuMsPerRun ?? Number.NaN) - 1),
      );
      return [
        subject === 'oursTelemetry' ? 'as it is' : 'without a limit',
        concurrency,
        `${figure(median(slower))} %`,
        range(slower),
        `${figure(median(cpu))} %`,
        range(cpu),
      ];
    }),
  );
  const head = ['traces', 'at once', 'fewer runs/s', 'rounds, %', 'more CPU a run', 'rounds, %'];
  return `# What telemetry costs

\`cd bench && npm ci --ignore-scripts && npm run telemetry\`

${facts}

The engine of [engine.md](engine.md) without telemetry and with it, in turns, each in a process and a database of its
own. Telemetry is on as its defaults are: all metrics of every run, and a trace, with a span for the run and for each call
of a model and of a tool, of as many runs as \`SIGNALBOX_TRACE_RATE_LIMIT\` lets out: ${defaultTracesPerSecond} a second of a process. Without
that limit (0) every run is a trace, thousands a second here. All goes by OTLP to a receiver on this machine that throws it
away, and is ready for Prometheus as well. Medians of the rounds' ratios; the receiver's own CPU counts in runs/s only.
Goal: less than 5 % as it is.

${markdownTable(head, rows)}

The runs take no time in models and tools, which is the worst case: the answer of a real model takes a thousand times
as long as its span.

${tables}
`;
}
