import { type Measurement, median } from '../support/measure.ts';
import { figure, markdownTable } from '../support/report.ts';
import { type SubjectName, subjects } from './subjects.ts';

export interface Sample extends Measurement {
  readonly subject: SubjectName;
  readonly round: number;
}

interface Row {
  readonly subject: SubjectName;
  readonly n: number;
  readonly perSecond: number;
  readonly least: number;
  readonly most: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly cpuMs: number;
}

/** A table for each concurrency, and the ratios that matter. */
export function engineTables(
  samples: readonly Sample[],
  given: { readonly concurrencies: readonly number[]; readonly names: readonly SubjectName[] },
): string {
  const parts = given.concurrencies.map((concurrency) => {
    const rows = given.names.flatMap((subject) => rowOf(samples, subject, concurrency) ?? []);
    const best = bestPeer(rows);
    const table = markdownTable(
      [
        '',
        'n',
        'runs/s',
        'least–most',
        'p50 ms',
        'p95 ms',
        'p99 ms',
        'max ms',
        'CPU ms a run',
        'to best peer',
      ],
      rows.map((row) => [
        subjects[row.subject].title,
        row.n,
        figure(row.perSecond),
        `${figure(row.least)}–${figure(row.most)}`,
        figure(row.p50Ms),
        figure(row.p95Ms),
        figure(row.p99Ms),
        figure(row.maxMs),
        figure(row.cpuMs),
        best === null ? '–' : `${figure(row.perSecond / best.perSecond)}×`,
      ]),
    );
    return `## ${concurrency} at once\n\n${table}\n\n${ratios(rows, concurrency)}`;
  });
  return parts.join('\n\n');
}

/** Medians over the rounds; `max` is the largest of all. */
function rowOf(samples: readonly Sample[], subject: SubjectName, concurrency: number): Row | null {
  const own = samples.filter(
    (each) => each.subject === subject && each.concurrency === concurrency,
  );
  if (own.length === 0) return null;
  const rates = own.map((each) => each.perSecond);
  return {
    subject,
    n: own.reduce((sum, each) => sum + each.n, 0),
    perSecond: median(rates),
    least: Math.min(...rates),
    most: Math.max(...rates),
    p50Ms: median(own.map((each) => each.p50Ms)),
    p95Ms: median(own.map((each) => each.p95Ms)),
    p99Ms: median(own.map((each) => each.p99Ms)),
    maxMs: Math.max(...own.map((each) => each.maxMs)),
    cpuMs: median(own.map((each) => each.cpuMsPerRun ?? Number.NaN)),
  };
}

function bestPeer(rows: readonly Row[]): Row | null {
  const peers = rows.filter((row) => subjects[row.subject].peer);
  return peers.toSorted((a, b) => b.perSecond - a.perSecond)[0] ?? null;
}

function ratios(rows: readonly Row[], concurrency: number): string {
  const best = bestPeer(rows);
  const find = (subject: SubjectName) => rows.find((row) => row.subject === subject);
  const [ours, http, bare] = [find('ours'), find('oursHttp'), find('bare')];
  const lines: string[] = [];
  if (best !== null && ours !== undefined) {
    lines.push(
      `in process ${figure(ours.perSecond / best.perSecond)} × ${subjects[best.subject].title}`,
    );
  }
  if (best !== null && http !== undefined) {
    lines.push(`through HTTP ${figure(http.perSecond / best.perSecond)} ×`);
  }
  const quickest = rows
    .filter((row) => subjects[row.subject].peer)
    .toSorted((a, b) => a.p50Ms - b.p50Ms)[0];
  if (concurrency === 1 && ours !== undefined && quickest !== undefined) {
    lines.push(
      `p50 ${figure((ours.p50Ms / quickest.p50Ms) * 100)} % of that of ${subjects[quickest.subject].title}`,
    );
  }
  const thrifty = rows
    .filter((row) => subjects[row.subject].peer)
    .toSorted((a, b) => a.cpuMs - b.cpuMs)[0];
  if (ours !== undefined && thrifty !== undefined) {
    const { title } = subjects[thrifty.subject];
    lines.push(`${figure(thrifty.cpuMs / ours.cpuMs)} times less CPU a run than ${title}`);
  }
  const [on, byHand] = [find('temporalOurs'), find('temporalByHand')];
  if (on !== undefined && byHand !== undefined) {
    lines.push(
      `on Temporal: p50 ${figure(on.p50Ms / byHand.p50Ms)} × and ${figure(byHand.perSecond / on.perSecond)} × the time a run of the one written by hand (goal: at most 1.5 of both)`,
    );
  }
  if (ours !== undefined && bare !== undefined) {
    lines.push(`${figure((ours.perSecond / bare.perSecond) * 100)} % of the bare limit`);
  }
  const narrow = find('narrow');
  if (best !== null && narrow !== undefined) {
    const times = figure(narrow.perSecond / best.perSecond);
    lines.push(`two narrow tables would be ${times} × ${subjects[best.subject].title}`);
  }
  return lines.length === 0 ? '' : `${lines.join('; ')}.`;
}
