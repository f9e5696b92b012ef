import { styleText } from 'node:util';

/** Where a command writes: a stream of the process, or a string in a test. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

type Paint = (text: string) => string;

export interface Style {
  readonly strong: Paint;
  readonly dim: Paint;
  readonly good: Paint;
  readonly bad: Paint;
  readonly warn: Paint;
  readonly model: Paint;
  readonly tool: Paint;
}

export interface Terminal {
  readonly style: Style;
  /** Columns to lay text out in. */
  readonly width: number;
  readonly isInteractive: boolean;
  line(text?: string): void;
  /** As it is, without a line feed of its own. */
  write(text: string): void;
}

/** Lines longer than this are hard to read, however wide the window. */
const widest = 110;
const narrowest = 40;
const widthOfFiles = 100;

/** Colours only on a terminal, and never with `NO_COLOR` (no-color.org). */
export function createTerminal(
  output: Output,
  env: Readonly<Record<string, string | undefined>>,
): Terminal {
  const isTerminal = output.isTTY === true;
  const isDumb = env.TERM === 'dumb';
  const columns = isTerminal ? (output.columns ?? widthOfFiles) : widthOfFiles;
  return {
    style: styleOf(isTerminal && !isDumb && !env.NO_COLOR),
    width: Math.max(narrowest, Math.min(widest, columns)),
    isInteractive: isTerminal && !isDumb,
    line: (text = '') => void output.write(`${text}\n`),
    write: (text) => void output.write(text),
  };
}

function styleOf(inColour: boolean): Style {
  const paint = (format: Parameters<typeof styleText>[0]): Paint =>
    inColour
      ? (text) => (text === '' ? '' : styleText(format, text, { validateStream: false }))
      : (text) => text;
  return {
    strong: paint('bold'),
    dim: paint('dim'),
    good: paint('green'),
    bad: paint('red'),
    warn: paint('yellow'),
    model: paint('cyan'),
    tool: paint('magenta'),
  };
}
