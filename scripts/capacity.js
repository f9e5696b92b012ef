// The tables of docs/capacity.md, from the figures that were measured (docs/bench) and the few that nobody can measure
// here. `npm run generate` writes them, and `npm run check` fails where the page says something else.
//   node scripts/capacity.js [--check] [PAGE]
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const docs = join(dirname(dirname(fileURLToPath(import.meta.url))), 'docs');

/** What is asked for, and what is taken as given: put your own here. Each is a line of the page's first table. */
const given = {
  runsADay: [10_000_000, 'runs a day'],
  peak: [3, 'times the mean, at the busiest'],
  runSeconds: [30, 'seconds that a run takes, nearly all of it the models’ time'],
  steps: [10, 'steps of a run'],
  measuredSteps: [3, 'steps of the runs that were measured'],
  textBytes: [16_384, 'more bytes of text that a run keeps: payload, answers, results'],
  runDays: [30, 'days for which runs are kept'],
  historyDays: [3, 'days for which Temporal keeps a closed workflow'],
  share: [0.6, 'of a processor that may be in use at the busiest'],
  places: [
    1_000,
    'runs at once that a worker takes (`SIGNALBOX_MAX_RUNS`; of Temporal’s never more)',
  ],
  heartbeatSeconds: [8, 'seconds from one heartbeat of a drive to the next, at Temporal'],
  shardRate: [20, 'state transitions a second that a history shard should take at most'],
};

/** Figures of a run, each from the line of a page of docs/bench that has it as the one group. */
const measured = {
  oursMs: of('size', 'processor time of server and worker, ms', /time of ours .*\| ([\d.,]+) ms/),
  postgresMs: of('size', 'processor time of Postgres, ms', /time of Postgres \| ([\d.,]+) ms/),
  temporalMs: of('size', 'processor time of Temporal, ms', /time of Temporal \| ([\d.,]+) ms/),
  httpMs: of('engine', 'processor time through HTTP, all included, ms', atOnce('through HTTP')),
  inProcessMs: of('engine', 'the same without HTTP, ms', atOnce('in process')),
  memory: of('waiting', 'memory while it waits for a model, KiB', /memory a run \| ([\d.,]+) KiB/),
  stored: of('size', 'kept in Postgres, tables and indexes, B', /indexes, bytes \| ([\d.,]+)/),
  log: of('size', 'write-ahead log of Postgres, B', /log, bytes \| ([\d.,]+)/),
  commits: of('size', 'transactions of Postgres', /transactions, all included \| ([\d.,]+)/),
  transitions: of('size', 'state transitions of Temporal', /state transitions \| ([\d.,]+)/),
  actions: of('size', 'actions, as Temporal Cloud counts them', /actions, as .* \| ([\d.,]+)/),
  history: of('size', 'history in Temporal, B', /bytes of its history \| ([\d.,]+)/),
};

function of(page, what, row) {
  return { page, what, row };
}

/** The column `CPU ms a run` of a row of docs/bench/engine.md, at 64 at once. */
function atOnce(way) {
  const before = '## 64 at once\\n\\n(?:\\|.*\\n)*?';
  return new RegExp(`${before}\\| Signalbox, ${way} \\|(?:[^|\\n]*\\|){7} ([\\d.,]+) \\|`);
}

const g = Object.fromEntries(Object.entries(given).map(([name, [value]]) => [name, value]));
const m = Object.fromEntries(
  Object.entries(measured).map(([name, { page, row }]) => {
    const found = row.exec(readFileSync(join(docs, 'bench', `${page}.md`), 'utf8'));
    if (found === null) throw new Error(`docs/bench/${page}.md has no line like ${row}`);
    return [name, Number(found[1].replaceAll(',', ''))];
  }),
);

/** The numbers that are written into tables, three significant digits of each where they are no whole ones. */
function n(value) {
  const rounded = Number.isInteger(value) ? value : Number(value.toPrecision(3));
  return rounded.toLocaleString('en-US', { maximumFractionDigits: 6 });
}

/** A line of a table: what is reckoned, how (from left to right, and shown so), and what comes out, unrounded. */
function line(what, first, ...rest) {
  let value = first;
  const how = [n(first)];
  for (let at = 0; at < rest.length; at += 2) {
    const [sign, number] = [rest[at], rest[at + 1]];
    if (sign === '×') value *= number;
    else if (sign === '÷') value /= number;
    else if (sign === '+') value += number;
    else if (sign === '−') value -= number;
    how.push(sign, n(number));
  }
  return { cells: [what, how.join(' '), n(value)], value };
}

/** The same, to the next whole number. */
function wholes(...given) {
  const { cells, value } = line(...given);
  const [what, how] = cells;
  return { cells: [what, `${how}, rounded up`, n(Math.ceil(value))], value: Math.ceil(value) };
}

function processors(what, perSecond, ms, ...longer) {
  return wholes(what, perSecond, '×', ms, ...longer, '÷', 1_000, '÷', g.share);
}

const mean = line('runs a second, mean', g.runsADay, '÷', 86_400);
const peak = line('runs a second, at the busiest', mean.value, '×', g.peak);
const open = line('runs open at once, at the busiest', peak.value, '×', g.runSeconds);
const longer = ['×', g.steps, '÷', g.measuredSteps];
const kept = line('kept of a run, B', m.stored, ...longer, '+', g.textBytes);
const aDay = line('kept of a day, GiB', kept.value, '×', g.runsADay, '÷', 2 ** 30);
const log = line('log of a run, B', m.log, ...longer, '+', g.textBytes);
const beats = line('heartbeats of a run', g.runSeconds, '÷', g.heartbeatSeconds);
const transitions = line('state transitions of a run', m.transitions, '+', beats.value);
const moving = line(
  'state transitions a second, at the busiest',
  transitions.value,
  '×',
  peak.value,
);
const actions = line('actions of a run, on Temporal Cloud', m.actions, '+', beats.value);
const http = line('HTTP of a run, ms', m.httpMs, '−', m.inProcessMs);

const tables = {
  given: table(
    ['', ''],
    Object.values(given).map(([value, words]) => [n(value), words]),
  ),
  measured: table(
    ['of a run', '', 'from'],
    Object.entries(measured).map(([name, { page, what }]) => [
      what,
      n(m[name]),
      `[${page}](bench/${page}.md)`,
    ]),
  ),
  load: needed(mean, peak, open),
  workers: needed(
    wholes('workers, by runs at once', open.value, '÷', g.places),
    processors('workers, by processor time (a process uses one)', peak.value, m.oursMs, ...longer),
    line('memory of the open runs, of all workers, GiB', open.value, '×', m.memory, '÷', 2 ** 20),
  ),
  servers: needed(http, processors('servers, by processor time', peak.value, http.value)),
  postgres: needed(
    kept,
    aDay,
    line('size, TiB', aDay.value, '×', g.runDays, '÷', 1_024),
    log,
    line('log written, at the busiest, MiB a second', log.value, '×', peak.value, '÷', 2 ** 20),
    line('log of a day, to be archived, GiB', log.value, '×', g.runsADay, '÷', 2 ** 30),
    line('commits a second, at the busiest', m.commits, ...longer, '×', peak.value),
    processors('processors', peak.value, m.postgresMs, ...longer),
  ),
  temporal: needed(
    beats,
    transitions,
    moving,
    wholes('history shards, at least', moving.value, '÷', g.shardRate),
    line('histories kept, GiB', m.history, '×', g.runsADay, '×', g.historyDays, '÷', 2 ** 30),
    processors('processors, without its database', peak.value, m.temporalMs),
    actions,
    line('actions a second, at the busiest', actions.value, '×', peak.value),
  ),
};

function needed(...lines) {
  return table(
    ['needed', 'how', ''],
    lines.map(({ cells }) => cells),
  );
}

function table(head, rows) {
  const text = (cells) => `| ${cells.join(' | ')} |`;
  return [text(head), text(head.map(() => '---')), ...rows.map(text)].join('\n');
}

const path =
  process.argv.slice(2).find((argument) => argument !== '--check') ?? join(docs, 'capacity.md');
const page = readFileSync(path, 'utf8');
let wanted = page;
for (const [name, text] of Object.entries(tables)) {
  const place = new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- end -->)`);
  if (!place.test(wanted)) throw new Error(`${path} has no place for the table ${name}.`);
  wanted = wanted.replace(place, (_, before, after) => `${before}\n${text}\n\n${after}`);
}
if (!process.argv.includes('--check')) writeFileSync(path, wanted);
else if (wanted !== page) {
  console.error(`${path} does not say what the figures give: node scripts/capacity.js`);
  process.exitCode = 1;
}
