import type { ModelOutput, RunView, StepView } from './api-types.ts';
import { clipped, columnsOf, padded, wrapped } from './columns.ts';
import { cost, count, duration, tokens } from './figures.ts';
import { layoutJson } from './layout-json.ts';
import { sanitized, sanitizedLine } from './sanitized.ts';
import type { Terminal } from './terminal.ts';

// A run as a tree: one branch a step, its facts to the right, what went in and came out below it.

type Screen = Pick<Terminal, 'style' | 'width'>;

const labelColumns = 8;
/** `├─ ` and a label. */
const gutter = 3 + labelColumns;
const endLabelColumns = 11;
const endGutter = 3 + endLabelColumns;
/** Longer texts are cut here; the API has them whole. */
const longestBlock = 12;

export interface TraceHead {
  readonly agent: string;
  readonly runId: string;
  readonly trigger: string | null;
  /** Null when it is not known here what the run was given. */
  readonly payload: { readonly value: unknown } | null;
}

export function headLines(head: TraceHead, screen: Screen): string[] {
  const { style } = screen;
  const facts = [head.trigger, head.runId].filter((fact) => fact !== null);
  const lines = [
    `${style.strong('●')} ${style.strong(sanitizedLine(head.agent))}  ${style.dim(facts.map(sanitizedLine).join(' · '))}`,
  ];
  if (head.payload !== null) {
    lines.push(...block('payload', jsonLines(head.payload.value, room(screen)), screen));
  }
  return [...lines, style.dim('│')];
}

/** A step that has ended; nothing for one that is still under way. */
export function stepLines(step: StepView, screen: Screen): string[] {
  if (step.status === 'running') return [];
  return step.type === 'model' ? modelLines(step, screen) : toolLines(step, screen);
}

/** What a step that has begun is waiting for, in one line. */
export function waitingLine(step: StepView | null, screen: Screen): string {
  const { style } = screen;
  const what = step === null ? 'the model is thinking' : `${sanitizedLine(step.name)} is running`;
  return style.dim(clipped(`├─ … ${what}`, screen.width - 1));
}

function modelLines(step: StepView, screen: Screen): string[] {
  const { style } = screen;
  const output = (step.output ?? {}) as ModelOutput;
  const facts = [
    step.token_usage === null ? null : tokens(step.token_usage),
    step.token_usage === null ? null : cost(step.cost),
    ...commonFacts(step),
  ];
  const lines = [branch({ kind: 'model', paint: style.model, step, facts }, screen)];
  const thought = output.reasoning?.trim();
  if (thought) lines.push(...block('thought', wrapText(thought, screen), screen, style.dim));
  const text = output.text?.trim();
  if (text) lines.push(...block('says', wrapText(text, screen), screen));
  const calls = output.tool_calls ?? [];
  if (calls.length > 0) {
    const names = calls.map((call) => style.tool(sanitizedLine(call.name))).join(', ');
    lines.push(`${style.dim('│')}  ${style.dim(padded('calls', labelColumns))}${names}`);
  }
  if (output.nudge)
    lines.push(...block('told', wrapText(output.nudge, screen), screen, style.warn));
  return [...lines, ...errorLines(step, screen)];
}

function toolLines(step: StepView, screen: Screen): string[] {
  const { style } = screen;
  const head = branch(
    { kind: step.type, paint: style.tool, step, facts: commonFacts(step) },
    screen,
  );
  const input = block('in', jsonLines(step.input, room(screen)), screen);
  return [
    head,
    ...(step.input === null ? [] : input),
    ...outputLines(step.output, screen),
    ...logLines(step, screen),
    ...errorLines(step, screen),
  ];
}

/** A tool's answer is a message for the model and data; other outputs are JSON. */
function outputLines(output: unknown, screen: Screen): string[] {
  if (output === null) return [];
  const { message, rawData, ...rest } = output as Record<string, unknown>;
  if (typeof message !== 'string' || Object.keys(rest).length > 0) {
    return block('out', jsonLines(output, room(screen)), screen);
  }
  const lines = block('out', wrapText(message, screen), screen);
  if (rawData === undefined || rawData === null) return lines;
  return [...lines, ...block('', jsonLines(rawData, room(screen)), screen, screen.style.dim)];
}

function logLines(step: StepView, screen: Screen): string[] {
  const logs = step.logs?.trimEnd();
  return logs ? block('logs', wrapText(logs, screen), screen, screen.style.dim) : [];
}

function errorLines(step: StepView, screen: Screen): string[] {
  if (step.error === null) return [];
  return block('error', wrapText(step.error, screen), screen, screen.style.bad);
}

function commonFacts(step: StepView): (string | null)[] {
  return [
    step.attempts > 1 ? count(step.attempts, 'attempt') : null,
    step.duration_ms === null ? null : duration(step.duration_ms),
  ];
}

/** `├─ tool    get-reservation              41 ms` */
function branch(
  given: {
    readonly kind: string;
    readonly paint: (text: string) => string;
    readonly step: StepView;
    readonly facts: readonly (string | null)[];
  },
  screen: Screen,
): string {
  const { style, width } = screen;
  const { kind, step, paint } = given;
  const facts = given.facts.filter((fact) => fact !== null).join(' · ');
  const failed = step.status === 'done' ? '' : ` ${sanitizedLine(step.status)}`;
  const left = width - gutter - columnsOf(failed) - columnsOf(facts) - 2;
  const name = clipped(sanitizedLine(step.name), Math.max(8, left));
  const used = gutter + columnsOf(name) + columnsOf(failed) + columnsOf(facts);
  const space = ' '.repeat(Math.max(2, width - used));
  return `${style.dim('├─')} ${paint(padded(kind, labelColumns))}${style.strong(name)}${style.bad(failed)}${space}${style.dim(facts)}`;
}

/** Lines under a branch, the first with a label. */
function block(
  label: string,
  lines: readonly string[],
  screen: Screen,
  paint: (text: string) => string = (text) => text,
): string[] {
  const { style } = screen;
  const shown = lines.length > longestBlock ? lines.slice(0, longestBlock - 1) : lines;
  const indented = shown.map(
    (line, at) =>
      `${style.dim('│')}  ${style.dim(padded(at === 0 ? label : '', labelColumns))}${paint(line)}`,
  );
  if (shown.length === lines.length) return indented;
  const more = `… ${count(lines.length - shown.length, 'more line')}`;
  return [...indented, `${style.dim('│')}  ${padded('', labelColumns)}${style.dim(more)}`];
}

function wrapText(text: string, screen: Screen): string[] {
  return wrapped(sanitized(text), room(screen));
}

/** Laid out, and a text that is still too long for its line wrapped. */
function jsonLines(value: unknown, columns: number): string[] {
  return layoutJson(value, columns).flatMap((line) => wrapped(line, columns));
}

function room(screen: Screen): number {
  return screen.width - gutter;
}

/** How the run ended: what it decided, why, and what it cost. Without `steps` they are not counted. */
export function endLines(
  run: RunView,
  steps: readonly StepView[] | null,
  screen: Screen,
): string[] {
  const { style } = screen;
  const labelled = (label: string, lines: readonly string[]) =>
    lines.map(
      (line, at) => `   ${style.dim(padded(at === 0 ? label : '', endLabelColumns))}${line}`,
    );
  const text = (label: string, value: string | null) =>
    value ? labelled(label, wrapped(sanitized(value), screen.width - endGutter)) : [];
  return [
    style.dim('│'),
    `${style.dim('╰─')} ${outcome(run, screen)}`,
    ...text('error', run.error),
    ...text('response', run.response),
    ...text('reflection', run.reflection),
    ...(run.output === null || run.output === undefined
      ? []
      : labelled('output', jsonLines(run.output, screen.width - endGutter))),
    '',
    ...wrapped(totals(run, steps), screen.width - 3).map((line) => `   ${style.dim(line)}`),
  ];
}

function outcome(run: RunView, { style }: Screen): string {
  if (run.status === 'completed') {
    const disposition = sanitizedLine(run.disposition ?? run.status);
    const reason =
      run.disposition_reason === null ? '' : `  ${sanitizedLine(run.disposition_reason)}`;
    return `${style.good(style.strong(`✔ ${disposition}`))}${style.dim(reason)}`;
  }
  const reason = run.stop_reason === run.status ? null : run.stop_reason;
  const named = reason === null ? '' : `  ${sanitizedLine(reason)}`;
  return `${style.bad(style.strong(`✘ ${run.status}`))}${style.dim(named)}`;
}

function totals(run: RunView, steps: readonly StepView[] | null): string {
  const calls = ['model', 'tool'].flatMap((type) =>
    steps === null
      ? []
      : [count(steps.filter((step) => step.type === type).length, `${type} call`)],
  );
  return [
    ...calls,
    ...(run.token_usage === null ? [] : [tokens(run.token_usage)]),
    cost(run.total_cost),
    ...(run.duration_ms === null ? [] : [duration(run.duration_ms)]),
  ].join(' · ');
}
